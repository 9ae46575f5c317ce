"""The filters of a list as people see them: what may be chosen, what is chosen, and a word about it."""

from collections.abc import Iterator
from dataclasses import dataclass

from orderkit.engine import access, records
from orderkit.engine.access import Action
from orderkit.engine.runtime import Unit
from orderkit.model.expressions.types import Boolean, Choice, Date, DateTime, Many, Number, Record
from orderkit.model.forms import Field, Form, ids_in
from orderkit.web.display.fields import FieldValue, FieldViews
from orderkit.web.listing.address import PREFIX, ListAddress
from orderkit.web.rendering.texts import Speaker

CHOICE, RANGE, DATES, REFERENCE, TEXT = "choice", "range", "dates", "reference", "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterOption:
    """A value that may be ticked."""

    value: str
    label: str
    hue: str
    is_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterView:
    """One filter. `kind` is `choice`, `range`, `dates`, `reference` or `text`."""

    name: str
    label: str
    kind: str
    summary: str
    options: tuple[FilterOption, ...]
    options_url: str
    start: str
    end: str
    text: str
    title: str


def filter_views(
    unit: Unit, form: Form, address: ListAddress, views: FieldViews, t: Speaker
) -> tuple[FilterView, ...]:
    """Return the filters of a form's list that this person may use."""
    return tuple(
        _filter(unit, form, form.by_id[field_id], address=address, views=views, t=t)
        for field_id in form.list.filters
        if access.decide(unit.person, Action.READ, form.id, field=field_id, unit=unit)
    )


def _filter(
    unit: Unit, form: Form, field: Field, *, address: ListAddress, views: FieldViews, t: Speaker
) -> FilterView:
    chosen = address.texts(field.id)
    start, end = ("".join(address.texts(f"{field.id}.{bound}")[:1]) for bound in ("from", "to"))
    options = tuple(_options(form, field, chosen, views, t))
    title = _title(unit, field, address)
    return FilterView(
        name=PREFIX + field.id,
        label=views.label(field),
        kind=_kind(field),
        summary=_summary(options, start, end, title or "".join(chosen[:1]) if not options else "", t),
        options=options,
        options_url=f"/forms/{form.id}/options/{field.id}",
        start=start,
        end=end,
        text="".join(chosen[:1]),
        title=title,
    )


def _kind(field: Field) -> str:
    match field.value_type.of if isinstance(field.value_type, Many) else field.value_type:
        case Date() | DateTime():
            return DATES
        case Number():
            return RANGE
        case Choice() | Boolean():
            return CHOICE
        case Record():
            return REFERENCE
        case _:
            return TEXT


def _options(
    form: Form, field: Field, chosen: tuple[str, ...], views: FieldViews, t: Speaker
) -> Iterator[FilterOption]:
    if isinstance(field.value_type, Boolean):
        for value, key in (("true", "list.yes"), ("false", "list.no")):
            yield FilterOption(value=value, label=t(key), hue="", is_on=value in chosen)
    for option in views.view(form, field, FieldValue()).options:
        yield FilterOption(
            value=option.value, label=option.label, hue=option.hue, is_on=option.value in chosen
        )


def _title(unit: Unit, field: Field, address: ListAddress) -> str:
    wanted = next((each.values[0] for each in address.filters if each.field == field.id), None)
    ids = ids_in(wanted)
    if field.target is None or not ids:
        return ""
    return records.title(unit, field.target, ids[0]) or ""


def _summary(options: tuple[FilterOption, ...], start: str, end: str, single: str, t: Speaker) -> str:
    ticked = [option.label for option in options if option.is_on]
    if len(ticked) > 2:
        return t("list.chosen", count=len(ticked))
    if ticked:
        return " / ".join(ticked)
    if start and end:
        return f"{start} – {end}"
    if start or end:
        return f"≥ {start}" if start else f"≤ {end}"
    return single
