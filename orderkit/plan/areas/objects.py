"""Entries from the differences of two objects: how every kind is told that has no manner of its own."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orderkit.database.changes.judging import Severity
from orderkit.model.labels import Label, label
from orderkit.model.project import Project
from orderkit.plan.areas.comparing import (
    Added,
    Changed,
    Difference,
    Removed,
    Reordered,
    differences,
    is_same,
    key_of,
    paired,
)
from orderkit.plan.areas.ledgers import renames_of_ledgers
from orderkit.plan.areas.sides import Sides
from orderkit.plan.values import Area, Entry, Manner
from orderkit.plan.words.attributes import Attribute, attribute_of
from orderkit.plan.words.filling import filled, listed, same
from orderkit.plan.words.names import sentence
from orderkit.plan.words.values import told

# What weighs something when it comes, and what weighs nothing when it goes.
_ASKING = frozenset({"Check"})
_MISSED_BY_NOBODY = frozenset(
    {
        "Check",
        "Seed",
        "Menu",
        "Calendar",
        "Step",
        "Timer",
        "StateClock",
        "Ask",
        "DashboardFilter",
        "KeyDefault",
    }
)
ORDER = label(zh="{what}的顺序", en="order of the {what}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of objects of the project: where they stand, and the part of the plan that tells of them."""

    attribute: str
    area: Area


KINDS: Sequence[Kind] = (
    Kind(attribute="reports", area=Area.REPORTS),
    Kind(attribute="dashboards", area=Area.REPORTS),
    Kind(attribute="alerts", area=Area.REPORTS),
    Kind(attribute="connections", area=Area.INTEGRATIONS),
    Kind(attribute="integrations", area=Area.INTEGRATIONS),
    Kind(attribute="pulls", area=Area.INTEGRATIONS),
    Kind(attribute="receptions", area=Area.INTEGRATIONS),
    Kind(attribute="messages", area=Area.INTEGRATIONS),
    Kind(attribute="automations", area=Area.WORKFLOWS),
    Kind(attribute="ledgers", area=Area.LEDGERS),
    Kind(attribute="matchings", area=Area.LEDGERS),
    Kind(attribute="imports", area=Area.SHEETS),
    Kind(attribute="prints", area=Area.SHEETS),
    Kind(attribute="portals", area=Area.SHEETS),
    Kind(attribute="seeds", area=Area.SHEETS),
    Kind(attribute="menus", area=Area.PROJECT),
    Kind(attribute="pages", area=Area.PROJECT),
    Kind(attribute="templates", area=Area.PROJECT),
    Kind(attribute="calendars", area=Area.PROJECT),
)
# What of the project itself is told here; its kinds and its forms, workflows and roles are told elsewhere.
OF_PROJECT = (
    "label",
    "version",
    "locale",
    "locales",
    "timezone",
    "currency",
    "channels",
    "calendar",
    "sign_in",
    "audit",
)


def object_entries(sides: Sides) -> Iterator[Entry]:
    """Yield what changes about the objects that are told alike, and about the project itself."""
    for kind in KINDS:
        yield from _of_kind(kind, sides)
    yield from renames_of_ledgers(sides.old, sides.new)
    for name in OF_PROJECT:
        before, after = getattr(sides.old, name), getattr(sides.new, name)
        if not is_same(before, after):
            yield _changed(Changed((sides.new,), name, before, after), Area.PROJECT, sides.new.id, sides)


def _of_kind(kind: Kind, sides: Sides) -> Iterator[Entry]:
    of_ledgers = kind.area is Area.LEDGERS
    names = (
        {each.renamed_from: each.id for each in sides.new.ledgers if each.renamed_from} if of_ledgers else {}
    )
    old, new = getattr(sides.old, kind.attribute), getattr(sides.new, kind.attribute)
    gone, come, kept = paired(old, new, names)
    for part in gone:
        yield removed(part, part.id, kind.area)
    for part in come:
        yield added(part, part.id, kind.area, sides.new)
    for before, after in kept:
        yield from object_changes(before, after, kind.area, after.id, sides)


def object_changes(
    old: Any,
    new: Any,
    area: Area,
    subject: str,
    sides: Sides,
    *,
    without: frozenset[str] = frozenset(),
    weigh: Mapping[str, Callable[[Any, Any], Severity]] | None = None,
) -> Iterator[Entry]:
    """Yield an entry for each difference of two objects of one class.

    Args:
        old: the object as it was.
        new: the object as it is.
        area: the part of the plan.
        subject: the path of the object.
        sides: the models, for names of roles.
        without: attributes that are told elsewhere.
        weigh: weights that differ from the usual ones, by attribute.
    """
    for difference in differences(old, new, without=without, renamed=sides.renamed):
        yield _entry(difference, area, subject, sides, weigh or {})


def added(part: Any, subject: str, area: Area, project: Project) -> Entry:
    """Return the entry of a thing that is new."""
    weight = Severity.BREAKING if type(part).__name__ in _ASKING else Severity.SAFE
    return Entry(
        severity=weight,
        area=area,
        subject=subject,
        manner=Manner.ADDED,
        words=sentence(Manner.ADDED, subject, part),
        after=told(getattr(part, "that", None), project),
    )


def removed(part: Any, subject: str, area: Area) -> Entry:
    """Return the entry of a thing that is gone."""
    is_missed = type(part).__name__ not in _MISSED_BY_NOBODY
    return Entry(
        severity=Severity.BREAKING if is_missed else Severity.SAFE,
        area=area,
        subject=subject,
        manner=Manner.REMOVED,
        words=sentence(Manner.REMOVED, subject, part),
    )


def _entry(
    difference: Difference,
    area: Area,
    subject: str,
    sides: Sides,
    weigh: Mapping[str, Callable[[Any, Any], Severity]],
) -> Entry:
    match difference:
        case Added(part=part):
            return added(part, _path(subject, (*difference.path, part)), area, sides.new)
        case Removed(part=part):
            return removed(part, _path(subject, (*difference.path, part)), area)
        case Reordered(path=path, attribute=attribute, old=old, new=new):
            what = filled(ORDER, what=_attribute(path, attribute).words)
            owner, place = _owner(path), _path(subject, path)
            return Entry(
                severity=Severity.SAFE,
                area=area,
                subject=place,
                manner=Manner.CHANGED,
                attribute=_dotted(path, attribute),
                words=sentence(Manner.CHANGED, place, owner, what),
                before=listed(same(each) for each in old),
                after=listed(same(each) for each in new),
            )
        case Changed():
            return _changed(difference, area, subject, sides, weigh.get(difference.attribute))


def _changed(
    difference: Changed,
    area: Area,
    subject: str,
    sides: Sides,
    weigh: Callable[[Any, Any], Severity] | None = None,
) -> Entry:
    path, name = difference.path, difference.attribute
    attribute = _attribute(path, name)
    owner, place = _owner(path), _path(subject, path)
    before, after = _both_told(name, difference.old, difference.new, sides)
    return Entry(
        severity=(weigh or attribute.weigh)(difference.old, difference.new),
        area=area,
        subject=place,
        manner=Manner.CHANGED,
        attribute=_dotted(path, name),
        words=sentence(Manner.CHANGED, place, owner, _called(path, attribute)),
        before=before,
        after=after,
    )


def _both_told(name: str, old: Any, new: Any, sides: Sides) -> tuple[Label | None, Label | None]:
    """Return a value as it was and is. Settings may hold addresses and are only named; alike words say nothing."""
    if name == "settings":
        names = [key for key in {**old, **new} if old.get(key) != new.get(key)]
        return None, listed(same(f"`{key}`") for key in names)
    if isinstance(new, str) and "\n" in f"{old}{new}":
        # A whole template says nothing on one line; git shows what changed in it.
        return None, None
    before, after = told(old, sides.old), told(new, sides.new)
    return (None, None) if before is not None and before == after else (before, after)


def _attribute(path: tuple[Any, ...], name: str) -> Attribute:
    return attribute_of(_owner(path), name or "kind")


def _called(path: tuple[Any, ...], attribute: Attribute) -> Label:
    """Return what an attribute is called, behind the parts without a name in which it stands."""
    outer = [attribute_of(_owner(path), name).words for name in _opened(path)]
    return listed([*outer, attribute.words])


def _opened(path: tuple[Any, ...]) -> tuple[str, ...]:
    """Return the attributes that lead from the last named part of a path to where the difference is."""
    names: list[str] = []
    for each in reversed(path):
        if not isinstance(each, str):
            break
        names.insert(0, each)
    return tuple(names)


def _dotted(path: tuple[Any, ...], name: str) -> str:
    return ".".join((*_opened(path), name or "kind"))


def _owner(path: tuple[Any, ...]) -> Any:
    return next(each for each in reversed(path) if not isinstance(each, str))


def _path(subject: str, path: tuple[Any, ...]) -> str:
    return ".".join((subject, *(key_of(each) for each in path[1:] if not isinstance(each, str))))
