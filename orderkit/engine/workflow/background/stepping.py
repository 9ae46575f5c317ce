"""One step of a strand: its first action, in the transaction that marks the job done and queues the next one.

A loop or branches beside each other become a block; what is behind waits for it. A call of another system
takes the rest of the strand along, which goes on once it is answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from orderkit.actions.action_type import Request
from orderkit.engine.records.making.choosing import chosen_ids
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import SYSTEM, Unit
from orderkit.engine.workflow.acting import ITEM, RecordContext, run_actions
from orderkit.engine.workflow.background.blocks import begin_parallel
from orderkit.engine.workflow.background.delays import due_of
from orderkit.engine.workflow.background.queueing import add_branches, begin_block, go_on, is_over, step_key
from orderkit.engine.workflow.background.requesting import queue_request
from orderkit.engine.workflow.background.strands import Strand, kept_roots, live_roots
from orderkit.engine.workflow.instances import Instance, lock_instance
from orderkit.engine.workflow.transitions.moving import press_by_rule
from orderkit.engine.workflow.transitions.pressing import do
from orderkit.model.expressions.nodes import Expression
from orderkit.model.workflow.actions import ActionBranch, Delay, ParallelActions, Selection
from orderkit.model.workflow.workflows import Action, Join

ROWS_AT_ONCE = 500


def step(unit: Unit, strand: Strand) -> None:
    """Do the first action of a strand, and queue what is behind it."""
    if is_over(unit, strand):
        return
    context = context_of(unit, strand)
    if context is None:
        # The record is gone, and with it what was to be done about it.
        go_on(unit, replace(strand, actions=()))
        return
    run_actions(strand.actions[:1], context)
    if not context.goes_on_elsewhere:
        go_on(unit, strand.behind())


def context_of(unit: Unit, strand: Strand) -> "StrandContext | None":
    """Return where the actions of a strand act, the record locked; None where that is gone."""
    row, instance = _about(unit, strand)
    if row is None and strand.form is not None:
        return None
    is_system = strand.run_as is None
    return StrandContext(
        unit=unit,
        row=row,
        instance=instance,
        press=press_by_rule if is_system else _press_as_person,
        roots=live_roots(unit, strand.roots),
        key=step_key(strand),
        by_rule=is_system,
        run_as=strand.run_as,
        automation=strand.automation,
        at=strand,
    )


def _about(unit: Unit, strand: Strand) -> tuple[RecordRow | None, Instance | None]:
    if strand.form is None or strand.record_id is None:
        return None, None
    found = rows_of(unit).load(strand.form, [strand.record_id], lock=True)
    workflow = unit.project.workflow_by_id.get(strand.workflow or "")
    if not found:
        return None, None
    # What belongs to the life of a record is done by the system, whoever the actions are done as.
    return found[0], None if workflow is None else lock_instance(unit.acting_as(SYSTEM), workflow, found[0])


def _press_as_person(unit: Unit, row: RecordRow, transition: str) -> None:
    do(unit, row.form, row.id, transition)


@dataclass(slots=True, kw_only=True)
class StrandContext(RecordContext):
    """Where an action in the background acts. What holds other actions takes the strand over."""

    at: Strand
    goes_on_elsewhere: bool = False

    def choose(self, branches: tuple[ActionBranch, ...]) -> None:
        """Go on with the actions of the first branch that holds, then with what is behind."""
        self._go_on(self._chosen_branch(branches))

    def later(self, delay: Delay, actions: tuple[Action, ...]) -> None:
        """Wait, then go on with the actions and what is behind."""
        due = due_of(self.unit, delay, None if delay.until is None else self._value(delay.until))
        self._take_over()
        behind = self.at.behind()
        go_on(self.unit, replace(behind, actions=(*actions, *behind.actions)), at=due)

    def beside(self, block: ParallelActions) -> None:
        """Begin the branches; what is behind waits for them."""
        self._take_over()
        like = replace(self.at, key=step_key(self.at))
        begin_parallel(self.unit, self._branches(block), like, block.join, behind=self.at.behind())

    def each(self, rows: Selection, *, where: Expression | None, actions: tuple[Action, ...]) -> None:
        """Begin the actions for each row, so many at once; what is behind waits for all of them."""
        self._take_over()
        ids, is_last = self._rows_behind(rows)
        found = [row for row in rows_of(self.unit).load(rows.form, ids) if self._is_meant(rows, row, where)]
        block_id = self.at.loop
        if block_id is None:
            block_id = begin_block(self.unit, Join.ALL, self.at.behind(), count=0, is_complete=False)
        add_branches(self.unit, block_id, len(found), is_complete=is_last)
        for row in found:
            self._begin_row(block_id, row, actions)
        if not is_last:
            go_on(self.unit, replace(self.at, loop=block_id, cursor=max(ids)))

    def request(self, asked: Request) -> None:
        """Queue the call; what is behind goes on once it is answered."""
        self._take_over()
        queue_request(self.unit, asked, self.at.behind(), goes_on=True)

    def _take_over(self) -> None:
        self.goes_on_elsewhere = True

    def _go_on(self, actions: tuple[Action, ...]) -> None:
        self._take_over()
        behind = self.at.behind()
        go_on(self.unit, replace(behind, actions=(*actions, *behind.actions)))

    def _rows_behind(self, rows: Selection) -> tuple[Sequence[int], bool]:
        """Return the ids of the next rows in order, and whether they are the last."""
        after = self.at.cursor or 0
        if rows.rows is None:
            found = chosen_ids(self.unit, self.row, rows, self._roots(), after=after, limit=ROWS_AT_ONCE + 1)
        else:
            found = sorted(row.id for row in self._chosen(rows) if row.id > after)
        return found[:ROWS_AT_ONCE], len(found) <= ROWS_AT_ONCE

    def _is_meant(self, rows: Selection, row: RecordRow, where: Expression | None) -> bool:
        if not self._may_see(row):
            return False
        return where is None or self._value(where, **self._seen(rows, row)) is True

    def _begin_row(self, block_id: int, row: RecordRow, actions: tuple[Action, ...]) -> None:
        one = replace(
            self.at,
            actions=actions,
            key=f"{self.at.key}/{self.at.number}.{row.id}",
            number=0,
            block=block_id,
            loop=None,
            cursor=None,
            roots={**self.at.roots, **kept_roots({ITEM: row})},
        )
        go_on(self.unit, one)
