"""Which documents of a form a person may print, of which records; and that they did."""

from collections.abc import Sequence
from dataclasses import dataclass

from orderkit.engine import audit
from orderkit.engine.access import Action, RefusedAccess, decide, may_print
from orderkit.engine.audit import Entry
from orderkit.engine.rows import RecordRow, holds, rows_of
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Denied, NotFound, Problem, Refused
from orderkit.model.exchange.papers import Print
from orderkit.model.forms import FormId
from orderkit.model.labels import label

MOST_PRINTED = 200
"""How many records are printed at once."""

PRINTED = "printed"
"""The verb of the audit's entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Printable:
    """The records of a document, in the order asked for. `left_out` were asked for and are not printed by it."""

    document: Print
    ids: tuple[int, ...]
    left_out: int


def list_documents(unit: Unit, form_id: FormId) -> tuple[Print, ...]:
    """Return the documents of a form, if this person may print any of its records."""
    return tuple(each for each in unit.project.prints if each.form == form_id and may_print(unit, each.id))


def documents(unit: Unit, form_id: FormId, record_id: int) -> tuple[Print, ...]:
    """Return the documents that this person may print of one record."""
    found = list_documents(unit, form_id)
    row = rows_of(unit).row(form_id, record_id) if found else None
    if row is None or not decide(unit.person, Action.PRINT, form_id, row, unit=unit):
        return ()
    return tuple(each for each in found if _is_of(unit, each, row))


def printable(unit: Unit, form_id: FormId, print_id: str, ids: Sequence[int]) -> Printable:
    """Return what of these records this person may print as this document.

    Raises:
        NotFound: there is no such document of the form, or none of the records, as far as the person sees.
        Denied: the person may print none of them.
        Refused: the document is of none of them, or they are too many.
    """
    document = unit.project.print_by_id.get(print_id)
    if document is None or document.form != form_id:
        raise NotFound
    decision = may_print(unit, document.id)
    if isinstance(decision, RefusedAccess):
        raise Denied(decision.why)
    if len(ids) > MOST_PRINTED:
        raise _refused(
            zh=f"一次最多打印 {MOST_PRINTED} 条记录，请缩小范围",
            en=f"at most {MOST_PRINTED} records are printed at once; choose fewer",
        )
    asked = tuple(dict.fromkeys(ids))
    by_id = {row.id: row for row in rows_of(unit).load(form_id, [each for each in asked if 0 < each < 2**63])}
    seen = [row for each in asked if (row := by_id.get(each)) and _may(unit, Action.READ, row)]
    if not seen:
        raise NotFound
    allowed = [row for row in seen if _may(unit, Action.PRINT, row)]
    if not allowed:
        refused = decide(unit.person, Action.PRINT, form_id, seen[0], unit=unit)
        assert isinstance(refused, RefusedAccess)
        raise Denied(refused.why)
    found = [row for row in allowed if _is_of(unit, document, row)]
    if not found:
        raise _refused(
            zh="所选记录目前都不能打印这种单据",
            en="this document is printed of none of these records as they are now",
        )
    return Printable(document=document, ids=tuple(row.id for row in found), left_out=len(asked) - len(found))


def note_printed(unit: Unit, printed: Printable) -> None:
    """Write into the audit of each record that this document of it was printed."""
    change = {"": (None, printed.document.id)}
    audit.write(
        unit,
        [
            Entry(form=printed.document.form, record_id=each, verb=PRINTED, changes=change)
            for each in printed.ids
        ],
    )


def _may(unit: Unit, action: Action, row: RecordRow) -> bool:
    return bool(decide(unit.person, action, row.form, row, unit=unit))


def _is_of(unit: Unit, document: Print, row: RecordRow) -> bool:
    return document.where is None or holds(unit, document.where, row)


def _refused(*, zh: str, en: str) -> Refused:
    return Refused([Problem(path="ids", code="bad_selection", message=label(zh=zh, en=en))])
