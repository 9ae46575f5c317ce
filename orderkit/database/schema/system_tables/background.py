"""What goes on in the background: blocks that wait for their branches, sub-flows, schedules, deliveries of webhooks."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from orderkit.database.schema.column_types import BigId, UtcDateTime
from orderkit.database.schema.system_tables.own_metadata import metadata

# Branches of actions beside each other. `begun` and `ended` count them, `is_complete` says that no more of them
# will begin; `next` is what goes on once they are joined.
action_block = Table(
    "ok_action_block",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("join", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("begun", Integer, nullable=False),
    Column("ended", Integer, nullable=False),
    Column("is_complete", Boolean, nullable=False),
    Column("parent_id", BigId),
    Column("next", JSON(none_as_null=True)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime, index=True),
)

# Who waits for whom: a record whose action began the life of another one. `transition` is pressed at its end.
sub_flow = Table(
    "ok_sub_flow",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("form", String(130), nullable=False),
    Column("record_id", BigId, nullable=False),
    Column("workflow", String(64)),
    Column("visit", Integer),
    Column("transition", String(64)),
    Column("child_form", String(130), nullable=False),
    Column("child_id", BigId, nullable=False),
    Column("child_workflow", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Index("ok_sub_flow_record", "form", "record_id"),
    UniqueConstraint("child_form", "child_id", "child_workflow", name="ok_sub_flow_child"),
)

# When an automation is due next. Of a schedule `due_at` is its next moment and `rule` how it is written; of a date
# `seen_until` is the moment up to which records were looked at. `since` is when it was first seen: what was due
# before is nobody's business.
automation = Table(
    "ok_automation",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("rule", String(200), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),
    Column("seen_until", UtcDateTime),
    Column("fired_at", UtcDateTime),
)

# What was delivered to a path, so that the same delivery is not taken twice.
delivery = Table(
    "ok_delivery",
    metadata,
    Column("path", String(200), primary_key=True),
    Column("key", String(100), primary_key=True),
    Column("received_at", UtcDateTime, nullable=False, index=True),
)
