"""Where a record came from, and what was made of it: both ways, as far as the reader may see."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, false, func, or_, select

from orderkit.engine.access import Action, Right, decide, field_rights, row_condition
from orderkit.engine.access.grants import grants_of
from orderkit.engine.records.making.seeing import right_on
from orderkit.engine.records.making.tracing import Trace, traced_made, traced_origins
from orderkit.engine.records.reading.getting import readable_row
from orderkit.engine.records.reading.gone import gone_title
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import Unit
from orderkit.model.forms import CreateFrom, CreateLines, Field, Form, FormId

# What a page shows of either way; a list shows the rest.
MOST_LINKS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One record at the other end. `quantities` is how much of what went from one to the other.

    One that lies in the bin has its `title`, and says whether this person may look at it there.
    """

    form: FormId
    id: int
    quantities: tuple[tuple[Field, Decimal], ...] = ()
    kind: Trace = Trace.MADE
    title: str | None = None
    is_in_bin: bool = False
    may_look: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """The records that one was made from, and those that were made of it, newest first."""

    origins: tuple[Link, ...] = ()
    made: tuple[Link, ...] = ()


def links(unit: Unit, form_id: FormId, record_id: int) -> Links:
    """Return where a record came from and what was made of it. Raises NotFound."""
    form = unit.project.form_by_id[form_id]
    row = readable_row(unit, form_id, record_id)
    origins = [link for way in form.create_from for link in _Way(unit, form, way).origins(row)]
    made = [
        link
        for target in unit.project.forms
        for way in target.create_from
        if way.source == form_id
        for link in _Way(unit, target, way).made(row)
    ]
    trace = _Traced(unit, row)
    return Links(origins=(*origins, *trace.origins(origins)), made=(*made, *trace.made(made)))


class _Traced:
    """What references of the project do not tell: splits and merges, ways without a reference, ends in the bin."""

    def __init__(self, unit: Unit, row: RecordRow) -> None:
        self.unit = unit
        self.row = row

    def origins(self, known: Iterable[Link]) -> Iterator[Link]:
        """Yield what the record came of, beside what is known."""
        told = {(link.form, link.id) for link in known}
        for form_id, record_id, kind in traced_origins(self.unit, self.row, limit=MOST_LINKS):
            paths = self._paths(kind, form_id, self.row.form)
            rights = field_rights(self.unit, self.row.form, self.row)
            if paths and not any(rights.get(path, Right.HIDDEN) >= Right.READ for path in paths):
                continue
            yield from self._end(told, (form_id, record_id, kind), paths, ())

    def made(self, known: Iterable[Link]) -> Iterator[Link]:
        """Yield what came of the record, beside what is known."""
        told = {(link.form, link.id) for link in known}
        for form_id, record_id, kind in traced_made(self.unit, self.row, limit=MOST_LINKS):
            paths = self._paths(kind, self.row.form, form_id)
            yield from self._end(told, (form_id, record_id, kind), paths, paths)

    def _paths(self, kind: Trace, source: FormId, target: FormId) -> tuple[str, ...]:
        """Return the fields of the target that tell of this way: whoever may not see them is not told otherwise."""
        form = self.unit.project.form_by_id.get(target)
        if kind is not Trace.MADE or form is None:
            return ()
        found: list[str] = []
        for way in form.create_from:
            if way.source == source:
                found += [way.link] if way.link is not None else []
                if way.lines is not None and way.lines.link is not None:
                    found.append(f"{way.lines.field}.{way.lines.link}")
        return tuple(found)

    def _end(
        self,
        told: set[tuple[FormId, int]],
        end: tuple[FormId, int, Trace],
        paths: tuple[str, ...],
        asked: tuple[str, ...],
    ) -> Iterator[Link]:
        form_id, record_id, kind = end
        if (form_id, record_id) in told or form_id not in self.unit.project.form_by_id:
            return
        told.add((form_id, record_id))
        row = rows_of(self.unit).row(form_id, record_id)
        if row is not None:
            # Where there is a reference it is what counts: somebody may have changed it since.
            if not paths and decide(self.unit.person, Action.READ, form_id, row, unit=self.unit):
                yield Link(form=form_id, id=record_id, kind=kind)
            return
        gone = gone_title(self.unit, form_id, record_id, asked)
        if gone is not None:
            title, may_look = gone
            yield Link(form=form_id, id=record_id, kind=kind, title=title, is_in_bin=True, may_look=may_look)


class _Way:
    """One way of making records of `target`, as the links that it left behind."""

    def __init__(self, unit: Unit, target: Form, way: CreateFrom) -> None:
        self.unit = unit
        self.target = target
        self.way = way
        self.table = unit.runtime.database.tables[target.id]

    def origins(self, row: RecordRow) -> Iterator[Link]:
        """Yield the sources of one record of the target."""
        ids: dict[int, None] = {}
        link = self.way.link
        if link is not None and right_on(self.unit, row, link) >= Right.READ:
            held = row.values.get(link)
            ids.update({held: None} if isinstance(held, int) else {})
        for source_id in self._line_origins(row):
            ids[source_id] = None
        for source_id in list(ids)[:MOST_LINKS]:
            source = rows_of(self.unit).row(self.way.source, source_id)
            if source is not None and decide(
                self.unit.person, Action.READ, source.form, source, unit=self.unit
            ):
                yield Link(form=source.form, id=source.id)

    def made(self, row: RecordRow) -> Iterator[Link]:
        """Yield the records of the target that were made of one source."""
        if not grants_of(self.unit, self.unit.person).may_ever(self.target.id, Action.READ):
            return
        conditions = [*self._header_condition(row), *self._line_condition(row)]
        if not conditions:
            return
        query = (
            select(self.table.c.id)
            .where(or_(*conditions), row_condition(self.unit, self.target.id, Action.READ, self.table))
            .order_by(self.table.c.id.desc())
            .limit(MOST_LINKS)
        )
        ids = list(self.unit.connection.execute(query).scalars())
        sums = self._sums(row, ids)
        for target_id in ids:
            yield Link(form=self.target.id, id=target_id, quantities=sums.get(target_id, ()))

    def _line_origins(self, row: RecordRow) -> Iterator[int]:
        lines = self.way.lines
        if lines is None or lines.link is None:
            return
        for line in row.rows(lines.field):
            held = line.values.get(lines.link)
            if not isinstance(held, int) or right_on(self.unit, line, lines.link) < Right.READ:
                continue
            source = rows_of(self.unit).row(self._source_rows(), held)
            parent = None if source is None else _parent(source)
            if parent is not None:
                yield parent

    def _source_rows(self) -> FormId:
        lines = self.way.lines
        assert lines is not None
        assert lines.link is not None
        target = self._rows_form(lines).by_id[lines.link].target
        assert target is not None
        return target

    def _header_condition(self, row: RecordRow) -> Iterator[ColumnElement[bool]]:
        link = self.way.link
        if link is not None:
            seen = row_condition(self.unit, self.target.id, Action.READ, self.table, field=link)
            yield (self.table.c[link] == row.id) & seen

    def _line_condition(self, row: RecordRow) -> Iterator[ColumnElement[bool]]:
        lines = self.way.lines
        if lines is None or lines.link is None:
            return
        path = f"{lines.field}.{lines.link}"
        seen = row_condition(self.unit, self.target.id, Action.READ, self.table, field=path)
        form = self._rows_form(lines)
        table = self.unit.runtime.database.tables[form.id]
        assert form.parent_field is not None
        holding = select(table.c[form.parent_field.id]).where(self._taking(row, lines))
        yield self.table.c.id.in_(holding) & seen

    def _taking(self, row: RecordRow, lines: CreateLines) -> ColumnElement[bool]:
        """Return which rows of the target took something of this record."""
        tables = self.unit.runtime.database.tables
        source = self.unit.project.form_by_id[self._source_rows()]
        link = tables[self._rows_form(lines).id].c[lines.link or ""]
        if source.id == self.way.source:
            return link == row.id
        if source.parent != self.way.source or source.parent_field is None:
            return false()
        rows = tables[source.id].alias()
        return link.in_(select(rows.c.id).where(rows.c[source.parent_field.id] == row.id))

    def _sums(self, row: RecordRow, ids: list[int]) -> dict[int, tuple[tuple[Field, Decimal], ...]]:
        """Return how much of this record went into each of the target's, where the reader sees it."""
        lines = self.way.lines
        if lines is None or lines.link is None or not ids:
            return {}
        form = self._rows_form(lines)
        table = self.unit.runtime.database.tables[form.id]
        assert form.parent_field is not None
        parent = table.c[form.parent_field.id]
        found: dict[int, list[tuple[Field, Decimal]]] = {}
        for name, _ in lines.limit:
            field = form.by_id[name]
            if not field.is_stored:
                continue
            seen = row_condition(self.unit, form.id, Action.READ, table, field=name)
            query = select(parent, func.sum(table.c[name])).where(
                parent.in_(ids), self._taking(row, lines), seen
            )
            for target_id, total in self.unit.connection.execute(query.group_by(parent)):
                found.setdefault(target_id, []).append((field, Decimal(total or 0)))
        return {target_id: tuple(sums) for target_id, sums in found.items()}

    def _rows_form(self, lines: CreateLines) -> Form:
        return self.unit.project.form_by_id[self.target.collection_by_id[lines.field].form]


def _parent(row: RecordRow) -> int | None:
    field = row.shape.parent_field
    held = row.id if field is None else row.values.get(field.id)
    return held if isinstance(held, int) else None
