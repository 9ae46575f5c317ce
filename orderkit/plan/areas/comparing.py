"""How two objects of a model differ, attribute by attribute, down to the parts that have names.

What a class holds follows from its declaration, so an attribute that is new in the model is compared at
once. Where something was declared never counts, and neither do the words by which a change is told
(`renamed_from`, `backfill`): they are about the way from one state to the other.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any, cast, get_args

from orderkit.model.exchange.integrations import ChatText, Limits, SmsText
from orderkit.model.expressions.nodes import Expression
from orderkit.model.forms import CreateLines, ListLayout, Merge, Split
from orderkit.model.workflow.clocks import Clock
from orderkit.model.workflow.workflows import Ending, May, Policy, Reopening, Revocation

_NOT_COMPARED = frozenset({"origin", "renamed_from", "moved_from", "backfill", "convert"})
_EXPRESSIONS = frozenset(get_args(Expression))
# Parts without a name of their own, told attribute by attribute under the part that holds them.
_OPENED = (
    ListLayout,
    CreateLines,
    Split,
    Merge,
    Policy,
    Limits,
    Clock,
    Ending,
    Reopening,
    Revocation,
    SmsText,
    ChatText,
    May,
)
# What tells parts of a row apart, by class, where it is not `id`.
_KEYS: Mapping[str, tuple[str, ...]] = {
    "Variant": ("value",),
    "CreateFrom": ("source",),
    "ImportColumn": ("field",),
    "LedgerKey": ("id",),
    "KeyDefault": ("key", "form"),
    "Movement": ("measure",),
    "Ask": ("field.id",),
    "DashboardFilter": ("id",),
}


@dataclass(frozen=True, slots=True)
class Changed:
    """An attribute that differs. `path` leads from the compared object to the part that has it."""

    path: tuple[Any, ...]
    attribute: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Added:
    """A named part that is new, of the row `attribute` of the last of `path`."""

    path: tuple[Any, ...]
    attribute: str
    part: Any


@dataclass(frozen=True, slots=True)
class Removed:
    """A named part that is gone."""

    path: tuple[Any, ...]
    attribute: str
    part: Any


@dataclass(frozen=True, slots=True)
class Reordered:
    """The named parts that stay stand in another order."""

    path: tuple[Any, ...]
    attribute: str
    old: tuple[str, ...]
    new: tuple[str, ...]


Difference = Changed | Added | Removed | Reordered


Names = Mapping[str, str]
_NONE: Names = {}


def differences(
    old: Any, new: Any, *, without: frozenset[str] = frozenset(), renamed: Names = _NONE
) -> Iterator[Difference]:
    """Yield how `new` differs from `old`, two objects of one class.

    Args:
        old: the object as it was.
        new: the object as it is.
        without: attributes that are left out.
        renamed: what names of fields, forms and options became; a place that only follows is no difference.
    """
    if old == new:
        return
    comparing = _Comparing(renamed)
    for attribute in _attributes(new):
        if attribute not in without:
            yield from comparing.attribute(
                (new,), attribute, getattr(old, attribute), getattr(new, attribute)
            )


def is_same(old: Any, new: Any, renamed: Names = _NONE) -> bool:
    """Return whether two values mean the same, wherever they were declared, and whatever names became."""
    if old is new or old == new:
        return True
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        before = {_named(key, renamed): value for key, value in old.items()}
        return list(before) == list(new) and all(is_same(before[key], new[key], renamed) for key in new)
    if type(old) is not type(new):
        return False
    if isinstance(old, str):
        return bool(_named(old, renamed) == new)
    if isinstance(old, frozenset):
        return bool({_named(each, renamed) for each in old} == new)
    if isinstance(old, tuple):
        return len(old) == len(new) and all(is_same(*pair, renamed) for pair in zip(old, new, strict=True))
    if is_dataclass(old):
        return all(is_same(getattr(old, name), getattr(new, name), renamed) for name in _attributes(old))
    return False


def _named(name: Any, renamed: Names) -> Any:
    """Return what a name or a path of names became."""
    if not renamed or not isinstance(name, str):
        return name
    return renamed.get(name) or ".".join(renamed.get(part, part) for part in name.split("."))


def paired(
    old: Sequence[Any], new: Sequence[Any], renamed: Names = _NONE
) -> tuple[list[Any], list[Any], list[tuple[Any, Any]]]:
    """Return the parts that are gone, those that are new, and those that stay as they were and are."""
    after = {key_of(each): each for each in new}
    before = {key if (key := key_of(each)) in after else _named(key, renamed): each for each in old}
    return (
        [part for key, part in before.items() if key not in after],
        [part for key, part in after.items() if key not in before],
        [(before[key], part) for key, part in after.items() if key in before],
    )


def key_of(part: Any) -> str:
    """Return what tells a part from the others in its row."""
    names = _KEYS.get(type(part).__name__, ("id",))
    return "/".join(str(_reached(part, name)) for name in names)


def _reached(part: Any, path: str) -> Any:
    for name in path.split("."):
        part = getattr(part, name)
    return part


def _attributes(part: Any) -> tuple[str, ...]:
    return _attributes_of(cast("Hashable", type(part)))


@cache
def _attributes_of(cls: Hashable) -> tuple[str, ...]:
    # What type an expression has follows from the fields that it reads, which are told themselves.
    aside = _NOT_COMPARED | ({"type"} if cls in _EXPRESSIONS else set())
    return tuple(each.name for each in fields(cast("type[Any]", cls)) if each.name not in aside)


def _is_named_row(old: Any, new: Any) -> bool:
    if not isinstance(old, tuple) or not isinstance(new, tuple):
        return False
    return all(_is_named(row) for row in (old, new))


def _is_named(row: tuple[Any, ...]) -> bool:
    return all(_has_name(cast("Hashable", type(each))) for each in row) and len(
        {key_of(each) for each in row}
    ) == len(row)


@cache
def _has_name(cls: Hashable) -> bool:
    return is_dataclass(cls) and ("id" in _attributes_of(cls) or cast("type", cls).__name__ in _KEYS)


@dataclass(frozen=True, slots=True)
class _Comparing:
    """Compares parts of two objects; `renamed` is what names became."""

    renamed: Names

    def attribute(self, path: tuple[Any, ...], attribute: str, old: Any, new: Any) -> Iterator[Difference]:
        if is_same(old, new, self.renamed):
            return
        if _is_named_row(old, new):
            yield from self.row(path, attribute, old, new)
        elif type(old) is type(new) and isinstance(new, _OPENED):
            yield from self.parts((*path, attribute), old, new)
        else:
            yield Changed(path, attribute, old, new)

    def parts(self, path: tuple[Any, ...], old: Any, new: Any) -> Iterator[Difference]:
        for name in _attributes(new):
            yield from self.attribute(path, name, getattr(old, name), getattr(new, name))

    def row(
        self, path: tuple[Any, ...], attribute: str, old: tuple[Any, ...], new: tuple[Any, ...]
    ) -> Iterator[Difference]:
        gone, come, kept = paired(old, new, self.renamed)
        yield from (Removed(path, attribute, part) for part in gone)
        yield from (Added(path, attribute, part) for part in come)
        for before, after in kept:
            if type(before) is type(after):
                yield from self.parts((*path, after), before, after)
            else:
                yield Changed((*path, after), "", before, after)
        after_by_before = {id(before): key_of(after) for before, after in kept}
        order = tuple(key_of(after) for _, after in kept)
        order_before = tuple(after_by_before[id(each)] for each in old if id(each) in after_by_before)
        if order_before != order:
            yield Reordered(path, attribute, order_before, order)
