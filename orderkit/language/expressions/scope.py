"""What an expression may name: the place says it, the checker looks it up.

A scope can be built before all forms are complete: it needs types and names only.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from orderkit.model.expressions.nodes import Root
from orderkit.model.expressions.types import Number, Type
from orderkit.model.labels import Label

Key = TypeVar("Key")
Value = TypeVar("Value")


class WhenAsked(Mapping[Key, Value]):
    """A map that is made when it is first looked at: what things are called matters only where one is wrong."""

    def __init__(self, make: Callable[[], Mapping[Key, Value]]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> Mapping[Key, Value]:
        return self._make()

    def __getitem__(self, key: Key) -> Value:
        return self._made[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


@dataclass(frozen=True, slots=True)
class FieldScope:
    """A field as expressions see it. `is_required`: its records never have it empty."""

    type: Type
    is_required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FormScope:
    """A form as expressions see it.

    `collections` maps lines and reverse references to the form of their rows; a field of type `Rows`
    counts as one too. `is_found`: whether `find` finds its records, which it does not in a ledger or a
    history. `parent` is, on a lines form, the field that refers to the parent. `label` is what people call
    it, `labels` maps what they read to the id, for help, and `option_labels` the same for the options of a choice.
    """

    fields: Mapping[str, FieldScope]
    collections: Mapping[str, str] = field(default_factory=dict)
    is_found: bool = True
    parent: str | None = None
    label: Label = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    option_labels: Mapping[tuple[str, ...], Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerScope:
    """A ledger as expressions see it: its keys, and the numbers it keeps. Of a broken one nothing is known."""

    keys: Mapping[str, Type] = field(default_factory=dict)
    numbers: Mapping[str, Number] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    is_broken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a place provides.

    Args:
        forms: every form by id, lines forms and built-in ones among them.
        ledgers: every ledger by id; its row of balances stands among `forms` under the same id.
        implicit: the record whose fields are bare names; `Root("record", …)`, or `Root("candidate", …)`
            in a `where`. None where there is none.
        roots: the other names, as written, with the root they stand for: `{"this": Root("record", …)}`.
        known: fields of the implicit record that cannot be empty here, though they may be elsewhere.
        awaited: roots that no engine gives a value yet.
        is_stored: a `compute`: neither the clock nor `me`.
        has_changes: whether `changed(field)` has a meaning.
        has_sequence: whether `{seq:4}` has a meaning.
        timezone: the project's, for `date('…')` and `datetime('…')` of literals.
    """

    forms: Mapping[str, FormScope]
    ledgers: Mapping[str, LedgerScope] = field(default_factory=dict)
    implicit: Root | None = None
    roots: Mapping[str, Root] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    awaited: frozenset[str] = frozenset()
    is_stored: bool = False
    has_changes: bool = False
    has_sequence: bool = False
    timezone: str = "UTC"
