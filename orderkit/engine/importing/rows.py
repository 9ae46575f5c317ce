"""Reads the rows of a sheet: what each says of a record and of its lines.

A blank cell says nothing: a new record gets the default of the field, a stored one keeps its value,
so reading a file twice changes nothing the second time. Every cell is read and every bad one noted; once
references have been looked up, `grouping` puts the rows together. Nothing is compared with the database here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from orderkit.catalog import Catalog
from orderkit.engine.importing.cell_values import Bad, Partial, SourceReader, Value, comparable
from orderkit.engine.importing.evaluating import Evaluating
from orderkit.engine.importing.matching.date_orders import DateReading, without_year
from orderkit.engine.importing.matching.headings import Binding
from orderkit.engine.importing.matching.mapping import Level, Plan, Slot, Source, fields_of, headings_of
from orderkit.engine.importing.matching.references import Reference, References, Several, references_in
from orderkit.engine.importing.notes_column import is_example
from orderkit.engine.importing.problems import ImportProblem
from orderkit.engine.importing.reading.cells import Row, cell_address, heading_key, is_blank, text_of
from orderkit.engine.importing.reading.tables import Sheet
from orderkit.fields.many import parted
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Many
from orderkit.model.forms import FieldId
from orderkit.model.labels import Label, label
from orderkit.model.labels import text_of as label_text

Values = dict[FieldId, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSheet:
    """The sheet of a file that fits a plan best, and where its columns are."""

    sheet: Sheet
    binding: Binding


_MOST_WARNINGS = 1_000
_MOST_SPANS = 20

_TYPED_OVER = (
    label(zh="示例行被改过，但仍标着“示例”", en="the example was typed over, and is still marked as one"),
    label(
        zh="若是您的数据，请清空这个单元格；若不是，请删除这一行",
        en="clear this cell if the row is yours; delete the row if it is not",
    ),
)


@dataclass(frozen=True, slots=True)
class ReadRow:
    """What one row says: about the record, and about a line of each collection it has one for."""

    number: int
    record: Values
    lines: Sequence[tuple[str, Values]]
    is_continued: bool


class RowReader:
    """Reads the rows of one sheet under one plan."""

    def __init__(
        self,
        plan: Plan,
        found: FoundSheet,
        catalog: Catalog,
        evaluating: Evaluating,
        dates: DateReading,
    ) -> None:
        sheet, binding = found.sheet, found.binding
        self.dates = dates
        self.plan = plan
        self.sheet = sheet
        self.binding = binding
        self.references = References()
        self.problems: list[ImportProblem] = []
        self.warnings: list[ImportProblem] = []
        self.blank_rows: list[int] = []
        self._evaluating = evaluating
        self._headings = {heading.column: heading.text for heading in binding.headings}
        used = [level for level in plan.levels if self._is_used(level)]
        self._levels = {level.collection: _LevelReader(level, self, catalog, evaluating) for level in used}
        self._columns: dict[str, int | None] = {}
        for level in self._levels.values():
            self._columns.update(level.columns_by_path)

    def _is_used(self, level: Level) -> bool:
        if not level.collection or not self.plan.is_from_form:
            return True
        return any(self.binding.place(source) for slot in level.slots for source in slot.sources)

    @property
    def collections(self) -> tuple[str, ...]:
        """The collections whose lines this sheet gives."""
        return tuple(collection for collection in self._levels if collection)

    @property
    def fields(self) -> tuple[FieldId, ...]:
        """The fields of the record that this sheet gives."""
        return self._levels[""].fields

    def line_fields(self, collection: str) -> tuple[FieldId, ...]:
        """The fields of a line that this sheet gives."""
        return self._levels[collection].fields

    def data_rows(self) -> Iterator[tuple[int, Row]]:
        """Yield the rows below the headings with their numbers, without blank ones and the template's example."""
        start, notes = self.binding.first_data_row, self.binding.notes_column
        blank: list[int] = []
        for number, row in enumerate(self.sheet.rows[start - 1 :], start=start):
            if notes is not None and notes < len(row) and row[notes] is not None:
                marked = is_example(text_of(row[notes]), row[:notes])
                if marked is None:
                    self.problems.append(
                        self.problem("", number, "example_changed", *_TYPED_OVER, column=notes)
                    )
                if marked is not False:
                    continue
                row_itself = (*row[:notes], *row[notes + 1 :])
            else:
                row_itself = row
            if is_blank(row_itself):
                blank.append(number)
                continue
            # Only now they are known to stand in the middle.
            self.blank_rows += blank
            blank.clear()
            yield number, row

    def read_rows(self) -> list[ReadRow]:
        """Read every row. What is bad is noted in `problems`, and its value is left out."""
        found: list[ReadRow] = []
        seen: dict[Row, int] = {}
        for number, row in self.data_rows():
            if not self._is_wanted(row):
                continue
            if seen.setdefault(row, number) != number and len(self.warnings) < _MOST_WARNINGS:
                self.warnings.append(self.problem("", number, "duplicate_row", _repeated(seen[row])))
            record = self._levels[""]
            is_continued = bool(found) and record.is_blank(row) and len(self._levels) > 1
            values = found[-1].record if is_continued else record.read(number, row, {})
            lines = tuple(
                (name, level.read(number, row, values))
                for name, level in self._levels.items()
                if name and not level.is_blank(row)
            )
            found.append(ReadRow(number, values, lines, is_continued))
        for level in self._levels.values():
            level.forget()
        if self.blank_rows:
            first = self.blank_rows[0]
            self.warnings.append(self.problem("", first, "blank_rows", _skipped(self.blank_rows)))
        if not found and not self.problems:
            self.problems.append(self._no_rows())
        return found

    def _is_wanted(self, row: Row) -> bool:
        where = self.plan.where
        if where is None:
            return True
        places = {name: self.binding.columns.get(heading_key(name)) for name in headings_of(where)}
        cells = {
            name: (text_of(row[at.column]) if at is not None and at.column < len(row) else "") or None
            for name, at in places.items()
        }
        return self._evaluating.value(where, cells, {}) is True

    def read_days(self, source: SourceReader) -> None:
        """Look at the whole column of a date, before its first cell is read."""
        if source.column is None or not source.holds_days:
            return
        at, start = source.column, self.binding.first_data_row
        cells = [row[at] for row in self.sheet.rows[start - 1 :] if at < len(row)]
        source.read_days(self.dates.of_column(cells))
        if any(isinstance(cell, str) and without_year(cell, self.dates.year) for cell in cells):
            self.warnings.append(self.problem("", start - 1, "no_year", _no_year(self.dates.year), column=at))

    def has_column(self, path: str) -> bool:
        """Whether a column of the sheet gives this path."""
        return self._columns.get(path) is not None

    def problem(
        self,
        path: str,
        row: int,
        code: str,
        what: Label,
        expected: Label | None = None,
        *,
        column: int | None = None,
    ) -> ImportProblem:
        """Return a problem at the cell that gives `path` in a row."""
        at = column if column is not None else self._columns.get(path)
        cells = self.sheet.rows[row - 1] if row else ()
        return ImportProblem(
            sheet=self.sheet.name,
            row=row,
            cell="" if at is None else cell_address(row, at),
            heading=self._headings.get(at, "") if at is not None else "",
            text=text_of(cells[at])[:200] if at is not None and at < len(cells) else "",
            code=code,
            what=what,
            expected=expected,
        )

    def _no_rows(self) -> ImportProblem:
        return self.problem(
            "",
            0,
            "no_rows",
            label(zh="标题行下面没有数据", en="there are no rows below the headings"),
            label(zh="至少一行数据", en="at least one row"),
        )


class _LevelReader:
    """Reads what a row says about the record or about one line."""

    def __init__(self, level: Level, reader: RowReader, catalog: Catalog, evaluating: Evaluating) -> None:
        self._reader = reader
        rules = (e for slot in level.slots for s in slot.sources for e in (s.assigned, s.default))
        self._reads_record = bool(level.collection) and any(e is not None and fields_of(e) for e in rules)

        def source_reader(source: Source) -> SourceReader:
            made = SourceReader(source, reader.binding, catalog.fields[source.field.type], evaluating)
            reader.read_days(made)
            return made

        self._slots: list[tuple[Slot, SourceReader | None, tuple[SourceReader, ...]]] = []
        for slot in level.slots:
            own = None if slot.source is None else source_reader(slot.source)
            parts = tuple(source_reader(part) for part in slot.parts)
            own_and_parts = (own, *parts) if own is not None else parts
            if any(r.columns or r.source.assigned or r.source.default for r in own_and_parts):
                self._slots.append((slot, own, parts))
        # Columns first, then `set`, then `default`: an expression may use what the columns gave.
        self._slots.sort(key=lambda each: _turn(each[0]))
        self.fields = tuple(slot.field.id for slot, _, _ in self._slots)
        readers = [r for _, own, parts in self._slots for r in ((own, *parts) if own is not None else parts)]
        self.columns_by_path = {r.source.path: r.column for r in readers}
        for slot, own, parts in self._slots:
            if own is None:
                self.columns_by_path.setdefault(slot.path, parts[0].column)
        self._columns = tuple(dict.fromkeys(c for r in readers for c in r.columns))
        self._filled = tuple(dict.fromkeys(r.column for r in readers if r.column is not None))
        self._known: dict[object, tuple[Values, tuple[tuple[str, int | None, Bad], ...]]] = {}

    def forget(self) -> None:
        """Forget what equal cells said; the rows keep their values."""
        self._known.clear()

    def is_blank(self, row: Row) -> bool:
        """Whether nothing stands in any column of this level."""
        width = len(row)
        return bool(self._filled) and not any(c < width and text_of(row[c]) for c in self._filled)

    def read(self, number: int, row: Row, record: Partial) -> Values:
        """Return the values of this row, with a problem for each bad cell."""
        width = len(row)
        key: object = tuple(comparable(row[c]) if c < width else None for c in self._columns)
        if self._reads_record:
            key = (key, tuple(record.items()))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._read(number, row, record)
        values, bad = found
        for path, column, each in bad:
            self._reader.problems.append(
                self._reader.problem(path, number, each.code, each.what, each.expected, column=column)
            )
        return values

    def _read(
        self, number: int, row: Row, record: Partial
    ) -> tuple[Values, tuple[tuple[str, int | None, Bad], ...]]:
        values: Values = {}
        bad: list[tuple[str, int | None, Bad]] = []
        for slot, own, parts in self._slots:
            if own is not None:
                found = own.read(row, record, values)
                if isinstance(found, Bad):
                    bad.append((own.source.path, own.column, found))
                    continue
                if slot.target is None:
                    if found is not None:
                        values[slot.field.id] = found
                    continue
            else:
                found = None
            given = {}
            for part in parts:
                value = part.read(row, record, values)
                if isinstance(value, Bad):
                    bad.append((part.source.path, part.column, value))
                else:
                    given[part.source.field.id] = value
            reference = self._reference(slot, found, given, number) if len(given) == len(parts) else None
            if reference is not None:
                values[slot.field.id] = reference
        return values, tuple(bad)

    def _reference(
        self, slot: Slot, named: Scalar, parts: Mapping[FieldId, Scalar], number: int
    ) -> Reference | Several | None:
        references = self._reader.references
        if isinstance(slot.field.value_type, Many) and named is not None:
            given = named if isinstance(named, tuple) else parted(str(named))
            return Several(
                tuple(
                    references.by_id(slot, each)
                    if isinstance(each, int)
                    else references.by_text(slot, each, parts, number)
                    for each in given
                )
            )
        if named is None:
            return references.by_parts(slot, parts, number)
        if isinstance(named, int):
            return references.by_id(slot, named)
        return references.by_text(slot, str(named), parts, number)


def _turn(slot: Slot) -> int:
    if any(source.assigned is not None for source in slot.sources):
        return 1
    return 2 if all(not source.headings for source in slot.sources) else 0


def _no_year(year: int) -> Label:
    return label(zh=f"没有写年份的日期按 {year} 年读取", en=f"dates without a year are read as of {year}")


def _skipped(rows: Sequence[int]) -> Label:
    """Say how many rows are blank, and where the first of them stand."""
    spans: list[list[int]] = []
    for row in rows:
        if spans and row == spans[-1][1] + 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    places = [str(first) if first == last else f"{first}–{last}" for first, last in spans[:_MOST_SPANS]]
    more = len(spans) > _MOST_SPANS
    return label(
        zh=f"跳过 {len(rows)} 个空行：第 {'、'.join(places)}{'……' if more else ''} 行",
        en=f"skipped, blank: {len(rows)} rows ({', '.join(places)}{', …' if more else ''})",
    )


def _repeated(row: int) -> Label:
    return label(zh=f"与第 {row} 行完全相同", en=f"says exactly what row {row} says")


def note_references(reader: RowReader, rows: Sequence[ReadRow]) -> None:
    """Note every cell whose reference cannot be used, and leave it out of its row."""
    level_of = {"": reader.plan.record, **{level.collection: level for level in reader.plan.lines}}
    for row in rows:
        for collection, values in (("", row.record), *row.lines):
            if not collection and row.is_continued:
                continue
            for slot in level_of[collection].slots:
                for each in references_in(values.get(slot.field.id)):
                    if each.why is not None:
                        expected = _expected(slot)
                        reader.problems.append(
                            reader.problem(slot.path, row.number, "unknown_reference", each.why, expected)
                        )


def _expected(slot: Slot) -> Label:
    names = {
        "zh": label_text(slot.field.label, "zh"),
        "en": label_text(slot.field.label, "en").lower(),
    }
    return label(zh=f"已有的{names['zh']}", en=f"an existing {names['en']}")
