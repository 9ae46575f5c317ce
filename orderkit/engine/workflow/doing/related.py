"""Writing related records: those behind a reference, lines of a record, or the ones that a condition finds.

They are locked first and looked at again, so that two who count up one number at once both count.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import cast

from orderkit.engine import records
from orderkit.engine.records import Change, Create, Delete, LineChange, Lines, Update
from orderkit.engine.records.documents.laying import load_documents
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Problem, Refused
from orderkit.model.expressions.evaluation import Value
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.labels import label

Assigned = Callable[[RecordRow], Mapping[str, object]]


def locked(unit: Unit, rows: Sequence[RecordRow]) -> list[RecordRow]:
    """Return the rows that still exist, as nobody else can change them until the unit ends; in the order given."""
    by_top: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        form, record_id = _top_of(row)
        by_top[form].add(record_id)
    for form in sorted(by_top):
        load_documents(unit, form, by_top[form], lock=True)
    store = rows_of(unit)
    found = (store.row(row.form, row.id) for row in rows)
    return [row for row in found if row is not None]


def write_related(unit: Unit, rows: Sequence[RecordRow], assigned: Assigned, *, by_rule: bool) -> None:
    """Write to each of some locked rows what `assigned` answers. Lines are written through their record."""
    changes: list[Change] = []
    lines: dict[tuple[str, int], dict[int, LineChange]] = defaultdict(dict)
    for row in rows:
        values, within = parted(unit, row.form, assigned(row))
        if row.shape.parent is None:
            changes.append(Update(form=row.form, id=row.id, values=values, lines=within))
        else:
            lines[_top_of(row)][row.id] = LineChange(id=row.id, values=values)
    changes += [_lines_of(unit, form, record_id, changed) for (form, record_id), changed in lines.items()]
    if changes:
        records.apply(unit, changes, by_rule=by_rule)


def delete_related(unit: Unit, rows: Sequence[RecordRow], *, by_rule: bool) -> None:
    """Delete some locked rows. Lines leave their record."""
    changes: list[Change] = [Delete(form=row.form, id=row.id) for row in rows if row.shape.parent is None]
    leaving: dict[tuple[str, int], set[int]] = defaultdict(set)
    for row in rows:
        if row.shape.parent is not None:
            leaving[_top_of(row)].add(row.id)
    changes += [_lines_of(unit, form, record_id, {}, gone) for (form, record_id), gone in leaving.items()]
    if changes:
        records.apply(unit, changes, by_rule=by_rule)


def create_record(unit: Unit, form: str, given: Mapping[str, object], *, by_rule: bool) -> int:
    """Create a record, with its lines if they are given, and return its id."""
    values, lines = parted(unit, form, given)
    (made,) = records.apply(unit, [Create(form=form, values=values, lines=lines)], by_rule=by_rule)
    return made.id


def linked(row: RecordRow, name: str, value: Value) -> Scalar:
    """Return what a reference holds that is to lead to `value`; one to several leads there too.

    Raises: Refused, where there is nothing to lead to.
    """
    more = [_scalar(each) for each in value] if isinstance(value, list | tuple) else [_scalar(value)]
    ids = [each for each in more if isinstance(each, int)]
    if not ids:
        field = row.shape.by_id[name].label
        message = {
            locale: text.format(field=field.get(locale) or next(iter(field.values())))
            for locale, text in _NOTHING_TO_LINK.items()
        }
        raise Refused([Problem(path=name, code="nothing_to_link", message=message)])
    known = row.get(name)
    if isinstance(known, tuple) or row.shape.by_id[name].type in {"refs", "users"}:
        held = known if isinstance(known, tuple) else ()
        return tuple(dict.fromkeys((*held, *ids)))
    return ids[-1]


def parted(unit: Unit, form: str, given: Mapping[str, object]) -> tuple[dict[str, Scalar], Lines]:
    """Return what is given as values of fields, and apart from them as rows of collections."""
    shape = unit.project.form_by_id[form]
    collections = {each.id for each in shape.lines}
    values = {name: _scalar(cast("Value", each)) for name, each in given.items() if name not in collections}
    lines = {name: _rows(cast("Value", each)) for name, each in given.items() if name in collections}
    return values, lines


_NOTHING_TO_LINK = label(
    zh="没有找到可以关联到“{field}”的记录；请检查 `to` 的条件",
    en="there is nothing that “{field}” could lead to; look at the condition under `to`",
)


def _rows(value: Value) -> list[LineChange]:
    rows = value if isinstance(value, list | tuple) else ()
    return [
        LineChange(values={name: _scalar(each) for name, each in row.items()})
        for row in rows
        if isinstance(row, dict)
    ]


def _scalar(value: Value) -> Scalar:
    """Return a value as a field keeps it: a record by its id, several of something as a tuple."""
    if isinstance(value, list | tuple):
        several = tuple(_scalar(each) for each in value)
        return cast("Scalar", several) or None
    assert not isinstance(value, dict), "a field keeps no structure"
    return cast("Scalar", getattr(value, "id", value))


def _top_of(row: RecordRow) -> tuple[str, int]:
    """Return the record that a row belongs to: itself, or the one whose line it is."""
    parent, via = row.shape.parent, row.shape.parent_field
    if parent is None or via is None:
        return row.form, row.id
    record_id = row.get(via.id)
    assert isinstance(record_id, int), "a line has a record"
    return parent, record_id


def _lines_of(
    unit: Unit,
    form: str,
    record_id: int,
    changed: Mapping[int, LineChange],
    gone: frozenset[int] | set[int] = frozenset(),
) -> Update:
    """Return the lines of a record with changes, and without those that are to be gone."""
    top = rows_of(unit).row(form, record_id)
    assert top is not None, "a line has a record"
    lines = {}
    for collection in top.shape.lines:
        rows = top.rows(collection.id)
        if any(row.id in changed or row.id in gone for row in rows):
            kept = [row.id for row in rows if row.id not in gone]
            lines[collection.id] = [changed.get(each) or LineChange(id=each) for each in kept]
    return Update(form=form, id=record_id, lines=lines)
