"""What is wrong with a form, in one list at its head that leads to each place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from orderkit.web.display.fields import FieldView
from orderkit.web.editing.sections import EditSection, LinesEditor
from orderkit.web.rendering.texts import Speaker

MOST_LISTED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongField:
    """One problem and the element at which it stands."""

    element: str
    label: str
    problem: str


def wrong_fields(sections: Sequence[EditSection], t: Speaker) -> tuple[WrongField, ...]:
    """Return the problems of the fields of a page in their order, the first of many."""
    found: list[WrongField] = []
    for section in sections:
        found.extend(_wrong(view, view.label) for view in section.fields if view.problem)
        for lines in section.lines:
            found.extend(_in_lines(lines, t))
        found.extend(_wrong(view, view.label) for view in section.totals if view.problem)
    return tuple(found[:MOST_LISTED])


def _in_lines(lines: LinesEditor, t: Speaker) -> Iterator[WrongField]:
    if lines.problem:
        yield WrongField(element=f"f-{lines.name}-problem", label=lines.label, problem=lines.problem)
    for number, row in enumerate(lines.rows, 1):
        for cell in row.cells:
            if cell.problem:
                yield _wrong(cell, t("record.row_field", rows=lines.label, number=number, field=cell.label))


def _wrong(view: FieldView, label: str) -> WrongField:
    return WrongField(element=view.element, label=label, problem=view.problem)
