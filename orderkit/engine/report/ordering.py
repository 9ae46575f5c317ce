"""The order of the groups of a report: the same on every database, with empty ones last."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from orderkit.engine.report.query import Group
from orderkit.model.analysis.reports import Measure, RatioMeasure
from orderkit.model.errors import Problem
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.labels import label


@dataclass(frozen=True, slots=True)
class Grouped:
    """One group: its keys, and the values of the wanted measures."""

    keys: tuple[Scalar, ...]
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Sort:
    """One key of the order: position of a group's key or of a measure."""

    is_measure: bool
    position: int
    descending: bool = False


def sort_of(
    groups: Sequence[Group], measures: Sequence[Measure | RatioMeasure], wanted: Sequence[str]
) -> tuple[Sort, ...] | Problem:
    """Return the order that names such as `-revenue` ask for, or the usual one."""
    found: list[Sort] = []
    for index, name in enumerate(wanted):
        plain, descending = name.removeprefix("-"), name.startswith("-")
        group = next((n for n, each in enumerate(groups) if each.id == plain), None)
        measure = next((n for n, each in enumerate(measures) if each.id == plain), None)
        if group is not None:
            found.append(Sort(is_measure=False, position=group, descending=descending))
        elif measure is not None:
            found.append(Sort(is_measure=True, position=measure, descending=descending))
        else:
            return Problem(
                path=f"sort.{index}",
                code="unknown_column",
                message=label(zh=f"结果中没有“{plain}”", en=f"the result has no column `{plain}`"),
            )
    if not found:
        found = [
            Sort(is_measure=False, position=n) for n, each in enumerate(groups) if each.grain is not None
        ]
    if not found and measures:
        found = [Sort(is_measure=True, position=0, descending=True)]
    named = {each.position for each in found if not each.is_measure}
    return (*found, *(Sort(is_measure=False, position=n) for n in range(len(groups)) if n not in named))


def in_order(grouped: Iterable[Grouped], order: Sequence[Sort]) -> list[Grouped]:
    """Return the groups in order. Texts stand by code point, empty values at the end."""
    found = list(grouped)
    for sort in reversed(order):
        present = [each for each in found if _key(each, sort) is not None]
        empty = [each for each in found if _key(each, sort) is None]
        present.sort(key=lambda each, by=sort: _key(each, by), reverse=sort.descending)  # type: ignore[misc]
        found = [*present, *empty]
    return found


def _key(grouped: Grouped, sort: Sort) -> Any:
    return (grouped.values if sort.is_measure else grouped.keys)[sort.position]
