"""Running workflows: their definitions, instances, steps, tasks and events."""

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from orderkit.database.schema.column_types import BigId, UtcDateTime
from orderkit.database.schema.system_tables.own_metadata import metadata

workflow_definition = Table(
    "ok_workflow_definition",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("workflow", String(64), nullable=False),
    Column("compiled", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # In which words `compiled` is written: the format of stored models, and the project's revision at that
    # time. Names that were renamed by later revisions are read through `ok_renaming`.
    Column("format", Integer, nullable=False, server_default="1"),
    Column("project_revision", String(16)),
)

workflow_instance = Table(
    "ok_workflow_instance",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("workflow", String(64), nullable=False),
    Column("form", String(130), nullable=False),
    Column("record_id", BigId, nullable=False),
    Column("definition_hash", String(64), nullable=False),
    Column("state", String(64), nullable=False),
    Column("visit", Integer, nullable=False),
    Column("entered_at", UtcDateTime, nullable=False),
    Column("submitter_id", BigId),
    Column("revision", Integer, nullable=False),
    UniqueConstraint("workflow", "record_id", name="ok_workflow_instance_record"),
    Index("ok_workflow_instance_state", "workflow", "state"),
)

workflow_step = Table(
    "ok_workflow_step",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("instance_id", BigId, ForeignKey("ok_workflow_instance.id", ondelete="CASCADE"), nullable=False),
    Column("visit", Integer, nullable=False),
    Column("approval", String(64), nullable=False),
    Column("step", String(64), nullable=False),
    Column("position", Integer, nullable=False),
    Column("mode", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("people", JSON, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Index("ok_workflow_step_instance", "instance_id", "visit", "position"),
)

workflow_task = Table(
    "ok_workflow_task",
    metadata,
    Column("id", BigId, primary_key=True),
    Column(
        "step_id", BigId, ForeignKey("ok_workflow_step.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("instance_id", BigId, nullable=False),
    Column("workflow", String(64), nullable=False),
    Column("form", String(130), nullable=False),
    Column("record_id", BigId, nullable=False),
    Column("assignee_id", BigId, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(64)),
    Column("comment", Text),
    Column("protected_digest", String(64)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("decided_at", UtcDateTime),
    Column("decided_by", BigId),
    Index("ok_workflow_task_assignee", "assignee_id", "state", "id"),
    Index("ok_workflow_task_record", "form", "record_id"),
)

workflow_event = Table(
    "ok_workflow_event",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("instance_id", BigId, nullable=False, index=True),
    Column("workflow", String(64), nullable=False),
    Column("form", String(130), nullable=False),
    Column("record_id", BigId, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor_id", BigId),
    Column("on_behalf_of_id", BigId),
    Column("verb", String(64), nullable=False),
    Column("transition", String(64)),
    Column("source", String(64)),
    Column("target", String(64)),
    Column("step", String(64)),
    Column("visit", Integer, nullable=False),
    Column("comment", Text),
    Column("data", JSON, nullable=False),
    Column("channel", String(32), nullable=False),
    Index("ok_workflow_event_record", "form", "record_id", "id"),
)
