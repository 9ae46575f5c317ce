"""The columns of a board, and how much of each is shown.

A column is a value of the field, or its absence. Each shows its first cards and, asked for more, at most
as many as one page of a list has: whoever needs the rest is better served by the table.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from starlette.datastructures import QueryParams

from orderkit.engine import records
from orderkit.engine.records import Filter, Operator, RecordView
from orderkit.engine.runtime import Unit
from orderkit.fields.choice import ChoiceOptions
from orderkit.model.forms import Field, Form
from orderkit.model.labels import text_of
from orderkit.web.display.hues import hues_of
from orderkit.web.listing.address import ListAddress
from orderkit.web.listing.querying import whole_query

NOTHING = ""
"""Stands for the value of a record in which the field is empty."""
SHOWN = (20, 60, 200)
# Each brings the values of all filters along, of which a statement has no end.
COUNTED_TOGETHER = 50
_SHOWN = "show."


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardColumn:
    """One value: its records as far as they are shown. `more` is how many to show next, 0 for no more."""

    value: str
    label: str
    hue: str
    count: records.Count
    rows: tuple[RecordView, ...]
    more: int
    is_cut: bool


def columns_of(
    unit: Unit, form: Form, field: Field, address: ListAddress, *, query: QueryParams, nothing: str
) -> Iterator[BoardColumn]:
    """Yield the columns that the address asks for. Raises Refused when the reader may not see the field."""
    asked = whole_query(form, address)
    hues = hues_of(unit.project, field)
    labels = labels_of(unit, field, nothing)
    offered = offered_values(field)
    owned = {
        value: replace(asked, filters=(*asked.filters, standing_in(field, value)))
        for value in asked_values(unit, field, address)
    }
    for (value, own), count in zip(owned.items(), _counts(unit, tuple(owned.values())), strict=True):
        if not count.value and value not in offered:
            continue
        limit = _limit(query.get(shown_name(value), ""))
        rows = records.page(unit, replace(own, limit=limit)).rows if count.value else ()
        has_more = len(rows) < count.value
        more = next((each for each in SHOWN if each > limit), 0) if has_more else 0
        yield BoardColumn(
            value=value,
            label=labels[value],
            hue=hues.get(value, ""),
            count=count,
            rows=rows,
            more=more,
            is_cut=has_more and not more,
        )


def labels_of(unit: Unit, field: Field, nothing: str) -> dict[str, str]:
    """Return what the values are called in the reader's language, in their order."""
    assert isinstance(field.options, ChoiceOptions)
    labels = {each.value: text_of(each.label, unit.locale) for each in field.options.options}
    return labels if field.workflow is not None else {NOTHING: nothing, **labels}


def offered_values(field: Field) -> tuple[str, ...]:
    """Return the values that a record may still be given, nothing among them where that is allowed."""
    assert isinstance(field.options, ChoiceOptions)
    current = tuple(each.value for each in field.options.options if not each.retired)
    is_never_empty = field.required or field.is_derived or field.workflow is not None
    return current if is_never_empty else (NOTHING, *current)


def asked_values(unit: Unit, field: Field, address: ListAddress) -> Iterator[str]:
    """Yield the values whose columns a filter on the field itself leaves."""
    wanted = () if address.is_any else address.texts(field.id)
    excluded = () if address.is_any else address.texts(f"{field.id}.not")
    for value in labels_of(unit, field, ""):
        if (not wanted or value in wanted) and value not in excluded:
            yield value


def standing_in(field: Field, value: str) -> Filter:
    """Return the condition that a record stands in the column of a value."""
    if value == NOTHING:
        return Filter(field=field.id, operator=Operator.EMPTY, values=(True,))
    return Filter(field=field.id, operator=Operator.ONE_OF, values=(value,))


def shown_pairs(query: QueryParams, field: Field) -> list[tuple[str, str]]:
    """Return what an address says about how much is shown, as far as it means something."""
    given = (
        (shown_name(each), query.get(shown_name(each), "")) for each in (NOTHING, *offered_values(field))
    )
    return [(name, text) for name, text in given if _limit(text) > SHOWN[0]]


def shown_name(value: str) -> str:
    """Return the name under which an address says how much of a column is shown."""
    return f"{_SHOWN}{value}"


def _counts(unit: Unit, queries: Sequence[records.Query]) -> Iterator[records.Count]:
    for start in range(0, len(queries), COUNTED_TOGETHER):
        yield from records.counts(unit, queries[start : start + COUNTED_TOGETHER])


def _limit(text: str) -> int:
    return next((each for each in SHOWN if str(each) == text), SHOWN[0])
