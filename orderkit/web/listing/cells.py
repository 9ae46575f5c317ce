"""Which values of a list may be changed where they stand."""

from collections.abc import Iterable

from orderkit.engine.access import Action, decide
from orderkit.engine.runtime import Unit
from orderkit.fields.field_type import ATTACHED
from orderkit.model.forms import Field, Form
from orderkit.web.editing.decoding import may_be_sent

# These need more room than a cell has.
_LARGE = frozenset({"richtext", "json", "lines", "signature"})


def editable_in_list(unit: Unit, form: Form, columns: Iterable[Field]) -> frozenset[str]:
    """Return the columns whose values this person may ever change; whether now, each record says."""
    if not decide(unit.person, Action.UPDATE, form.id, unit=unit):
        return frozenset()
    return frozenset(field.id for field in columns if may_stand_in_cell(field, unit))


def may_stand_in_cell(field: Field, unit: Unit) -> bool:
    """Return whether a field may be changed in a list at all."""
    kind = unit.runtime.catalog.fields[field.type]
    return may_be_sent(field) and field.type not in _LARGE and kind.column not in ATTACHED
