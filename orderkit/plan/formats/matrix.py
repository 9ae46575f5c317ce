"""A matrix of rights as lines of a table, as Markdown and as JSON. Conditions are numbered and stand below."""

import json
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from orderkit.model.labels import Label, label, text_of
from orderkit.plan.matrix import FIELD_ACTIONS, Cell, Matrix, Row

NEVER = "–"
ALWAYS = "✓"
_FIELD = label(zh="动作或字段", en="Action or field")
_LEGEND = label(
    zh="✓ 全部记录，– 没有。字段：c 新建时可填，r 可看，m 脱敏可看，u 可改；[1] 只限符合条件的记录。管理员可以做一切。",
    en="✓ every record, – none. Fields: c filled in when created, r seen, m seen masked, u changed; "
    "[1] only on records where the condition holds. Administrators may do everything.",
)
_LETTERS: Mapping[str, str] = {"create": "c", "read": "r", "update": "u"}


class Notes:
    """The conditions that cells name by number, in the order in which they came up."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[str, ...], int] = {}

    def mark(self, cell: Cell) -> str:
        """Return the number of a cell's conditions in brackets; nothing for every record."""
        if cell.is_always:
            return ""
        return f"[{self.numbers.setdefault(cell.conditions, len(self.numbers) + 1)}]"

    def lines(self) -> Iterator[tuple[int, str]]:
        """Yield each number with its conditions, joined by `or` as roles add up."""
        for conditions, number in self.numbers.items():
            several = len(conditions) > 1
            yield number, " or ".join(f"({each})" if several else each for each in conditions)


def headings(matrix: Matrix) -> tuple[Label | str, ...]:
    """Return the heads of the columns."""
    return (_FIELD, *matrix.roles)


def sections(matrix: Matrix, notes: Notes) -> Iterator[tuple[str, list[list[str]]]]:
    """Yield each form with its lines: one an action, then one a field with the letters of what may be done."""
    for form, rows in groupby(matrix.rows, key=lambda row: row.form):
        lines = []
        for field, of_field in groupby(rows, key=lambda row: row.field):
            found = list(of_field)
            if field is None:
                lines += [[row.action, *(_whole(cell, notes) for cell in row.cells)] for row in found]
            else:
                lines.append([field, *_letters(found, notes)])
        yield form, lines


def legend() -> Label:
    """Return what the signs mean."""
    return _LEGEND


def markdown(matrix: Matrix, language: str) -> str:
    """Return the matrix as Markdown, a table a form."""
    notes = Notes()
    heads = [each if isinstance(each, str) else text_of(each, language) for each in headings(matrix)]
    parts = [text_of(_LEGEND, language) + "\n"]
    for form, lines in sections(matrix, notes):
        table = [_line(heads), _line(["---"] * len(heads)), *map(_line, lines)]
        parts.append(f"## {form}\n\n" + "\n".join(table) + "\n")
    if found := [f"- [{number}] `{text}`" for number, text in notes.lines()]:
        parts.append("\n".join(found) + "\n")
    return "\n".join(parts)


def as_json(matrix: Matrix) -> str:
    """Return the matrix as JSON, a row for each form, field and action."""
    rows = [
        {
            "form": row.form,
            "field": row.field,
            "action": row.action,
            "roles": {role: _plain(cell) for role, cell in zip(matrix.roles, row.cells, strict=True)},
        }
        for row in matrix.rows
    ]
    return json.dumps({"roles": matrix.roles, "rows": rows}, ensure_ascii=False, indent=2)


def _whole(cell: Cell, notes: Notes) -> str:
    if cell.is_never:
        return NEVER
    return ALWAYS if cell.is_always else notes.mark(cell)


def _letters(rows: list[Row], notes: Notes) -> list[str]:
    assert tuple(row.action for row in rows) == FIELD_ACTIONS
    found = []
    for cells in zip(*(row.cells for row in rows), strict=True):
        text = ""
        for action, cell in zip(FIELD_ACTIONS, cells, strict=True):
            if not cell.is_never:
                text += _LETTERS[action] + notes.mark(cell)
            if cell.masked is not None:
                text += "m" + notes.mark(cell.masked)
        found.append(text or NEVER)
    return found


def _plain(cell: Cell) -> Any:
    """Return `true`, `false` or the conditions; with `masked` beside them where a field may be masked."""
    found: Any = cell.is_always or list(cell.conditions) or False
    return found if cell.masked is None else {"clear": found, "masked": _plain(cell.masked)}


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
