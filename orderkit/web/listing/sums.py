"""The foot of a list: what its numbers come to over all records, a cell for each column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orderkit.engine.lists import Arrangement
from orderkit.engine.records import Amount, is_summable
from orderkit.model.forms import Field, FieldId, Form
from orderkit.web.display.fields import FieldValue, FieldViews


@dataclass(frozen=True, slots=True, kw_only=True)
class SumCell:
    """What stands under a column: nothing, or its sum in each currency or unit."""

    label: str
    amounts: tuple[str, ...]
    is_number: bool
    is_frozen: bool


def summed_fields(form: Form, arrangement: Arrangement) -> tuple[FieldId, ...]:
    """Return the columns that have a sum."""
    return tuple(each.field for each in arrangement.columns if is_summable(form.by_id[each.field]))


def sum_cells(
    form: Form, arrangement: Arrangement, views: FieldViews, sums: Mapping[FieldId, Sequence[Amount]]
) -> tuple[SumCell, ...]:
    """Return a cell for each column."""
    return tuple(
        SumCell(
            label=views.label(form.by_id[each.field]),
            amounts=_amounts(form.by_id[each.field], sums.get(each.field, ()), views),
            is_number=is_summable(form.by_id[each.field]),
            is_frozen=index < arrangement.frozen,
        )
        for index, each in enumerate(arrangement.columns)
    )


def _amounts(field: Field, amounts: Sequence[Amount], views: FieldViews) -> tuple[str, ...]:
    return tuple(
        f"{views.shown(field, FieldValue(value=each.value))} {each.unit}".strip() for each in amounts
    )
