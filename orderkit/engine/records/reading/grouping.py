"""The groups of a list: one level at a time, each with its number of records and its sums."""

from collections.abc import Iterable

from orderkit.engine.access.row_rules import scope_of
from orderkit.engine.records.reading.keys import key_of
from orderkit.engine.records.reading.paging import readable_form
from orderkit.engine.records.reading.summing import SECONDS, grouped_totals
from orderkit.engine.records.views import Groups, GroupTotals, Query
from orderkit.engine.runtime import Unit
from orderkit.model.forms import FieldId

MOST_GROUPS = 200


def groups(
    unit: Unit, query: Query, by: FieldId, sums: Iterable[FieldId], *, seconds: float = SECONDS
) -> Groups | None:
    """Return the groups of a query by one field, the largest first, and whether there are more of them.

    `query.within` says in which groups of other fields to look. None, when the database has not worked
    them out within the time. Raises like `page`.
    """
    form = readable_form(unit, query)
    table = unit.runtime.database.tables[form.id]
    key = key_of(unit, form, by, table, scope_of(unit, form.id, table))
    found = grouped_totals(unit, query, sums, key, limit=MOST_GROUPS + 1, seconds=seconds)
    if found is None:
        return None
    known = tuple(GroupTotals(key=value, totals=totals) for value, totals in found.items())
    return Groups(groups=known[:MOST_GROUPS], is_cut=len(known) > MOST_GROUPS)
