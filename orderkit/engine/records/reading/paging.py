"""Lists: filters, search, order, and pages that stay put while records come and go."""

from orderkit.engine.records.views import Count, Option, Page, Query
from orderkit.engine.runtime import Unit
from orderkit.model.forms import FieldId, FormId


def page(unit: Unit, query: Query) -> Page:
    """Return one page of what this reader may see.

    Raises: Denied (no read on the form), Refused (a filter or order on a field that is unknown,
    hidden, or does not know the operator; a cursor of another order).
    """
    raise NotImplementedError


def count(unit: Unit, query: Query) -> Count:
    """Return how many records match, up to 10,000."""
    raise NotImplementedError


def references(
    unit: Unit,
    form_id: FormId,
    field_id: FieldId,
    text: str,
    *,
    record_id: int | None = None,
    limit: int = 20,
) -> tuple[Option, ...]:
    """Return what may be picked in a reference (`form_id` may be a lines form), best matches first."""
    raise NotImplementedError
