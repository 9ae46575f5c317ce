"""What happens after the commit: each action of `after` stands for itself, and is queued in the transaction.

What only queues something does so at once, with what is true now; what changes records becomes a job of its own.
Behind a `parallel` actions wait until its branches are joined.
"""

from collections.abc import Sequence
from dataclasses import replace

from orderkit.actions.action_type import Effect
from orderkit.engine.workflow.acting import RecordContext, run_actions
from orderkit.engine.workflow.background.queueing import go_on
from orderkit.model.workflow.workflows import Action

_PARALLEL = "parallel"
_CALL, _SUB_FLOW = "call", "workflow:"


def begin_after(actions: Sequence[Action], context: RecordContext) -> None:
    """Queue the actions. `context.key` names the moment, so that each is queued once for it."""
    for index, action in enumerate(actions):
        here = replace(context, key=None if context.key is None else f"{context.key}/{index}")
        behind = tuple(actions[index + 1 :])
        if action.kind == _PARALLEL and behind:
            go_on(context.unit, here.strand((action, *behind)), is_new=True)
            return
        if _only_queues(action, here):
            run_actions((action,), here)
        else:
            go_on(context.unit, here.strand((action,)), is_new=True)


def _only_queues(action: Action, context: RecordContext) -> bool:
    if action.kind == _CALL:
        return not str(action.options[_CALL]).startswith(_SUB_FLOW)
    return Effect.IN_TRANSACTION not in context.unit.runtime.catalog.actions[action.kind].effect
