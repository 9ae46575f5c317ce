"""What an approval asks of its record: whether conditions hold, which rows there are, who is looked for."""

from collections.abc import Sequence
from dataclasses import dataclass

from orderkit.engine.records.making.choosing import as_list
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.approvals.paths import Inside, Rows
from orderkit.engine.workflow.approvals.places import loop_around
from orderkit.engine.workflow.instances import Instance
from orderkit.engine.workflow.transitions.conditions import value_in
from orderkit.model.errors import Problem, Refused
from orderkit.model.expressions.evaluation import Value
from orderkit.model.expressions.nodes import Expression
from orderkit.model.labels import label
from orderkit.model.workflow.workflows import Approval, Loop


@dataclass(frozen=True, slots=True)
class RecordOutlook:
    """The record of one life, as the conditions of its approval see it."""

    unit: Unit
    instance: Instance
    row: RecordRow
    approval: Approval

    def holds(self, condition: Expression, inside: Inside) -> bool:
        """Return whether a condition holds. One that an empty value leaves open is refused, never taken for no."""
        holds = self._answer(condition, self._item(inside))
        self.unit.runtime.hooks.weighed(self.unit, self.instance.workflow, condition, holds=holds)
        return holds

    def rows(self, loop: Loop, inside: Inside) -> Sequence[int]:
        """Return the ids of the rows for which a loop runs, in their order."""
        found = self._value(as_list(loop.rows), self._item(inside))
        some = found if isinstance(found, list) else []
        return [
            each.id
            for each in some
            if isinstance(each, RecordRow) and (loop.where is None or self._answer(loop.where, each))
        ]

    def item(self, step: str, rows: Rows) -> RecordRow | None:
        """Return what a step sees as `item`; nothing outside of a loop, or where the row is gone."""
        return self._item(Inside(rows=rows, loop=loop_around(self.approval.steps, step)))

    def _item(self, inside: Inside) -> RecordRow | None:
        if inside.loop is None or not inside.rows:
            return None
        return rows_of(self.unit).row(inside.loop.form, inside.rows[-1])

    def _answer(self, condition: Expression, item: RecordRow | None) -> bool:
        found = self._value(condition, item)
        if not isinstance(found, bool):
            raise Refused([_open_question()])
        return found

    def _value(self, expression: Expression, item: RecordRow | None) -> Value:
        more = None if item is None else {"item": item}
        return value_in(self.unit, self.instance, self.row, expression, more=more)


def _open_question() -> Problem:
    message = label(
        zh="审批的条件用到了空值，说不清是否成立；请先填好相关字段，或让流程的负责人写明空值怎么算",
        en="a condition of the approval meets an empty value and has no answer; fill in what it looks at, "
        "or whoever keeps the workflow must say what an empty value means",
    )
    return Problem(path="", code="empty_value", message=message)
