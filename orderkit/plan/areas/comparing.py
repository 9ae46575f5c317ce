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


def differences(old: Any, new: Any, *, without: frozenset[str] = frozenset()) -> Iterator[Difference]:
    """Yield how `new` differs from `old`, two objects of one class; attributes in `without` are left out."""
    for attribute in _attributes(new):
        if attribute not in without:
            yield from _of_attribute((new,), attribute, getattr(old, attribute), getattr(new, attribute))


def is_same(old: Any, new: Any) -> bool:
    """Return whether two values mean the same, wherever they were declared."""
    if old is new or old == new:
        return True
    if type(old) is not type(new):
        return isinstance(old, Mapping) and isinstance(new, Mapping) and _is_same_mapping(old, new)
    if isinstance(old, Mapping):
        return _is_same_mapping(old, new)
    if isinstance(old, tuple):
        return len(old) == len(new) and all(is_same(*pair) for pair in zip(old, new, strict=True))
    if is_dataclass(old):
        return all(is_same(getattr(old, name), getattr(new, name)) for name in _attributes(old))
    return False


def paired(old: Sequence[Any], new: Sequence[Any]) -> tuple[list[Any], list[Any], list[tuple[Any, Any]]]:
    """Return the parts that are gone, those that are new, and those that stay as they were and are."""
    before, after = ({key_of(each): each for each in row} for row in (old, new))
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


def _is_same_mapping(old: Mapping[Any, Any], new: Mapping[Any, Any]) -> bool:
    return list(old) == list(new) and all(is_same(value, new[key]) for key, value in old.items())


def _of_attribute(path: tuple[Any, ...], attribute: str, old: Any, new: Any) -> Iterator[Difference]:
    if is_same(old, new):
        return
    if _is_named_row(old, new):
        yield from _of_row(path, attribute, old, new)
    elif type(old) is type(new) and isinstance(new, _OPENED):
        for inner in _attributes(new):
            yield from _of_attribute((*path, attribute), inner, getattr(old, inner), getattr(new, inner))
    else:
        yield Changed(path, attribute, old, new)


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


def _of_row(
    path: tuple[Any, ...], attribute: str, old: tuple[Any, ...], new: tuple[Any, ...]
) -> Iterator[Difference]:
    gone, come, kept = paired(old, new)
    yield from (Removed(path, attribute, part) for part in gone)
    yield from (Added(path, attribute, part) for part in come)
    for before, after in kept:
        if type(before) is not type(after):
            yield Changed((*path, after), "", before, after)
            continue
        for inner in _attributes(after):
            yield from _of_attribute((*path, after), inner, getattr(before, inner), getattr(after, inner))
    order = tuple(key_of(after) for _, after in kept)
    order_before = tuple(key for each in old if (key := key_of(each)) in order)
    if order_before != order:
        yield Reordered(path, attribute, order_before, order)
