"""How one field stands on a page: its label, its value as text, and what its template needs to know.

The template of a field's type decides how it looks; who may see or write it was decided by the engine.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from orderkit.catalog import Catalog
from orderkit.engine.access import Action, Right, decide
from orderkit.engine.records import FieldState, FileView, Item
from orderkit.engine.runtime import Unit
from orderkit.engine.zones import options_seen
from orderkit.fields.choice import ChoiceOptions
from orderkit.fields.field_type import ATTACHED
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Number, Record
from orderkit.model.forms import Field, Form, SystemRole
from orderkit.model.labels import text_of
from orderkit.model.options import OptionModel
from orderkit.model.project import Project
from orderkit.web.display.currencies import mark_of
from orderkit.web.display.hues import hues_of
from orderkit.web.display.sizes import shown_size

WIDE_TYPES = frozenset({"longtext", "richtext", "json", "lines"})
FREE = FieldState(is_visible=True, is_required=False, is_readonly=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionView:
    """One value that may be chosen."""

    value: str
    label: str
    hue: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """One of several records or files: `note` stands beside it (a file's size)."""

    value: str
    label: str
    href: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """One field of one record. `name` is what a form sends, `element` the id in the document.

    `text` is what an input holds, `shown` what people read; `note` stands beside it (a file's size).
    `items` are the records or files of a field with several; `markup` is HTML that was sanitised.
    """

    name: str
    element: str
    type: str
    label: str
    help: str
    placeholder: str
    text: str
    shown: str
    note: str
    unit: str
    unit_end: str
    problem: str
    href: str
    hue: str
    options_url: str
    upload_url: str
    settings: OptionModel
    options: tuple[OptionView, ...]
    items: tuple[ItemView, ...]
    markup: str
    is_number: bool
    is_state: bool
    is_wide: bool
    is_cell: bool
    is_visible: bool
    is_required: bool
    is_readonly: bool
    is_computed: bool
    is_masked: bool
    is_touched: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldValue:
    """What is known of a field's value. `shown` None lets the type say it; `text` is kept input."""

    value: Scalar = None
    title: str | None = None
    file: FileView | None = None
    items: tuple[Item, ...] = ()
    unit: str = ""
    text: str | None = None
    problem: str = ""
    right: Right = Right.WRITE
    state: FieldState = FREE
    is_touched: bool = False


class FieldViews:
    """Makes field views in one language. `readable` are the forms to whose records they may link.

    `zone` is that of the reader's clock; without one, the project's.
    """

    def __init__(
        self,
        project: Project,
        catalog: Catalog,
        locale: str,
        *,
        readable: frozenset[str] = frozenset(),
        zone: ZoneInfo | None = None,
    ) -> None:
        self.project = project
        self.catalog = catalog
        self.locale = locale
        self.readable = readable
        self.zone = zone or ZoneInfo(project.timezone)

    def view(
        self, form: Form, field: Field, given: FieldValue, *, name: str = "", is_cell: bool = False
    ) -> FieldView:
        """Return the view of a field of `form`. `name` is set where the field may be filled in."""
        is_masked = given.right is Right.MASKED
        is_computed = field.is_derived or (
            field.system is not SystemRole.NONE and field.system is not SystemRole.OWNER
        )
        options = self._options(field, given.value)
        element = "f-" + (name or field.id).replace(".", "-")
        return FieldView(
            name=name or field.id,
            element=element,
            type=field.type,
            label=self.label(field),
            help=text_of(field.help, self.locale) if field.help else "",
            placeholder=text_of(field.placeholder, self.locale) if field.placeholder else "",
            text=given.text if given.text is not None else self._text(field, given),
            shown=self.shown(field, given),
            note=shown_size(given.file.size) if given.file else "",
            unit=_unit(field),
            unit_end=given.unit,
            problem=given.problem,
            href="" if is_masked else self._href(field, given),
            hue=next((option.hue for option in options if option.value == given.value), ""),
            options_url=f"/forms/{form.id}/options/{field.id}" if field.target is not None else "",
            upload_url=f"/forms/{form.id}/upload/{field.id}" if self._is_attached(field) else "",
            settings=field.options,
            options=options,
            items=() if is_masked else tuple(self._item(field, each) for each in given.items),
            markup=given.value
            if field.type == "richtext" and not is_masked and isinstance(given.value, str)
            else "",
            is_number=is_number(field),
            is_state=field.workflow is not None,
            is_wide=field.type in WIDE_TYPES,
            is_cell=is_cell,
            is_visible=given.state.is_visible,
            is_required=given.state.is_required,
            is_readonly=given.state.is_readonly or given.right < Right.WRITE,
            is_computed=is_computed,
            is_masked=is_masked,
            is_touched=given.is_touched,
        )

    def label(self, field: Field) -> str:
        """Return what a field is called."""
        return text_of(field.label, self.locale)

    def shown(self, field: Field, given: FieldValue) -> str:
        """Return the value as people read it."""
        if given.right is Right.MASKED:
            return "" if given.value is None else str(given.value)
        if given.file is not None:
            return given.file.name
        if given.title is not None:
            return given.title
        shown = self.catalog.fields[field.type].show(
            options_seen(field, self.project, self.zone), given.value, self.locale
        )
        return trimmed(shown, field) if is_number(field) else shown

    def _text(self, field: Field, given: FieldValue) -> str:
        if given.right is Right.MASKED:
            return ""
        text = self.catalog.fields[field.type].edit_text(
            options_seen(field, self.project, self.zone), given.value
        )
        return trimmed(text, field) if is_number(field) else text

    def _href(self, field: Field, given: FieldValue) -> str:
        if given.value is None:
            return ""
        if given.file is not None:
            return f"/files/{given.file.id}"
        if isinstance(field.value_type, Record) and field.value_type.form in self.readable:
            return f"/forms/{field.value_type.form}/{given.value}"
        return self.catalog.fields[field.type].link(field.options, given.value)

    def _item(self, field: Field, item: Item) -> ItemView:
        href = f"/forms/{field.target}/{item.id}" if field.target in self.readable else ""
        return ItemView(
            value=str(item.id),
            label=item.title,
            href=href if item.file is None else f"/files/{item.id}",
            note="" if item.file is None else shown_size(item.file.size),
        )

    def _is_attached(self, field: Field) -> bool:
        return self.catalog.fields[field.type].column in ATTACHED

    def _options(self, field: Field, value: Scalar) -> tuple[OptionView, ...]:
        settings = field.options
        if not isinstance(settings, ChoiceOptions):
            return ()
        chosen = value if isinstance(value, tuple) else (value,)
        hues: Mapping[str, str] = hues_of(self.project, field)
        return tuple(
            OptionView(
                value=option.value,
                label=text_of(option.label, self.locale),
                hue=hues.get(option.value, ""),
                is_chosen=option.value in chosen,
            )
            for option in settings.options
            if not option.retired or option.value in chosen
        )


def field_views(unit: Unit) -> FieldViews:
    """Return what makes field views for the person of a unit."""
    forms = (form for form in unit.project.forms if form.parent is None)
    readable = (form.id for form in forms if decide(unit.person, Action.READ, form.id, unit=unit))
    return FieldViews(
        unit.project, unit.runtime.catalog, unit.locale, readable=frozenset(readable), zone=unit.zone
    )


def is_number(field: Field) -> bool:
    """Return whether the field holds a number, which stands at the right of its column."""
    return isinstance(field.value_type, Number)


def _unit(field: Field) -> str:
    """Return the mark that stands before an amount: one letter only, so that inputs line up."""
    type_ = field.value_type
    mark = mark_of(type_.currency) if isinstance(type_, Number) and type_.currency else ""
    return mark if len(mark) == 1 else ""


def trimmed(text: str, field: Field) -> str:
    """Return a number without needless zeros: none for quantities, but two places for money.

    A price kept to four places reads `45.00`, not `45.0000`; `45.125` keeps all it has.
    """
    whole, point, places = text.partition(".")
    if not point or not places.isdecimal():
        return text
    kept = places.rstrip("0")
    if field.type == "money":
        kept = kept.ljust(min(2, len(places)), "0")
    return f"{whole}.{kept}" if kept else whole
