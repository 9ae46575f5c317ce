"""What may be done to chosen records: which fields may be written, which transitions some of them allow."""

from collections.abc import Sequence
from dataclasses import dataclass

from orderkit.engine import workflow
from orderkit.engine.access import Action, Right, decide, field_rights
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow import Button
from orderkit.model.forms import FieldId, FormId

LOOKED_AT = 200
"""Records of a choice that are asked what they allow; the rest are asked when it is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveOffer:
    """A button of some of the chosen records, `allowed` for so many of the `looked_at`."""

    button: Button
    allowed: int
    looked_at: int


def writable(unit: Unit, form_id: FormId, ids: Sequence[int]) -> frozenset[FieldId]:
    """Return the fields that this person may write in one of the records at least."""
    found: set[FieldId] = set()
    for row in _readable(unit, form_id, ids):
        if decide(unit.person, Action.UPDATE, form_id, row, unit=unit):
            rights = field_rights(unit, form_id, row)
            found.update(name for name, right in rights.items() if right is Right.WRITE)
    return frozenset(found)


def moves(unit: Unit, form_id: FormId, ids: Sequence[int]) -> tuple[MoveOffer, ...]:
    """Return the buttons that one of the records allows at least, those first that most of them allow."""
    if form_id not in unit.project.workflows_by_form:
        return ()
    rows = _readable(unit, form_id, ids)
    first: dict[tuple[str, str, bool], Button] = {}
    counts: dict[tuple[str, str, bool], int] = {}
    for row in rows:
        for button in workflow.buttons(unit, form_id, row.id):
            # A record is claimed, revoked or reopened by itself, and what asks whom to choose needs a look.
            is_simple = button.verb in {"do", "withdraw"} and not any(
                each.is_required for each in button.chooses
            )
            if button.allowed and is_simple:
                key = (button.workflow, button.transition, button.is_withdrawal)
                first.setdefault(key, button)
                counts[key] = counts.get(key, 0) + 1
    offers = [
        MoveOffer(button=button, allowed=counts[key], looked_at=len(rows)) for key, button in first.items()
    ]
    return tuple(sorted(offers, key=lambda offer: -offer.allowed))


def _readable(unit: Unit, form_id: FormId, ids: Sequence[int]) -> list[RecordRow]:
    possible = [each for each in ids if 0 < each < 2**63][:LOOKED_AT]
    rows = rows_of(unit).load(form_id, possible)
    return [row for row in rows if decide(unit.person, Action.READ, form_id, row, unit=unit)]
