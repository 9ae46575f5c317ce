"""What a transition does is noted while it does it: postings, and what its actions assigned and created.

Whatever action wrote it, it comes by the one write path, so `watch_done` sees it. What follows from
elsewhere (computed values, states, the moves of other workflows) is nobody's assignment.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import insert

from orderkit.database.schema.system_tables import workflow_undo
from orderkit.engine.hooks import WriteKind, Written
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.instances import Instance
from orderkit.model.expressions.evaluation import RowLike
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import FieldId, Form, SystemRole


class Kind(StrEnum):
    """What can be taken back."""

    POST = "post"
    ASSIGN = "assign"
    CREATE = "create"


@dataclass(frozen=True, slots=True)
class _Doing:
    instance: Instance
    transition: str


class _Stack(list[_Doing | None]):
    """Whose actions are running in this unit, the innermost last; None while nothing is noted."""


@contextmanager
def doing(unit: Unit, instance: Instance, transition: str | None) -> Iterator[None]:
    """Note what is done meanwhile as done by a transition; with None, note nothing."""
    stack = unit.keep(_Stack, _Stack)
    stack.append(None if transition is None else _Doing(instance, transition))
    try:
        yield
    finally:
        stack.pop()


def note_postings(unit: Unit, posted: Iterable[tuple[str, int]]) -> None:
    """Note entries of ledgers as posted by the transition whose actions are running."""
    # By the name of its entries, so that a ledger that is renamed is renamed here as forms are.
    ledgers = unit.project.ledger_by_id
    _note(unit, [(Kind.POST, ledgers[ledger].entries, entry_id, {}) for ledger, entry_id in posted])


def watch_done(unit: Unit, written: Sequence[Written]) -> None:
    """Note what the transition whose actions are running assigned and created in this batch."""
    if _current(unit) is None:
        return
    notes: list[tuple[Kind, str, int, object]] = []
    for each in written:
        if not each.by_rule or each.is_history:
            continue
        if each.kind is WriteKind.CREATED:
            notes.append((Kind.CREATE, each.form, each.id, {"revision": each.row.get("revision")}))
        elif each.kind is WriteKind.UPDATED:
            notes += _assigned(unit, each)
    _note(unit, notes)


def _assigned(unit: Unit, written: Written) -> Iterator[tuple[Kind, str, int, object]]:
    form = unit.project.form_by_id[written.form]
    values = _pairs(unit, form, written.assigned, written.before, written.row)
    if values:
        yield Kind.ASSIGN, form.id, written.id, {"values": values}
    for row in written.rows:
        rows_form = unit.project.form_by_id[row.row.form]
        pairs = _pairs(unit, rows_form, row.assigned, row.before, row.row)
        if pairs:
            of = {"collection": row.collection, "row": row.row.id, "values": pairs}
            yield Kind.ASSIGN, form.id, written.id, of


def _pairs(
    unit: Unit, form: Form, names: frozenset[FieldId], before: Mapping[FieldId, Scalar], row: RowLike
) -> dict[str, list[object]]:
    """Return what fields had and have, as JSON."""
    fields = unit.runtime.catalog.fields
    found: dict[str, list[object]] = {}
    for name in sorted(names):
        field = form.by_id[name]
        if field.system not in {SystemRole.NONE, SystemRole.OWNER}:
            continue
        kind = fields[field.type]
        found[name] = [
            None if value is None else kind.to_json(field.options, value)
            for value in (before.get(name), row.get(name))
        ]
    return found


def _current(unit: Unit) -> _Doing | None:
    stack = unit.keep(_Stack, _Stack)
    return stack[-1] if stack else None


def _note(unit: Unit, notes: Sequence[tuple[Kind, str, int, object]]) -> None:
    current = _current(unit)
    if current is None or not notes:
        return
    rows = [
        {
            "workflow": current.instance.workflow,
            "record_id": current.instance.record_id,
            "visit": current.instance.visit,
            "transition": current.transition,
            "kind": kind,
            "form": form,
            "target_id": target_id,
            "data": data,
            "done_at": unit.now,
        }
        for kind, form, target_id, data in notes
    ]
    unit.connection.execute(insert(workflow_undo), rows)
