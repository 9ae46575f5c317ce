"""A form while it is being filled in: what would be saved, and what is still wrong. Nothing is saved."""

from orderkit.engine.records.changes import Lines, Values
from orderkit.engine.records.views import Draft
from orderkit.engine.runtime import Unit
from orderkit.model.forms import FormId


def draft(
    unit: Unit,
    form_id: FormId,
    record_id: int | None,
    values: Values,
    lines: Lines | None = None,
    *,
    touched: frozenset[str] | None = None,
) -> Draft:
    """Return the record as it would be saved with these values.

    `touched` names the paths (`term`, `lines.0.price`) that the person typed into; an editable copy
    that is not touched is taken again. None means that everything given was typed.
    """
    raise NotImplementedError
