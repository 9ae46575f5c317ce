"""Deleting: refused while something else refers to the record, and said what; `clear` empties the reference."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, literal, select

from orderkit.database.expressions.structures import holds
from orderkit.engine.records.changes import Update
from orderkit.engine.records.documents.document import Document
from orderkit.engine.records.writing.storing import Removal
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Problem
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Many
from orderkit.model.forms import Field, FieldId, Form, FormId, SystemRole
from orderkit.model.labels import label, text_of

NAMED = 3
IDS_AT_ONCE = 10_000


def referring_fields(unit: Unit, form_id: FormId) -> Iterator[tuple[Form, Field]]:
    """Yield the stored fields that refer to records of a form, apart from lines to their parent."""
    for form in unit.project.forms:
        for field in form.fields:
            if field.target == form_id and field.is_stored and field.system is not SystemRole.PARENT:
                yield form, field


def find_references(
    unit: Unit, removals: Sequence[Removal], documents: Sequence[Document]
) -> tuple[dict[int, list[Problem]], list[Update]]:
    """Return the problems of removals (by their index) and the updates that clear references.

    Rows that lines lose in a document count as well; their problems are noted on the document.
    """
    leaving = _leaving(removals, documents)
    gone = {(row.form, row.id) for rows in leaving.values() for row, _ in rows}
    problems: dict[int, list[Problem]] = defaultdict(list)
    clearing: dict[tuple[FormId, int], dict[str, Scalar]] = defaultdict(dict)
    for form_id, rows in leaving.items():
        owners = {row.id: owner for row, owner in rows}
        for form, field in referring_fields(unit, form_id):
            clears = getattr(field.options, "on_delete", "refuse") == "clear" and form.parent is None
            for referrer, target, held in _referrers(
                unit, form, field, owners, limit=None if clears else NAMED * 4
            ):
                if (form.id, referrer) in gone:
                    continue
                if clears:
                    before = clearing[form.id, referrer].get(field.id, held)
                    left = (
                        tuple(each for each in before if each != target) if isinstance(before, tuple) else ()
                    )
                    clearing[form.id, referrer][field.id] = left or None
                    continue
                owner = owners[target]
                problem = in_use(unit, form.id, field.id, referrer)
                if isinstance(owner, Document):
                    owner.refuse("", problem.code, problem.message)
                elif owner.index is not None and len(problems[owner.index]) < NAMED:
                    problems[owner.index].append(problem)
    updates = [Update(form=form, id=i, values=values) for (form, i), values in sorted(clearing.items())]
    return dict(problems), updates


Owner = Removal | Document


def _leaving(
    removals: Sequence[Removal], documents: Sequence[Document]
) -> Mapping[FormId, list[tuple[RecordRow, Owner]]]:
    found: dict[FormId, list[tuple[RecordRow, Owner]]] = defaultdict(list)
    for removal in removals:
        for row in removal.rows():
            found[row.form].append((row, removal))
    for document in documents:
        for rows in document.removed.values():
            for row in rows:
                found[row.form].append((row, document))
    return found


def _referrers(
    unit: Unit, form: Form, field: Field, ids: Iterable[int], *, limit: int | None
) -> Iterator[tuple[int, int, Scalar]]:
    """Yield who refers to which of the records, with all that the field holds."""
    table = unit.runtime.database.tables[form.id]
    listed = sorted(ids)
    if isinstance(field.value_type, Many):
        yield from _holders(unit, table.c.id, table.c[field.id], listed, limit=limit)
        return
    for start in range(0, len(listed), IDS_AT_ONCE):
        column = table.c[field.id]
        some = listed[start : start + IDS_AT_ONCE]
        query = select(table.c.id, column).where(column.in_(some)).order_by(table.c.id)
        for row in unit.connection.execute(query if limit is None else query.limit(limit)):
            yield row[0], row[1], row[1]


def _holders(
    unit: Unit,
    key: ColumnElement[int],
    values: ColumnElement[Any],
    ids: Sequence[int],
    *,
    limit: int | None,
) -> Iterator[tuple[int, int, Scalar]]:
    """Yield who has one of the records in a list; each is looked for by itself, as no index helps."""
    is_sqlite = unit.runtime.database.dialect == "sqlite"
    for each in ids:
        query = select(key, values).where(holds(values, literal(each), is_sqlite=is_sqlite)).order_by(key)
        for row in unit.connection.execute(query if limit is None else query.limit(limit)):
            yield row[0], each, row[1]


def in_use(unit: Unit, form_id: FormId, field_id: FieldId, referrer: int) -> Problem:
    """Return the problem that this record still refers to what is to be deleted."""
    rows = rows_of(unit)
    form = unit.project.form_by_id[form_id]
    top, record_id = form, referrer
    if form.parent is not None and form.parent_field is not None:
        row = rows.row(form_id, referrer)
        assert row is not None
        top = unit.project.form_by_id[form.parent]
        parent = row.values[form.parent_field.id]
        assert isinstance(parent, int)
        record_id = parent
    title, field = rows.title(top.id, record_id), form.by_id[field_id]
    message = label(
        zh=f"{text_of(top.label, 'zh')}“{title}”的{text_of(field.label, 'zh')}还在引用它，不能删除",
        en=f"{text_of(top.label, 'en')} “{title}” still refers to it as {text_of(field.label, 'en')}",
    )
    return Problem(path="", code="in_use", message=message)
