"""Row rules as SQL: the same answer as `decide` on a loaded record, for lists, searches and reports."""

from sqlalchemy import ColumnElement, FromClause

from orderkit.engine.access.decisions import Action
from orderkit.engine.runtime import Unit
from orderkit.model.forms import FormId


def row_condition(
    unit: Unit, form_id: FormId, action: Action, table: FromClause, *, field: str | None = None
) -> ColumnElement[bool]:
    """Return which rows of `table` (the form's table or an alias) this person may do this with.

    For a lines form the rule of its parent holds. With `field` (a path) only the rows on which
    this person sees that field unmasked: what may be filtered, sorted, searched and summed.
    """
    raise NotImplementedError
