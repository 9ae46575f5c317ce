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
    Column("claimed_by", BigId),
    Column("claimed_at", UtcDateTime),
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
    # The rows of the loops that it stands in, outermost first, as `17/4`.
    Column("loop_rows", String(255)),
    # The task into which it was inserted, `before` or `after` that is decided, by whom, and how deep.
    Column("host_id", BigId),
    Column("place", String(16)),
    Column("added_by", BigId),
    Column("depth", Integer, nullable=False, server_default="0"),
    # The step of an earlier visit whose decisions still hold here.
    Column("carried_from", BigId),
    # Of a step that returned the record: how it goes on, and on which values the earlier decisions rest.
    Column("resume", String(16)),
    Column("digest", String(64)),
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
    # `help` is asked for an answer only; empty is a decision.
    Column("kind", String(16)),
    # The task to which an answer goes back, and who asked for it or added the signer.
    Column("host_id", BigId),
    Column("added_by", BigId),
    Column("signature_id", BigId),
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

workflow_choice = Table(
    "ok_workflow_choice",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("instance_id", BigId, ForeignKey("ok_workflow_instance.id", ondelete="CASCADE"), nullable=False),
    Column("visit", Integer, nullable=False),
    Column("step", String(64), nullable=False),
    Column("user_id", BigId, nullable=False),
    Column("chosen_by", BigId),
    Index("ok_workflow_choice_step", "instance_id", "visit", "step"),
)

workflow_copy = Table(
    "ok_workflow_copy",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("instance_id", BigId, ForeignKey("ok_workflow_instance.id", ondelete="CASCADE"), nullable=False),
    Column("workflow", String(64), nullable=False),
    Column("form", String(130), nullable=False),
    Column("record_id", BigId, nullable=False),
    Column("visit", Integer, nullable=False),
    Column("user_id", BigId, nullable=False),
    Column("moment", String(16), nullable=False),
    Column("step", String(64)),
    Column("sent_by", BigId),
    Column("created_at", UtcDateTime, nullable=False),
    Column("read_at", UtcDateTime),
    Index("ok_workflow_copy_user", "user_id", "id"),
    Index("ok_workflow_copy_instance", "instance_id"),
)

substitution = Table(
    "ok_substitution",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("user_id", BigId, nullable=False, index=True),
    Column("substitute_id", BigId, nullable=False, index=True),
    # One workflow; empty is all of them.
    Column("workflow", String(64)),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", BigId),
)

# What a person was told of a task, and the link with which they may decide it from there. The token follows from
# `salt` and a key that is not in the database; of it only the digest is kept. `seen` is what the task was about.
decision_link = Table(
    "ok_decision_link",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("task_id", BigId, ForeignKey("ok_workflow_task.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", BigId, nullable=False, index=True),
    Column("salt", String(64), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("seen", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
    Column("used_at", UtcDateTime),
    UniqueConstraint("task_id", "user_id", name="ok_decision_link_task"),
)
