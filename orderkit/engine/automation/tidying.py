"""Removing what the background leaves behind: joined blocks, ended sub-flows of records long past, old deliveries."""

from datetime import timedelta

from sqlalchemy import delete

from orderkit.database.schema.system_tables import action_block, delivery
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.background.queueing import BlockState

_BLOCKS_KEPT = timedelta(days=30)
# As long as nobody sends an old delivery again; a signature of the body alone never grows old by itself.
_DELIVERIES_KEPT = timedelta(days=400)


def remove_old_traces(unit: Unit) -> None:
    """Remove them. A `Chore` of the worker."""
    is_old = action_block.c.ended_at < unit.now - _BLOCKS_KEPT
    unit.connection.execute(delete(action_block).where(action_block.c.state == BlockState.JOINED, is_old))
    unit.connection.execute(delete(delivery).where(delivery.c.received_at < unit.now - _DELIVERIES_KEPT))
