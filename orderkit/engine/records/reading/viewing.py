"""Rows as a reader may see them: hidden fields gone, masked ones masked, titles found for all at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field

from orderkit.engine import files
from orderkit.engine.access import Right, field_rights
from orderkit.engine.access.masks import masked
from orderkit.engine.files import StoredFile
from orderkit.engine.records.reading.units import load_units, units_of
from orderkit.engine.records.views import FileView, Item, RecordView
from orderkit.engine.rows import RecordRow, Steps, path_steps, reads_of, rows_of
from orderkit.engine.runtime import Runtime, Unit
from orderkit.fields.field_type import ATTACHED
from orderkit.model.expressions.evaluation import EvaluationError
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import Field, FieldId, Form, FormId, ids_in

JOINT = "、"
"""Stands between the titles of several records; `import` parts them there again."""


def view_rows(
    unit: Unit,
    rows: Sequence[RecordRow],
    *,
    columns: Iterable[FieldId] | None = None,
    with_lines: bool = False,
    with_state: bool = False,
    are_selected: bool = False,
) -> tuple[RecordView, ...]:
    """Return views of rows of one top-level form, which the caller has found readable.

    `columns` None shows every field. `with_state` asks the workflows about each record, so it is
    for single ones. `are_selected` says that the database chose the rows by the reader's grants.
    """
    if not rows:
        return ()
    form = rows[0].shape
    rights = [
        field_rights(unit, form.id, row, with_state=with_state, is_readable=are_selected) for row in rows
    ]
    wanted = None if columns is None else frozenset(columns)
    viewer = _Viewer(unit)
    shown = viewer.rows(rows, rights, wanted)
    if not with_lines:
        return shown
    lines: list[dict[str, tuple[RecordView, ...]]] = [{} for _ in rows]
    for collection in form.lines:
        rows_of(unit).load_rows(rows, collection.id)
        distinct = {id(each): each for each in rights}
        alike = {key: _inner(each, collection.id) for key, each in distinct.items()}
        inner = [alike[id(each)] for each in rights]
        found: list[RecordRow] = []
        line_rights: list[Mapping[str, Right]] = []
        for row, right, line_right in zip(rows, rights, inner, strict=True):
            if right.get(collection.id, Right.HIDDEN) is not Right.HIDDEN:
                found.extend(row.rows(collection.id))
                line_rights.extend(line_right for _ in row.rows(collection.id))
        views = iter(viewer.rows(found, line_rights, None))
        for place, (row, right) in enumerate(zip(rows, rights, strict=True)):
            if right.get(collection.id, Right.HIDDEN) is not Right.HIDDEN:
                lines[place][collection.id] = tuple(next(views) for _ in row.rows(collection.id))
    return tuple(replace(view, lines=each) for view, each in zip(shown, lines, strict=True))


def titles_of(unit: Unit, values: Iterable[tuple[Field, Scalar]]) -> Mapping[tuple[FormId, int], str]:
    """Return the titles of everything that these values refer to, in few statements."""
    wanted: dict[FormId, set[int]] = defaultdict(set)
    for field, value in values:
        if field.target is not None:
            wanted[field.target].update(ids_in(value))
    rows = rows_of(unit)
    return {
        (form, record_id): title
        for form, ids in wanted.items()
        for record_id, title in rows.titles(form, ids).items()
    }


def file_view(file: StoredFile) -> FileView:
    """Return an attachment as people see it."""
    return FileView(id=file.id, name=file.name, media_type=file.media_type, size=file.size)


def is_file(unit: Unit, field: Field) -> bool:
    """Return whether a field holds attachments, one or several."""
    return unit.runtime.catalog.fields[field.type].column in ATTACHED


def files_in(unit: Unit, values: Iterable[tuple[Field, Scalar]]) -> Mapping[int, StoredFile]:
    """Return the attachments that these values name, in one statement."""
    ids = [each for field, value in values if is_file(unit, field) for each in ids_in(value)]
    return files.files_of(unit, ids)


@dataclass(slots=True)
class Told:
    """What people read instead of ids, by field: see `RecordView`."""

    titles: dict[FieldId, str] = dataclass_field(default_factory=dict)
    files: dict[FieldId, FileView] = dataclass_field(default_factory=dict)
    items: dict[FieldId, tuple[Item, ...]] = dataclass_field(default_factory=dict)


def told(
    unit: Unit,
    form: Form,
    values: Mapping[FieldId, Scalar],
    titles: Mapping[tuple[FormId, int], str],
    stored: Mapping[int, StoredFile],
) -> Told:
    """Return what the records and files are called that the values of one row refer to."""
    found = Told()
    for name, value in values.items():
        if value is None:
            continue
        field = form.by_id[name]
        target = field.target
        if target is not None and type(value) is int:
            found.titles[name] = titles.get((target, value), "")
            continue
        ids = ids_in(value)
        if not ids:
            continue
        if target is not None:
            items = tuple(Item(id=each, title=titles.get((target, each), "")) for each in ids)
        elif is_file(unit, field):
            attached = (file_view(stored[each]) for each in ids if each in stored)
            items = tuple(Item(id=each.id, title=each.name, file=each) for each in attached)
        else:
            continue
        if isinstance(value, tuple):
            found.items[name] = items
            found.titles[name] = JOINT.join(each.title for each in items)
        elif items:
            found.titles[name] = items[0].title
            if items[0].file is not None:
                found.files[name] = items[0].file
    return found


class _Viewer:
    def __init__(self, unit: Unit) -> None:
        self.unit = unit

    def rows(
        self,
        rows: Sequence[RecordRow],
        rights: Sequence[Mapping[str, Right]],
        columns: frozenset[FieldId] | None,
    ) -> tuple[RecordView, ...]:
        if not rows:
            return ()
        form = rows[0].shape
        fields = [
            field
            for field in form.fields
            if field.type != "lines" and (columns is None or field.id in columns)
        ]
        store = rows_of(self.unit)
        for field in fields:
            if field.virtual is not None:
                store.prefetch(rows, virtual_steps(self.unit.runtime, form, field))
        load_units(self.unit, form, fields, rows)
        # Most rows of a page are seen alike, by one and the same map of rights.
        distinct = {id(each): each for each in rights}
        seen = {key: _seen(self.unit, form, fields, each) for key, each in distinct.items()}
        ways = [seen[id(each)] for each in rights]
        values = [_values(row, way) for row, way in zip(rows, ways, strict=True)]
        clear = [
            (field, each[field.id]) for each, way in zip(values, ways, strict=True) for field in way.referring
        ]
        titles = titles_of(self.unit, clear)
        stored = files_in(self.unit, clear)
        own = {} if form.parent is not None else store.titles(form.id, [row.id for row in rows])
        return tuple(
            self._view(row, each, way, (titles, stored, own.get(row.id, "")))
            for row, each, way in zip(rows, values, ways, strict=True)
        )

    def _view(
        self,
        row: RecordRow,
        values: dict[FieldId, Scalar],
        way: "_Seen",
        found: tuple[Mapping[tuple[FormId, int], str], Mapping[int, StoredFile], str],
    ) -> RecordView:
        titles, stored, title = found
        named = {field.id: values[field.id] for field in way.referring}
        shown = told(self.unit, row.shape, named, titles, stored)
        revision = row.values.get("revision")
        return RecordView(
            form=row.form,
            id=row.id,
            revision=revision if isinstance(revision, int) else 0,
            title=title,
            values=values,
            titles=shown.titles,
            rights=way.known,
            files=shown.files,
            items=shown.items,
            units=units_of(self.unit, row, way.measured, way.rights) if way.measured else {},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What follows for the fields of rows that are seen with the same rights.

    `known` are the rights on what shows; of what shows unmasked, `referring` and `measured` are the fields
    that hold records or files, and that have a unit.
    """

    rights: Mapping[str, Right]
    known: Mapping[str, Right]
    shown: tuple[Field, ...]
    masked: frozenset[FieldId]
    referring: tuple[Field, ...]
    measured: tuple[Field, ...]


def _seen(unit: Unit, form: Form, fields: Sequence[Field], rights: Mapping[str, Right]) -> _Seen:
    shown = tuple(each for each in fields if rights.get(each.id, Right.HIDDEN) is not Right.HIDDEN)
    clear = tuple(each for each in shown if rights[each.id] is not Right.MASKED)
    return _Seen(
        rights=rights,
        known={
            name: rights[name]
            for name in (*(each.id for each in shown), *(each.id for each in form.lines))
            if rights.get(name, Right.HIDDEN) is not Right.HIDDEN
        },
        shown=shown,
        masked=frozenset(each.id for each in shown if rights[each.id] is Right.MASKED),
        referring=tuple(each for each in clear if each.target is not None or is_file(unit, each)),
        measured=tuple(each for each in clear if each.unit is not None),
    )


def _values(row: RecordRow, way: _Seen) -> dict[FieldId, Scalar]:
    values = {field.id: _value(row, field) for field in way.shown}
    for field in way.shown if way.masked else ():
        if field.id in way.masked:
            values[field.id] = masked(values[field.id], field.mask)
    return values


def _value(row: RecordRow, field: Field) -> Scalar:
    if field.virtual is None:
        return row.values.get(field.id)
    try:
        return row.get(field.id)
    except EvaluationError:
        return None


def _inner(rights: Mapping[str, Right], collection: str) -> Mapping[str, Right]:
    prefix = f"{collection}."
    return {path.removeprefix(prefix): right for path, right in rights.items() if path.startswith(prefix)}


class _VirtualSteps(dict[tuple[FormId, FieldId], Steps]):
    pass


def virtual_steps(runtime: Runtime, form: Form, field: Field) -> Steps:
    """Return what to load before evaluating a virtual field on many rows."""
    known = runtime.keep(_VirtualSteps, _VirtualSteps)
    key = (form.id, field.id)
    if key not in known:
        assert field.virtual is not None
        known[key] = path_steps(reads_of(runtime.project, field.virtual, form.id))
    return known[key]
