"""Titles that are written from texts alone: of the record, and of those that it refers to.

Most titles are, and a list writes hundreds of them for a page: reading the fields takes a fifth of what
evaluating the template does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orderkit.engine.rows.row import RecordRow
from orderkit.engine.runtime import Runtime
from orderkit.model.expressions.evaluation.texts import joined
from orderkit.model.expressions.nodes import Expression, Get, Root, Template
from orderkit.model.expressions.types import Record, Text
from orderkit.model.forms import Form, FormId

if TYPE_CHECKING:
    from orderkit.engine.rows.store import RowsOfUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class TextAt:
    """A text field: the references that lead to its record, each with the form it leads to, and its id."""

    references: tuple[tuple[str, FormId], ...]
    field: str


Parts = tuple[str | TextAt, ...]


class _PartsOfForms(dict[FormId, Parts | None]):
    pass


def parts_of(runtime: Runtime, form: Form) -> Parts | None:
    """Return of what the title of a form is put together; None where it has to be evaluated."""
    known = runtime.keep(_PartsOfForms, _PartsOfForms)
    if form.id not in known:
        known[form.id] = _parts(form.title)
    return known[form.id]


def plain_titles(store: "RowsOfUnit", rows: Iterable[RecordRow], parts: Parts) -> Mapping[int, str]:
    """Return titles by id, of records with all that they refer to in hand."""
    return {row.id: joined([_text(store, row, part) for part in parts]) or "" for row in rows}


def _text(store: "RowsOfUnit", row: RecordRow, part: str | TextAt) -> str:
    if isinstance(part, str):
        return part
    here: RecordRow | None = row
    for field, form in part.references:
        record_id = None if here is None else here.get(field)
        here = store.row(form, record_id) if isinstance(record_id, int) else None
    value = None if here is None else here.get(part.field)
    return value if isinstance(value, str) else ""


def _parts(title: Expression) -> Parts | None:
    found = (
        [_part(each.expression) if each.expression is not None else each.text for each in title.parts]
        if isinstance(title, Template)
        else [_part(title)]
    )
    return _all(found)


def _all(found: Sequence[str | TextAt | None]) -> Parts | None:
    known = tuple(each for each in found if each is not None)
    return known if len(known) == len(found) else None


def _part(expression: Expression) -> TextAt | None:
    if not isinstance(expression, Get) or type(expression.type) is not Text:
        return None
    references: list[tuple[str, FormId]] = []
    here = expression.base
    while isinstance(here, Get) and isinstance(here.type, Record):
        references.insert(0, (here.field, here.type.form))
        here = here.base
    if not isinstance(here, Root) or here.name != "record" or not isinstance(here.type, Record):
        return None
    return TextAt(references=tuple(references), field=expression.field)
