"""Records as a template of a document has them: a field is read when it is asked for."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from markupsafe import Markup

from orderkit.engine.access import Right
from orderkit.engine.printing import Reader
from orderkit.engine.records import RecordView
from orderkit.engine.runtime import Unit
from orderkit.fields.barcode import BarcodeOptions
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Many, Number
from orderkit.model.forms import Field, Form, ids_in
from orderkit.web.display.fields import FieldViews, field_views
from orderkit.web.printing.values import NOTHING, Attached, Day, Figure, Moment, Several, Words, lines_of
from orderkit.web.recording.sections import value_of
from orderkit.web.rendering.templates import rich_text


class Row:
    """A record of a group that is read together. It is written as its title.

    One that the reader may not see has a title, where a field named it, and nothing besides but what is `known`.
    """

    __slots__ = ("_group", "_known", "form", "id", "title", "view")

    def __init__(
        self,
        group: "Group",
        record_id: int,
        title: str,
        view: RecordView | None,
        known: Mapping[str, object] | None = None,
    ) -> None:
        self._group = group
        self.form = group.form.id
        self.id = record_id
        self.title = title
        self.view = view
        self._known = known or {}

    def part(self, name: str) -> object:
        """Return a field, or the records of a collection."""
        if self.view is None or name not in self._group.names:
            return self._known.get(name, NOTHING)
        return self._group.part(self.view, name)

    def has(self, name: str) -> bool:
        """Return whether a record of this form has such a field or collection."""
        return name in self._group.names

    def __str__(self) -> str:
        return self.title

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Row) and (self.form, self.id) == (other.form, other.id)

    def __hash__(self) -> int:
        return hash((self.form, self.id))


class Rows:
    """Makes rows for one printing, in one language."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.reader = Reader(unit)
        self.fields: FieldViews = field_views(unit)

    def of(self, form: Form, views: Sequence[RecordView]) -> list[Row]:
        """Return views as rows that are read together."""
        group = Group(self, form, views)
        return [Row(group, view.id, view.title, view) for view in views]

    def person(self) -> Row:
        """Return who prints."""
        unit, form = self.unit, self.unit.project.form_by_id["user"]
        person_id = unit.person.id or 0
        view = self.reader.records("user", [person_id]).get(person_id)
        known = {"name": unit.person.name, "login": unit.person.login}
        return Row(Group(self, form, [view] if view else []), person_id, unit.person.name, view, known)


class Group:
    """Records of one form that stand in a document together; what one of them refers to is read for all."""

    def __init__(self, rows: Rows, form: Form, views: Sequence[RecordView]) -> None:
        self.rows = rows
        self.form = form
        self.views = views
        self.names = {*form.by_id, *form.collection_by_id}
        self._referred: dict[str, Mapping[int, Row]] = {}
        self._lines: dict[str, Mapping[int, list[Row]]] = {}
        self._referring: dict[str, Mapping[int, list[Row]]] = {}

    def part(self, view: RecordView, name: str) -> object:
        """Return what stands in a field of one of the records, or refers to it."""
        collection = self.form.collection_by_id.get(name)
        if collection is None:
            return self._value(view, self.form.by_id[name])
        target = self.rows.unit.project.form_by_id[collection.form]
        if collection.is_lines:
            if name not in self._lines:
                self._lines[name] = self._rows_of(
                    target, {each.id: each.lines.get(name, ()) for each in self.views}
                )
            return self._lines[name].get(view.id, [])
        if name not in self._referring:
            found = self.rows.reader.referring(self.form, name, [each.id for each in self.views])
            self._referring[name] = self._rows_of(target, found)
        return self._referring[name].get(view.id, [])

    def _rows_of(self, form: Form, views: Mapping[int, Sequence[RecordView]]) -> Mapping[int, list[Row]]:
        """Return what belongs to each of the records, read together."""
        made = iter(self.rows.of(form, [each for some in views.values() for each in some]))
        return {key: [next(made) for _ in some] for key, some in views.items()}

    def _value(self, view: RecordView, field: Field) -> object:
        value = view.values.get(field.id)
        if value is None or field.id not in view.rights:
            return NOTHING
        if view.rights[field.id] is Right.MASKED:
            return self._masked(field, str(value))
        if field.target is not None:
            found = [self._record(field, each, view) for each in ids_in(value)]
            return Several(found) if isinstance(value, tuple) else found[0] if found else NOTHING
        if field.id in view.files:
            return Attached(view.files[field.id])
        items = view.items.get(field.id)
        if items is not None:
            return Several(Attached(each.file) for each in items if each.file is not None)
        return self._plain(view, field, value)

    def _record(self, field: Field, record_id: int, view: RecordView) -> Row:
        if field.id not in self._referred:
            assert field.target is not None
            target = self.rows.unit.project.form_by_id[field.target]
            ids = [one for each in self.views for one in _ids(each, field.id)]
            found = self.rows.reader.records(target.id, ids)
            self._referred[field.id] = {row.id: row for row in self.rows.of(target, list(found.values()))}
        known = self._referred[field.id].get(record_id)
        if known is not None:
            return known
        title = next((each.title for each in view.items.get(field.id, ()) if each.id == record_id), None)
        nobody = Group(self.rows, self.form, ())
        return Row(nobody, record_id, title or view.titles.get(field.id, ""), None)

    def _masked(self, field: Field, stars: str) -> object:
        """Return a masked value: a reference stays one of which nothing further is known, as templates go on from it."""
        if field.target is None:
            return stars
        row = Row(Group(self.rows, self.form, ()), 0, stars, None)
        return Several([row]) if isinstance(field.value_type, Many) else row

    def _plain(self, view: RecordView, field: Field, value: Scalar) -> object:
        fields = self.rows.fields
        shown = fields.shown(field, value_of(view, field.id))
        match value:
            case bool():
                return value
            case int() | Decimal():
                type_ = field.value_type
                currency = (type_.currency or "") if isinstance(type_, Number) else ""
                return Figure.of(
                    value, shown, view.units.get(field.id, "") if currency.startswith("=") else currency
                )
            case datetime():
                return Moment.at(value.astimezone(self.rows.unit.zone), shown)
            case date():
                return Day.on(value, shown)
            case str() if field.type == "richtext":
                return rich_text(value)
            case str() if "\n" in value:
                return Words.of(value, lines_of(shown))
            case str():
                options = field.options
                return Words.of(
                    value, shown, options.symbology if isinstance(options, BarcodeOptions) else ""
                )
            case tuple():
                return Several(self._one_of(field, each) for each in value)
            case _:
                return Words.of(shown, shown)

    def _one_of(self, field: Field, value: object) -> object:
        if not isinstance(value, str):
            return value
        type_ = self.rows.unit.runtime.catalog.fields[field.type]
        return Words.of(value, type_.show(field.options, (value,), self.rows.unit.locale))


def _ids(view: RecordView, field_id: str) -> tuple[int, ...]:
    if view.rights.get(field_id, Right.HIDDEN) is Right.MASKED:
        return ()
    return ids_in(view.values.get(field_id))


def written(value: object) -> str | Markup:
    """Return a value as a document writes it."""
    match value:
        case Markup():
            return value
        case Figure() | Words() | Day() | Moment():
            return value.shown
        case Several():
            return "、".join(written(each) for each in value)
        case list():
            return "、".join(written(each) for each in value)
        case bool():
            return "✓" if value else ""
        case Decimal():
            return plain_number(value)
        case None:
            return ""
        case str() | int() | Row() | Attached() | date() | timedelta():
            return str(value)
        case _:
            # What Python would say of anything else is nothing for paper, and may be without end.
            return ""


def plain_number(value: Decimal) -> str:
    """Return a reckoned number without an exponent and without needless zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
