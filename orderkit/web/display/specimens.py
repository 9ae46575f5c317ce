"""One field of every type in every state that its control can be in: what the style page shows.

The values are the examples of the types, so a new type stands here without a word of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from orderkit.engine.access import Right
from orderkit.engine.records import FieldState, FileView, Item
from orderkit.fields.field_type import ATTACHED, Accepts, ColumnKind, FieldType
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Many
from orderkit.model.forms import Field, Form
from orderkit.model.options import OptionModel
from orderkit.web.display.fields import FieldValue, FieldView, FieldViews
from orderkit.web.display.traits import is_number

STATES = (
    "empty",
    "filled",
    "required",
    "wrong",
    "readonly",
    "computed",
    "masked",
    "long",
    "read",
    "cell",
    "cell_wrong",
)
_BARE = frozenset({"empty", "required"})
_MARKUP = '<img src=x onerror="alert(1)">“很长的内容”'
_LONG_NUMBER = "123456789012.34"
_PROBLEM = "示例：这里说明哪里不对，应当怎样填写"
# Their inputs refuse what is not of their kind, so nothing in them is long.
_SHORT = frozenset({"date", "datetime", "time", "boolean", "rating", "color", "choice"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Specimen:
    """A field in one state; `is_read` shows it as a record's page does."""

    state: str
    view: FieldView
    is_read: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecimenRow:
    """A field type with its states."""

    type: str
    label: str
    specimens: tuple[Specimen, ...]


def specimen_rows(views: FieldViews, form: Form, prefix: str) -> tuple[SpecimenRow, ...]:
    """Return a row for every field type; `prefix` keeps the names of two such tables apart."""
    return tuple(
        SpecimenRow(
            type=name,
            label=views.label(_field(kind)),
            specimens=tuple(_specimens(views, form, kind, f"{prefix}.{name}")),
        )
        for name, kind in views.catalog.fields.items()
        if kind.column is not ColumnKind.NONE
    )


def _field(kind: FieldType[OptionModel]) -> Field:
    options = kind.Options.model_validate(kind.example_options)
    return Field(
        id=kind.name, type=kind.name, options=options, value_type=kind.value_type(options), label=kind.label
    )


def _specimens(
    views: FieldViews, form: Form, kind: FieldType[OptionModel], prefix: str
) -> Iterator[Specimen]:
    field = _field(kind)
    for state in STATES:
        if state == "long" and kind.name in _SHORT:
            continue
        given = _given(kind, field, state)
        view = views.view(form, field, given, name=f"{prefix}.{state}", is_cell=state.startswith("cell"))
        yield Specimen(state=state, view=_at_home(view, state), is_read=state == "read")


def _given(kind: FieldType[OptionModel], field: Field, state: str) -> FieldValue:
    value = None if state in _BARE else _example(kind)
    is_long = state in {"long", "read"} and kind.name not in _SHORT
    title = f"{_MARKUP}{'的' * (60 if state == 'long' else 0)}"
    number = is_number(field)
    is_file = kind.column in ATTACHED
    return FieldValue(
        value="***" if state == "masked" else value,
        title=title if is_long and not number else ("示例" if field.target is not None and value else None),
        file=FileView(id=1, name=title, media_type="image/png", size=120_400)
        if is_file and value is not None and not isinstance(field.value_type, Many)
        else None,
        items=_items(value, title, is_file=is_file),
        text=(_LONG_NUMBER if number else title)
        if state == "long" and not is_file and field.target is None
        else None,
        problem=_PROBLEM if state.endswith("wrong") else "",
        right=Right.MASKED if state == "masked" else Right.WRITE,
        state=FieldState(is_visible=True, is_required=state == "required", is_readonly=state == "readonly"),
    )


def _items(value: Scalar, title: str, *, is_file: bool) -> tuple[Item, ...]:
    ids = [each for each in value if isinstance(each, int)] if isinstance(value, tuple) else []
    return tuple(
        Item(
            id=each,
            title=title,
            file=FileView(id=each, name=title, media_type="image/png", size=9_000) if is_file else None,
        )
        for each in ids
    )


def _example(kind: FieldType[OptionModel]) -> Scalar:
    return next(each.value for each in kind.examples if isinstance(each, Accepts) and each.value is not None)


def _at_home(view: FieldView, state: str) -> FieldView:
    """Return the view with the addresses of the style page, which keeps nothing."""
    return view.having(
        is_computed=view.is_computed or state == "computed",
        options_url="/_style/options" if view.options_url else "",
        upload_url="/_style/upload" if view.upload_url else "",
    )
