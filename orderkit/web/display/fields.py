"""How one field stands on a page: its label, its value as text, and what its template needs to know.

The template of a field's type decides how it looks; who may see or write it was decided by the engine.
"""

from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from orderkit.catalog import Catalog
from orderkit.engine.access import Action, Right, decide
from orderkit.engine.records import FieldState, FileView, Item
from orderkit.engine.runtime import Unit
from orderkit.engine.zones import options_seen
from orderkit.fields.choice import ChoiceOptions
from orderkit.fields.field_type import FieldType
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Record
from orderkit.model.forms import Field, Form
from orderkit.model.labels import text_of
from orderkit.model.options import OptionModel
from orderkit.model.project import Project
from orderkit.web.display.sizes import shown_size
from orderkit.web.display.traits import AllTraits, FieldTraits, all_traits, is_number

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


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of one record. `name` is what a form sends; what a template does not ask for is not worked out.

    `shown` is what people read.
    """

    # Private, as templates of a project see views, and may not reach what makes them.
    _traits: FieldTraits
    _given: "FieldValue"
    _views: "FieldViews"
    name: str
    shown: str
    is_cell: bool

    @property
    def element(self) -> str:
        """The id in the document."""
        return "f-" + self.name.replace(".", "-")

    @property
    def type(self) -> str:
        """The field's type, whose template draws it."""
        return self._traits.field.type

    @property
    def label(self) -> str:
        """What the field is called."""
        return self._traits.label

    @property
    def help(self) -> str:
        """What helps to fill it in."""
        return self._traits.help

    @property
    def placeholder(self) -> str:
        """What stands in an empty input."""
        return self._traits.placeholder

    @property
    def text(self) -> str:
        """What an input holds."""
        return (
            self._given.text if self._given.text is not None else self._views.text(self._traits, self._given)
        )

    @property
    def note(self) -> str:
        """What stands beside it: a file's size."""
        return shown_size(self._given.file.size) if self._given.file else ""

    @property
    def unit(self) -> str:
        """What stands before a number."""
        return self._traits.unit

    @property
    def unit_end(self) -> str:
        """What stands after a number."""
        return self._given.unit

    @property
    def problem(self) -> str:
        """What is wrong with it."""
        return self._given.problem

    @property
    def href(self) -> str:
        """Where it leads."""
        return "" if self.is_masked else self._views.href(self._traits, self._given)

    @property
    def hue(self) -> str:
        """The colour of its value."""
        value, hues = self._given.value, self._traits.hues
        if not hues or not isinstance(value, str):
            return ""
        settings = self._traits.settings
        is_option = isinstance(settings, ChoiceOptions) and any(
            value == each.value for each in settings.options
        )
        return hues.get(value, "") if is_option else ""

    @property
    def options_url(self) -> str:
        """Where records to choose from are asked for."""
        return self._traits.options_url

    @property
    def upload_url(self) -> str:
        """Where its files are sent."""
        return self._traits.upload_url

    @property
    def settings(self) -> OptionModel:
        """The options of its type."""
        return self._traits.settings

    @property
    def options(self) -> tuple[OptionView, ...]:
        """The values to choose from."""
        return self._views.options(self._traits, self._given.value)

    @property
    def items(self) -> tuple[ItemView, ...]:
        """The records or files of a field with several."""
        return () if self.is_masked else self._views.items(self._traits, self._given)

    @property
    def markup(self) -> str:
        """HTML that was sanitised."""
        value = self._given.value
        is_rich = self.type == "richtext" and not self.is_masked
        return value if is_rich and isinstance(value, str) else ""

    @property
    def is_number(self) -> bool:
        """Whether it stands at the right of its column."""
        return self._traits.is_number

    @property
    def is_state(self) -> bool:
        """Whether it is the state of a workflow."""
        return self._traits.is_state

    @property
    def is_wide(self) -> bool:
        """Whether it takes a whole line."""
        return self._traits.is_wide

    @property
    def is_visible(self) -> bool:
        """Whether it shows now."""
        return self._given.state.is_visible

    @property
    def is_required(self) -> bool:
        """Whether it must be filled in."""
        return self._given.state.is_required

    @property
    def is_readonly(self) -> bool:
        """Whether this person may not write it now."""
        return self._given.state.is_readonly or self._given.right < Right.WRITE

    @property
    def is_computed(self) -> bool:
        """Whether orderkit fills it in."""
        return self._traits.is_computed

    @property
    def is_masked(self) -> bool:
        """Whether it shows disguised."""
        return self._given.right is Right.MASKED

    @property
    def is_touched(self) -> bool:
        """Whether the person has written into it."""
        return self._given.is_touched

    def having(self, **traits: Any) -> "FieldView":
        """Return the same field with other traits, such as `options_url`."""
        return replace(self, _traits=replace(self._traits, **traits))


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

    `zone` is that of the reader's clock; without one, the project's. `traits` are those of that language.
    """

    def __init__(
        self,
        project: Project,
        catalog: Catalog,
        locale: str,
        *,
        readable: frozenset[str] = frozenset(),
        zone: ZoneInfo | None = None,
        traits: AllTraits | None = None,
    ) -> None:
        self.project = project
        self.catalog = catalog
        self.locale = locale
        self.readable = readable
        self.zone = zone or ZoneInfo(project.timezone)
        self.traits = traits or AllTraits(project, catalog, locale)

    def view(
        self, form: Form, field: Field, given: FieldValue, *, name: str = "", is_cell: bool = False
    ) -> FieldView:
        """Return the view of a field of `form`. `name` is set where the field may be filled in."""
        traits = self.traits.of(form, field)
        return FieldView(
            traits, given, self, name or field.id, self._shown(traits.kind, field, given), is_cell
        )

    def label(self, field: Field) -> str:
        """Return what a field is called."""
        return text_of(field.label, self.locale)

    def shown(self, field: Field, given: FieldValue) -> str:
        """Return the value as people read it."""
        return self._shown(self.catalog.fields[field.type], field, given)

    def text(self, traits: FieldTraits, given: FieldValue) -> str:
        """Return the value as an input holds it."""
        if given.right is Right.MASKED:
            return ""
        text: str = traits.kind.edit_text(self._seen(traits.field), given.value)
        return trimmed(text, traits.field) if traits.is_number else text

    def href(self, traits: FieldTraits, given: FieldValue) -> str:
        """Return where a value leads, if this reader may go there."""
        if given.value is None:
            return ""
        if given.file is not None:
            return f"/files/{given.file.id}"
        kind = traits.field.value_type
        if isinstance(kind, Record) and kind.form in self.readable:
            return f"/forms/{kind.form}/{given.value}"
        return traits.kind.link(traits.settings, given.value)

    def items(self, traits: FieldTraits, given: FieldValue) -> tuple[ItemView, ...]:
        """Return the records or files of a field with several."""
        return tuple(self._item(traits.field, each) for each in given.items)

    def options(self, traits: FieldTraits, value: Scalar) -> tuple[OptionView, ...]:
        """Return the values to choose from, and the one that is chosen even where it is retired."""
        settings = traits.settings
        if not isinstance(settings, ChoiceOptions):
            return ()
        chosen = value if isinstance(value, tuple) else (value,)
        return tuple(
            OptionView(
                value=option.value,
                label=text_of(option.label, self.locale),
                hue=traits.hues.get(option.value, ""),
                is_chosen=option.value in chosen,
            )
            for option in settings.options
            if not option.retired or option.value in chosen
        )

    def _shown(self, kind: FieldType[Any], field: Field, given: FieldValue) -> str:
        if given.right is Right.MASKED:
            return "" if given.value is None else str(given.value)
        if given.file is not None:
            return given.file.name
        if given.title is not None:
            return given.title
        shown = kind.show(self._seen(field), given.value, self.locale)
        return trimmed(shown, field) if is_number(field) else shown

    def _seen(self, field: Field) -> OptionModel:
        return options_seen(field, self.project, self.zone)

    def _item(self, field: Field, item: Item) -> ItemView:
        href = f"/forms/{field.target}/{item.id}" if field.target in self.readable else ""
        return ItemView(
            value=str(item.id),
            label=item.title,
            href=href if item.file is None else f"/files/{item.id}",
            note="" if item.file is None else shown_size(item.file.size),
        )


def field_views(unit: Unit) -> FieldViews:
    """Return what makes field views for the person of a unit."""
    forms = (form for form in unit.project.forms if form.parent is None)
    readable = (form.id for form in forms if decide(unit.person, Action.READ, form.id, unit=unit))
    return FieldViews(
        unit.project,
        unit.runtime.catalog,
        unit.locale,
        readable=frozenset(readable),
        zone=unit.zone,
        traits=all_traits(unit),
    )


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
