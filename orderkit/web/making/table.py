"""The table in which lines are picked: what each is, how much is left, and how much is taken."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from starlette.datastructures import FormData

from orderkit.engine.records import FieldState, PickLine, Quantity, RecordView
from orderkit.engine.runtime import Unit
from orderkit.fields.field_type import Invalid
from orderkit.model.errors import Problem
from orderkit.model.forms import Field, FieldId, Form
from orderkit.model.labels import text_of
from orderkit.web.display.fields import FieldValue, FieldView, FieldViews, field_views
from orderkit.web.recording.sections import value_of

# What tells one line from another; the rest stands on the record itself.
MOST_CELLS = 5
CHOSEN = "row"
_LONG = frozenset({"longtext", "richtext", "json", "lines", "file", "files", "image", "images", "signature"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountView:
    """How much of one line is left, and the input for how much is taken."""

    open: str
    input: FieldView


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """One line that may be picked. `name` is what its inputs begin with."""

    id: int
    name: str
    title: str
    source: str
    cells: tuple[FieldView, ...]
    amounts: tuple[AmountView, ...]
    is_chosen: bool
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupView:
    """The lines that together make one record."""

    title: str
    lines: tuple[LineView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView:
    """All groups, with the columns that they share."""

    columns: tuple[FieldView, ...]
    amounts: tuple[FieldView, ...]
    groups: tuple[GroupView, ...]
    shows_source: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """What came back: the rows ticked, their numbers, the texts as typed, and what could not be read."""

    chosen: frozenset[int]
    amounts: Mapping[int, Mapping[FieldId, Decimal]]
    texts: Mapping[str, str]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLines:
    """What one group is called, and its lines."""

    title: str
    lines: Sequence[PickLine]


def picked_in(unit: Unit, form: FormData, fields: Sequence[Field]) -> Picked:
    """Return what a person ticked and typed; numbers of rows that are not ticked are not looked at."""
    ticked = [each for each in form.getlist(CHOSEN) if isinstance(each, str)]
    chosen = [int(each) for each in ticked if each.isascii() and each.isdecimal() and len(each) <= 18]
    amounts: dict[int, dict[FieldId, Decimal]] = {row: {} for row in chosen}
    problems: list[Problem] = []
    for row in chosen:
        for field in fields:
            text = form.get(f"rows.{row}.{field.id}")
            if not isinstance(text, str) or not text.strip():
                continue
            value = unit.runtime.catalog.fields[field.type].parse(field.options, text)
            if isinstance(value, Invalid):
                path = f"rows.{row}.{field.id}"
                problems.append(
                    Problem(path=path, code="invalid", message=value.message, help=value.expected)
                )
            elif isinstance(value, int | Decimal):
                amounts[row][field.id] = Decimal(value)
    return Picked(
        chosen=frozenset(chosen),
        amounts=amounts,
        texts={name: text for name, text in form.items() if isinstance(text, str)},
        problems=tuple(problems),
    )


def table_view(
    unit: Unit,
    sources: Mapping[int, RecordView],
    groups: Sequence[GroupLines],
    picked: Picked | None,
    problems: Mapping[str, str],
) -> TableView:
    """Return the table. `picked` None is a page that is opened; `problems` are told by their places."""
    views = field_views(unit)
    lines = [line for group in groups for line in group.lines]
    rows = _rows_of(sources.values())
    forms = {line.form: unit.project.form_by_id[line.form] for line in lines}
    amounts = {quantity.field.id: quantity.field for line in lines for quantity in line.quantities}
    shown = {form_id: _columns(form, lines, rows, amounts) for form_id, form in forms.items()}
    first = next(iter(forms.values()), None)
    drawing = _Drawing(views, sources, rows, shown, forms, picked, problems)
    return TableView(
        columns=()
        if first is None
        else tuple(views.view(first, each, FieldValue()) for each in shown[first.id]),
        amounts=()
        if first is None
        else tuple(views.view(first, each, FieldValue()) for each in amounts.values()),
        groups=tuple(
            GroupView(title=group.title, lines=tuple(drawing.line(each) for each in group.lines))
            for group in groups
        ),
        shows_source=len(sources) > 1,
    )


Rows = Mapping[tuple[str, int], RecordView]


def _rows_of(records: Iterable[RecordView]) -> Rows:
    return {(row.form, row.id): row for each in records for rows in each.lines.values() for row in rows}


def _columns(
    form: Form, lines: Sequence[PickLine], rows: Rows, amounts: Mapping[FieldId, Field]
) -> list[Field]:
    """Return the fields that tell lines of a form apart, as far as the person sees them on any."""
    seen = [rows[line.form, line.row_id] for line in lines if (line.form, line.row_id) in rows]
    found = (
        field
        for field in form.fields
        if not field.system and field.type not in _LONG and any(field.id in row.values for row in seen)
    )
    return [field for field in found if field.id not in amounts or not field.is_derived][:MOST_CELLS]


@dataclass(frozen=True, slots=True)
class _Drawing:
    views: FieldViews
    sources: Mapping[int, RecordView]
    rows: Rows
    shown: Mapping[str, list[Field]]
    forms: Mapping[str, Form]
    picked: Picked | None
    problems: Mapping[str, str]

    def line(self, line: PickLine) -> LineView:
        """Return one line as it is drawn."""
        row = self.rows.get((line.form, line.row_id))
        form = self.forms[line.form]
        name = f"rows.{line.row_id}"
        source = self.sources.get(line.source_id)
        cells = () if row is None else tuple(self._cells(form, row))
        return LineView(
            id=line.row_id,
            name=name,
            title=next((cell.shown for cell in cells if cell.shown), "" if source is None else source.title),
            source="" if source is None else source.title,
            cells=cells,
            amounts=tuple(self._amount(form, name, each) for each in line.quantities),
            is_chosen=self.picked is None or line.row_id in self.picked.chosen,
            problem=self.problems.get(name, ""),
        )

    def _cells(self, form: Form, row: RecordView) -> Iterator[FieldView]:
        for field in self.shown[form.id]:
            yield self.views.view(form, field, value_of(row, field.id), is_cell=True)

    def _amount(self, form: Form, name: str, quantity: Quantity) -> AmountView:
        place = f"{name}.{quantity.field.id}"
        given = FieldValue(
            value=quantity.preset,
            text=None if self.picked is None else self.picked.texts.get(place),
            problem=self.problems.get(place, ""),
            state=FieldState(is_visible=True, is_required=False, is_readonly=not quantity.is_writable),
        )
        view = self.views.view(
            form, replace(quantity.field, compute=None, copy=None), given, name=place, is_cell=True
        )
        shown = (
            "" if quantity.open is None else self.views.shown(quantity.field, FieldValue(value=quantity.open))
        )
        return AmountView(open=shown, input=view)


def told_by_place(
    problems: Sequence[Problem], form: Form, locale: str, t: Callable[..., str]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return problems by the line's inputs, and those of the new record, each with its field named."""
    by_place: dict[str, str] = {}
    general: list[str] = []
    for problem in problems:
        text = text_of(problem.message, locale)
        if problem.path.startswith("rows."):
            by_place.setdefault(problem.path, text)
            continue
        field = form.by_id.get(problem.path)
        general.append(
            text if field is None else t("making.at", field=text_of(field.label, locale), problem=text)
        )
    return by_place, tuple(dict.fromkeys(general))
