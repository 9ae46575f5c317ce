"""Which conditions a preview may speak of: those that read only what the person may see of the record.

A condition tells of the values that it reads, even where only its outcome is shown.
"""

from dataclasses import dataclass

from orderkit.engine.access import Right, field_rights
from orderkit.engine.rows import RecordRow
from orderkit.engine.runtime import Unit
from orderkit.model.expressions.nodes import Balance, Expression, Find, Get, Root
from orderkit.model.expressions.tree import walk
from orderkit.model.expressions.types import Record
from orderkit.model.forms import Form

_OF_RECORD = frozenset({"record", "this"})
_OF_VISIT = frozenset({"visit", "decisions"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The paths of a record that a person may read; None where they may read everything there is."""

    form: Form
    paths: frozenset[str] | None

    def shows(self, path: str) -> bool:
        """Return whether a field or a collection may be read."""
        return self.paths is None or path in self.paths

    def tells(self, condition: Expression) -> bool:
        """Return whether a person may know what a condition came to."""
        return self.paths is None or all(self._may_be_told(node) for node in walk(condition))

    def _may_be_told(self, node: Expression) -> bool:
        match node:
            case Get(base=Root(name=name), field=field) if name in _OF_RECORD:
                return self.shows(field)
            case Get(base=Root(name=name)) if name in _OF_VISIT:
                return True
            case Get(base=base, field=field) if isinstance(base.type, Record):
                # Of another record it is not known here what they may see.
                parent, _, collection = base.type.form.rpartition(".")
                return parent == self.form.id and self.shows(f"{collection}.{field}")
            case Get() | Find() | Balance():
                return False
            case _:
                return True


def seen_by(unit: Unit, form: Form, row: RecordRow) -> Seen:
    """Return what the person of the unit may read of a record."""
    if unit.person.is_administrator:
        return Seen(form=form, paths=None)
    rights = field_rights(unit, form.id, row)
    return Seen(form=form, paths=frozenset(path for path, right in rights.items() if right >= Right.READ))
