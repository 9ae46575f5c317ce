"""Which records and uploads a person may put into a field: those that they may know of.

Whoever takes an id from outside asks here, a draft and the answers of a button as much as a change;
otherwise ids could be tried one after the other to learn what they are called.
"""

from orderkit.engine import files
from orderkit.engine.access import Action, decide
from orderkit.engine.rows import rows_of
from orderkit.engine.runtime import Unit
from orderkit.fields.field_type import ATTACHED
from orderkit.model.expressions.evaluation import RowLike
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import Field, ids_in
from orderkit.model.labels import Label, label

# Names of colleagues and departments may be picked by everyone: a company knows who works there.
DIRECTORY = frozenset({"user", "department"})

NO_SUCH_RECORD = label(zh="没有这条记录", en="There is no such record")
NO_SUCH_UPLOAD = label(zh="没有这个附件，请重新上传", en="There is no such upload; upload the file again")


def may_name(unit: Unit, candidate: RowLike) -> bool:
    """Return whether the person may know of this record."""
    if candidate.form in DIRECTORY:
        return True
    return bool(decide(unit.person, Action.READ, candidate.form, candidate, unit=unit))


def why_not_given(unit: Unit, field: Field, value: Scalar) -> Label | None:
    """Return why the person may not put this id, or these, into a field that does not hold it yet; None if they may."""
    ids = ids_in(value)
    if field.target is not None:
        candidates = [rows_of(unit).row(field.target, each) for each in ids]
        are_known = all(each is not None and may_name(unit, each) for each in candidates)
        return None if are_known else NO_SUCH_RECORD
    if unit.runtime.catalog.fields[field.type].column in ATTACHED:
        stored = files.files_of(unit, ids)
        are_mine = all(
            each in stored and stored[each].record_id is None and stored[each].created_by == unit.person.id
            for each in ids
        )
        return None if are_mine else NO_SUCH_UPLOAD
    return None
