"""Time in workflows: clocks that run towards a deadline, and the moments at which something happens.

A clock belongs to one task, or to a record between two states. A timer belongs to a visit of a state, and to a
clock if it reminds of it or follows its deadline.
"""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from orderkit.database.schema.column_types import BigId, UtcDateTime
from orderkit.database.schema.system_tables.own_metadata import metadata

_INSTANCE = "ok_workflow_instance.id"

# `name` is the clock over states, or the approval of the task. `rests` lists from when to when it stood still;
# while it does, or while the date that it goes by is empty, it has no `due_at`. What happens at a deadline that it
# `shares` with another clock, happens at that one only.
workflow_clock = Table(
    "ok_workflow_clock",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("instance_id", BigId, ForeignKey(_INSTANCE, ondelete="CASCADE"), nullable=False),
    Column("workflow", String(64), nullable=False),
    Column("form", String(130), nullable=False),
    Column("record_id", BigId, nullable=False),
    Column("visit", Integer, nullable=False),
    Column("name", String(64), nullable=False),
    Column("step", String(64)),
    Column("task_id", BigId, ForeignKey("ok_workflow_task.id", ondelete="CASCADE")),
    Column("shares", BigId),
    Column("state", String(16), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),
    Column("rests", JSON, nullable=False),
    Column("ended_at", UtcDateTime),
    UniqueConstraint("task_id", name="ok_workflow_clock_task"),
    Index("ok_workflow_clock_instance", "instance_id", "state"),
    Index("ok_workflow_clock_due", "state", "due_at"),
)

# `name` is the timer, or the number of the reminder or of what happens after the deadline; `nth` counts how
# often it was set before, `since` is from when its length of time is counted.
workflow_timer = Table(
    "ok_workflow_timer",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("instance_id", BigId, ForeignKey(_INSTANCE, ondelete="CASCADE"), nullable=False),
    Column("clock_id", BigId, ForeignKey("ok_workflow_clock.id", ondelete="CASCADE"), index=True),
    Column("workflow", String(64), nullable=False),
    Column("form", String(130), nullable=False),
    Column("record_id", BigId, nullable=False),
    Column("visit", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("name", String(64), nullable=False),
    Column("nth", Integer, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("ended_at", UtcDateTime),
    Column("error", Text),
    Index("ok_workflow_timer_due", "state", "due_at", "id"),
    Index("ok_workflow_timer_instance", "instance_id", "state"),
)
