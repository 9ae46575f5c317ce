"""What the numbers in each column of a board come to: the sums that the list has in its foot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from orderkit.engine import records
from orderkit.engine.lists import Arrangement
from orderkit.engine.records import Amount
from orderkit.engine.runtime import Unit
from orderkit.model.forms import Field, FieldId, Form
from orderkit.web.boards.columns import NOTHING, asked_values, offered_values, standing_in
from orderkit.web.listing.address import ListAddress
from orderkit.web.listing.querying import whole_query
from orderkit.web.listing.sums import summed_fields


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSums:
    """The sums of one column; none where no record stands in it."""

    value: str
    sums: Mapping[FieldId, Sequence[Amount]]


def sums_of(
    unit: Unit, form: Form, field: Field, address: ListAddress, arrangement: Arrangement
) -> tuple[ColumnSums, ...] | None:
    """Return the sums of every column that the board shows; None when there was no time to work them out.

    Raises: Refused when the reader may not see the field.
    """
    query, fields = whole_query(form, address), summed_fields(form, arrangement)
    values = tuple(asked_values(unit, field, address))
    found = records.groups(unit, query, field.id, fields)
    if found is None:
        return None
    sums = {str(each.key): each.totals.sums for each in found.groups if each.key is not None}
    if NOTHING in values:
        # Not the group without a key: in that one stand also those whose value the reader may not see.
        bare = replace(query, filters=(*query.filters, standing_in(field, NOTHING)))
        nothing = records.totals(unit, bare, fields)
        if nothing is None:
            return None
        if nothing.count:
            sums[NOTHING] = nothing.sums
    offered = offered_values(field)
    return tuple(
        ColumnSums(value=value, sums=sums.get(value, {}))
        for value in values
        if value in sums or value in offered
    )
