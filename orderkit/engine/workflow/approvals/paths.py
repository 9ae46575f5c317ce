"""Which step of an approval comes next: steps in order, branches by the first condition that holds."""

from collections.abc import Callable, Iterator, Sequence

from orderkit.model.expressions.nodes import Expression
from orderkit.model.workflow.workflows import ApprovalPart, Branch, Choose, Step, all_steps

Holds = Callable[[Expression], bool]


def next_step(items: Sequence[ApprovalPart], after: str | None, holds: Holds) -> Step | None:
    """Return the step that follows the step with the id `after`; None when that was the last.

    A branch that has been taken stays taken: the step `after` says which one it was.
    """
    return next(_following(items, after, holds), None)


def _following(items: Sequence[ApprovalPart], after: str | None, holds: Holds) -> Iterator[Step]:
    is_past = after is None
    for item in items:
        assert isinstance(item, Step | Choose), "`awaited` keeps records out of other blocks"
        if isinstance(item, Step):
            if not is_past:
                is_past = item.id == after
            elif item.when is None or holds(item.when):
                yield item
        elif is_past:
            branch = _chosen(item.branches, holds)
            if branch is not None:
                yield from _following(branch.steps, None, holds)
        else:
            taken = next((branch for branch in item.branches if _contains(branch.steps, after)), None)
            if taken is not None:
                is_past = True
                yield from _following(taken.steps, after, holds)


def _chosen(branches: Sequence[Branch], holds: Holds) -> Branch | None:
    return next((branch for branch in branches if branch.when is None or holds(branch.when)), None)


def _contains(items: Sequence[ApprovalPart], step: str | None) -> bool:
    return any(each.id == step for each in all_steps(items))
