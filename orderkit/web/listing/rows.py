"""The rows of a list: one record each, with a cell for each column.

Cells that show the same are one cell, in however many rows they stand: of states, people and days there are few.
"""

from dataclasses import dataclass
from datetime import date

from orderkit.engine.access import Right
from orderkit.engine.records import RecordView
from orderkit.model.forms import Field, FieldId, Form
from orderkit.web.display.fields import FieldValue, FieldView, FieldViews
from orderkit.web.display.traits import is_number

# Values of these types that are equal read the same; `1.0` and `1.00`, or an instant in two zones, need not.
_ALIKE = frozenset({str, int, bool, date, type(None)})
_NOTHING = FieldValue(right=Right.READ)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One value of a row. `looks` are the classes of its cell, but for that of an empty one."""

    field: FieldView
    label: str
    looks: str
    is_first: bool
    is_editable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One record of the list."""

    id: int
    url: str
    title: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """What the cells of a column have in common, and those that there are so far."""

    field: Field
    label: str
    looks: str
    is_first: bool
    may_edit: bool
    known: dict[tuple[object, ...], Cell]


class RowViews:
    """Makes the rows of one list for one reader. The first `frozen` columns stay in sight."""

    def __init__(
        self,
        form: Form,
        columns: tuple[Field, ...],
        views: FieldViews,
        editable: frozenset[FieldId],
        *,
        frozen: int,
    ) -> None:
        self._form, self._views = form, views
        self._columns = tuple(
            _Column(
                field=field,
                label=views.label(field),
                looks=_looks(field, index, frozen),
                is_first=index == 0,
                may_edit=field.id in editable,
                known={},
            )
            for index, field in enumerate(columns)
        )

    def row(self, record: RecordView) -> Row:
        """Return a record as a row."""
        values, titles, rights, units = record.values, record.titles, record.rights, record.units
        attached = record.files or record.items
        cells: list[Cell] = []
        for column in self._columns:
            name = column.field.id
            value = values.get(name)
            # What is several, or a file, is told by more than this.
            if type(value) not in _ALIKE or (attached and (name in record.files or name in record.items)):
                cells.append(self._cell(record, column))
                continue
            key = (type(value), value, titles.get(name), units.get(name), rights.get(name))
            cell = column.known.get(key)
            if cell is None:
                cell = column.known[key] = self._cell(record, column)
            cells.append(cell)
        return Row(
            id=record.id, url=f"/forms/{record.form}/{record.id}", title=record.title, cells=tuple(cells)
        )

    def _cell(self, record: RecordView, column: _Column) -> Cell:
        name = column.field.id
        right = record.rights.get(name, Right.HIDDEN)
        if right is Right.HIDDEN:
            given = _NOTHING
        else:
            given = FieldValue(
                value=record.values.get(name),
                title=record.titles.get(name),
                file=record.files.get(name),
                items=record.items.get(name, ()),
                unit=record.units.get(name, ""),
                right=right,
            )
        return Cell(
            field=self._views.view(self._form, column.field, given, is_cell=True),
            label=column.label,
            looks=column.looks,
            is_first=column.is_first,
            is_editable=column.may_edit and right >= Right.READ,
        )


def _looks(field: Field, index: int, frozen: int) -> str:
    """Return the classes of a cell. On a phone the first, the state and the lead have places of their own."""
    return (
        ("is-number " if is_number(field) else "")
        + ("is-first " if index == 0 else "")
        + ("is-state " if field.workflow is not None else "")
        + ("is-lead " if index == 1 and not is_number(field) else "")
        + ("is-frozen " if index < frozen else "")
    )
