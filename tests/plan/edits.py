"""Every small edit of a model: one attribute of one part, changed to another value that the attribute can have."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from typing import Any

from orderkit.model.forms import Collection, Field, Origin, SystemRole
from orderkit.model.labels import label
from orderkit.model.options import OptionModel
from orderkit.model.project import Awaiting, Project
from orderkit.model.scenarios import Scenario
from orderkit.plan.words.values import is_label

# The ids by which parts find each other, what follows from other attributes, and what is no state of a project.
ASIDE = frozenset(
    {
        "id",
        "type",
        "value_type",
        "origin",
        "renamed_from",
        "moved_from",
        "backfill",
        "convert",
        "system",
        "workflow",
        "is_built_in",
        "parent",
        "scenarios",
        "awaiting",
        "collections",
        # Inside expressions and rows: names by which parts are found.
        "row",
        "name",
        "function",
        "operator",
    }
)
_NOT_ENTERED = (Origin, Collection, Scenario, Awaiting, OptionModel)

Path = tuple[str | int, ...]


def paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the place of everything in a model that can be edited alone."""
    if isinstance(value, _NOT_ENTERED) or (isinstance(value, Field) and value.system is not SystemRole.NONE):
        return
    if isinstance(value, bool | str | int | Decimal) or is_label(value):
        if path and edited(value) is not None:
            yield path
    elif isinstance(value, tuple):
        for number, each in enumerate(value):
            if not isinstance(each, str):
                yield from paths(each, (*path, number))
    elif is_dataclass(value):
        for each in fields(value):
            if each.init and each.name not in ASIDE:
                yield from paths(getattr(value, each.name), (*path, each.name))


def edited(value: Any) -> Any:
    """Return another value of the same kind, None where there is none."""
    if is_label(value):
        return label(**{language: f"{text}!" for language, text in value.items()})
    if type(value) is bool:
        return not value
    if type(value) in (int, Decimal):
        return value + 1
    return None


def with_edit(project: Project, path: Path) -> Project:
    """Return the project with the value at a place exchanged."""
    made = _exchanged(project, path)
    assert isinstance(made, Project)
    return made


def _exchanged(value: Any, path: Path) -> Any:
    if not path:
        return edited(value)
    first, *rest = path
    if isinstance(first, int):
        parts = list(value)
        parts[first] = _exchanged(parts[first], tuple(rest))
        return tuple(parts)
    return replace(value, **{first: _exchanged(getattr(value, first), tuple(rest))})
