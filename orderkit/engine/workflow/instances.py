"""The running life of a record: its row in `ok_workflow_instance`, which is locked before anything moves.

The state stands in the record as well, where lists and reports read it; only a move writes both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from orderkit.database.definitions.states import MIGRATE
from orderkit.database.schema.system_tables import workflow_instance as instances
from orderkit.engine.hooks import Life
from orderkit.engine.rows import RecordRow
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.clocks.states import end_visit
from orderkit.engine.workflow.definitions import definition_of, has_past, newest_hash, pin
from orderkit.model.errors import Conflict
from orderkit.model.labels import label
from orderkit.model.workflow.workflows import State, Workflow


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One record in one workflow. `visit` counts the states it has entered; `id` 0 is not stored yet."""

    id: int
    definition: Workflow
    definition_hash: str
    form: str
    record_id: int
    state: str
    visit: int
    entered_at: datetime
    submitter_id: int | None
    revision: int
    claimed_by: int | None = None
    claimed_at: datetime | None = None

    @property
    def workflow(self) -> str:
        """The workflow's id."""
        return self.definition.id

    @property
    def resting_in(self) -> State:
        """The state that it is in."""
        return self.definition.state_by_id.get(self.state) or _foreign(self.state)


def standing_of(unit: Unit, workflow: Workflow, row: RecordRow) -> tuple[Workflow, State]:
    """Return the definition and state of a record, for reading; asks the database only if it must."""
    definition = workflow
    if row.is_stored and has_past(unit, workflow):
        found = find_instance(unit, workflow, row.id)
        definition = workflow if found is None else found.definition
    state = _standing_in(definition, row)
    return definition, definition.state_by_id.get(state) or _foreign(state)


def find_instance(unit: Unit, workflow: Workflow, record_id: int, *, lock: bool = False) -> Instance | None:
    """Return the life of a record in a workflow; with `lock` nobody else moves it until the unit ends."""
    found = select(instances).where(instances.c.workflow == workflow.id, instances.c.record_id == record_id)
    row = unit.connection.execute(found.with_for_update() if lock else found).one_or_none()
    if row is None:
        return None
    return Instance(
        id=row.id,
        definition=definition_of(unit, workflow, row.definition_hash),
        definition_hash=row.definition_hash,
        form=row.form,
        record_id=row.record_id,
        state=row.state,
        visit=row.visit,
        entered_at=row.entered_at,
        submitter_id=row.submitter_id,
        revision=row.revision,
        claimed_by=row.claimed_by,
        claimed_at=row.claimed_at,
    )


def instance_of(unit: Unit, workflow: Workflow, row: RecordRow) -> Instance:
    """Return the life of a record for reading; of one older than the workflow, what it would begin as."""
    found = find_instance(unit, workflow, row.id)
    return found or _unborn(unit, workflow, row)


def lock_instance(unit: Unit, workflow: Workflow, row: RecordRow) -> Instance:
    """Return the life of a record, locked; a record older than its workflow begins its life now."""
    found = find_instance(unit, workflow, row.id, lock=True)
    if found is None:
        (found,) = start_instances(unit, workflow, [row])
    return found


def start_instances(
    unit: Unit, workflow: Workflow, rows: Sequence[RecordRow], lives: Mapping[int, Life] | None = None
) -> tuple[Instance, ...]:
    """Begin the life of records in the state that each of them has; `lives` says since when, by id."""
    definition_hash = pin(unit, workflow)
    begun = [replace(_unborn(unit, workflow, row), definition_hash=definition_hash) for row in rows]
    if lives:
        begun = [
            each
            if (life := lives.get(each.record_id)) is None
            else replace(each, entered_at=life.entered_at, submitter_id=life.submitter_id)
            for each in begun
        ]
    made = unit.connection.execute(
        insert(instances).returning(instances.c.id, sort_by_parameter_order=True),
        [
            {
                "workflow": workflow.id,
                "form": each.form,
                "record_id": each.record_id,
                "definition_hash": each.definition_hash,
                "state": each.state,
                "visit": each.visit,
                "entered_at": each.entered_at,
                "submitter_id": each.submitter_id,
                "revision": each.revision,
            }
            for each in begun
        ],
    ).scalars()
    return tuple(replace(each, id=made_id) for each, made_id in zip(begun, made, strict=True))


def advance_instance(unit: Unit, instance: Instance, state: str, *, submitter_id: int | None) -> Instance:
    """Write that the record enters a state: a new visit, to which tasks, timers and notices belong."""
    moved = replace(
        instance,
        state=state,
        visit=instance.visit + 1,
        entered_at=unit.now,
        submitter_id=submitter_id,
        revision=instance.revision + 1,
        claimed_by=None,
        claimed_at=None,
    )
    changed = unit.connection.execute(
        update(instances)
        .where(instances.c.id == instance.id, instances.c.revision == instance.revision)
        .values(
            state=moved.state,
            visit=moved.visit,
            entered_at=moved.entered_at,
            submitter_id=moved.submitter_id,
            revision=moved.revision,
            claimed_by=None,
            claimed_at=None,
        )
    ).rowcount
    if changed == 0:
        raise Conflict(
            label(zh="单据刚刚已被流转，请重看", en="the record has just been moved; look at it again")
        )
    end_visit(unit, instance.definition, instance.id, instance.visit)
    return moved


def end_instances(unit: Unit, form: str, record_ids: Sequence[int]) -> None:
    """Forget the lives of deleted records, with their steps and tasks; their timeline stays."""
    unit.connection.execute(
        delete(instances).where(instances.c.form == form, instances.c.record_id.in_(sorted(record_ids)))
    )


def _standing_in(workflow: Workflow, row: RecordRow) -> str:
    """Return the state of a record. One that has none that its workflow knows has yet to begin.

    But where records follow the newest definition, a program of tomorrow may have brought it into a state of its own.
    """
    state = row.get(workflow.state_field)
    if state is None:
        return workflow.initial
    is_elsewhere = workflow.in_flight == MIGRATE or state in workflow.state_by_id
    return str(state) if is_elsewhere else workflow.initial


def _foreign(state: str) -> State:
    """Return a state that only a newer program knows: here nothing is changed, and no button leads out of it."""
    return State(id=state, label=label(zh=state, en=state), edit=())


def _unborn(unit: Unit, workflow: Workflow, row: RecordRow) -> Instance:
    return Instance(
        id=0,
        definition=workflow,
        definition_hash=newest_hash(unit.runtime, workflow),
        form=row.form,
        record_id=row.id,
        state=_standing_in(workflow, row),
        visit=1,
        entered_at=unit.now,
        submitter_id=unit.person.id,
        revision=1,
    )
