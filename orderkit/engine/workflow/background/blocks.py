"""Beginning branches that run beside each other: those of `parallel`, and one for each row of a loop."""

from collections.abc import Sequence
from dataclasses import replace

from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.background.queueing import begin_block, go_on
from orderkit.engine.workflow.background.strands import Strand
from orderkit.model.workflow.workflows import Action, Join


def begin_parallel(
    unit: Unit,
    branches: Sequence[tuple[Action, ...]],
    like: Strand,
    join: Join,
    *,
    behind: Strand | None = None,
) -> None:
    """Begin each branch as a strand like `like`; `behind` goes on with them, and waits until they are joined."""
    block_id = begin_block(unit, join, behind, count=len(branches))
    for number, actions in enumerate(branches):
        branch = replace(
            like,
            actions=actions,
            key=f"{like.key}.{number}",
            number=0,
            block=block_id,
            loop=None,
            cursor=None,
        )
        go_on(unit, branch, is_new=behind is None)
