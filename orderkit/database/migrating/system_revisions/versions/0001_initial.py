"""Initial: sign-in, audit, jobs, workflows, files, imports."""

import sqlalchemy as sa
from alembic import op

from orderkit.database.schema.column_types import BigId, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None
is_safe_for_older = True


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "ok_audit",
        sa.Column("id", BigId, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_id", BigId, nullable=True),
        sa.Column("on_behalf_of_id", BigId, nullable=True),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("model_hash", sa.String(length=64), nullable=False),
        sa.Column("form", sa.String(length=130), nullable=False),
        sa.Column("record_id", BigId, nullable=False),
        sa.Column("verb", sa.String(length=64), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ok_audit_record", "ok_audit", ["form", "record_id", "id"], unique=False)
    op.create_table(
        "ok_audit_personal",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("form", sa.String(length=130), nullable=False),
        sa.Column("record_id", BigId, nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index("ok_audit_personal_record", "ok_audit_personal", ["form", "record_id"], unique=False)
    op.create_table(
        "ok_counter",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("value", BigId, nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "ok_credential",
        sa.Column("user_id", BigId, autoincrement=False, nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", UtcDateTime(), nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("user_id"),
    )
    op.create_table(
        "ok_file",
        sa.Column("id", BigId, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", BigId, nullable=False),
        sa.Column("form", sa.String(length=130), nullable=True),
        sa.Column("field", sa.String(length=64), nullable=True),
        sa.Column("record_id", BigId, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", BigId, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_ok_file_digest"), "ok_file", ["digest"], unique=False)
    op.create_index("ok_file_record", "ok_file", ["form", "record_id"], unique=False)
    op.create_table(
        "ok_idempotency",
        sa.Column("user_id", BigId, autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("request_digest", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "key"),
    )
    op.create_index(op.f("ix_ok_idempotency_created_at"), "ok_idempotency", ["created_at"], unique=False)
    op.create_table(
        "ok_import_run",
        sa.Column("id", BigId, nullable=False),
        sa.Column("mapping", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("is_dry", sa.Boolean(), nullable=False),
        sa.Column("total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created", sa.Integer(), server_default="0", nullable=False),
        sa.Column("updated", sa.Integer(), server_default="0", nullable=False),
        sa.Column("unchanged", sa.Integer(), server_default="0", nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", BigId, nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "ok_inbox_message",
        sa.Column("id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("message", sa.String(length=64), nullable=True),
        sa.Column("key", sa.String(length=300), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("form", sa.String(length=130), nullable=True),
        sa.Column("record_id", BigId, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("ok_inbox_message_user", "ok_inbox_message", ["user_id", "read_at"], unique=False)
    op.create_table(
        "ok_job",
        sa.Column("id", BigId, nullable=False),
        sa.Column("queue", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("priority", sa.Integer(), server_default="0", nullable=False),
        sa.Column("run_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("worker", sa.String(length=100), nullable=True),
        sa.Column("cause", sa.String(length=200), nullable=True),
        sa.Column("depth", sa.Integer(), server_default="0", nullable=False),
        sa.Column("form", sa.String(length=130), nullable=True),
        sa.Column("record_id", BigId, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("ok_job_ready", "ok_job", ["state", "priority", "run_at"], unique=False)
    op.create_index("ok_job_record", "ok_job", ["form", "record_id"], unique=False)
    op.create_table(
        "ok_one_time_link",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("user_id", BigId, nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_table(
        "ok_rate_bucket",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.Column("refilled_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "ok_session",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index(op.f("ix_ok_session_user_id"), "ok_session", ["user_id"], unique=False)
    op.create_table(
        "ok_setting",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "ok_token",
        sa.Column("id", BigId, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("digest"),
    )
    op.create_index(op.f("ix_ok_token_user_id"), "ok_token", ["user_id"], unique=False)
    op.create_table(
        "ok_user_role",
        sa.Column("user_id", BigId, autoincrement=False, nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "role"),
    )
    op.create_table(
        "ok_workflow_definition",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("workflow", sa.String(length=64), nullable=False),
        sa.Column("compiled", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_table(
        "ok_workflow_event",
        sa.Column("id", BigId, nullable=False),
        sa.Column("instance_id", BigId, nullable=False),
        sa.Column("workflow", sa.String(length=64), nullable=False),
        sa.Column("form", sa.String(length=130), nullable=False),
        sa.Column("record_id", BigId, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_id", BigId, nullable=True),
        sa.Column("on_behalf_of_id", BigId, nullable=True),
        sa.Column("verb", sa.String(length=64), nullable=False),
        sa.Column("transition", sa.String(length=64), nullable=True),
        sa.Column("source", sa.String(length=64), nullable=True),
        sa.Column("target", sa.String(length=64), nullable=True),
        sa.Column("step", sa.String(length=64), nullable=True),
        sa.Column("visit", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_ok_workflow_event_instance_id"), "ok_workflow_event", ["instance_id"], unique=False
    )
    op.create_index(
        "ok_workflow_event_record", "ok_workflow_event", ["form", "record_id", "id"], unique=False
    )
    op.create_table(
        "ok_workflow_instance",
        sa.Column("id", BigId, nullable=False),
        sa.Column("workflow", sa.String(length=64), nullable=False),
        sa.Column("form", sa.String(length=130), nullable=False),
        sa.Column("record_id", BigId, nullable=False),
        sa.Column("definition_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("visit", sa.Integer(), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.Column("submitter_id", BigId, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workflow", "record_id", name="ok_workflow_instance_record"),
    )
    op.create_index("ok_workflow_instance_state", "ok_workflow_instance", ["workflow", "state"], unique=False)
    op.create_table(
        "ok_job_attempt",
        sa.Column("id", BigId, nullable=False),
        sa.Column("job_id", BigId, nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["ok_job.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_ok_job_attempt_job_id"), "ok_job_attempt", ["job_id"], unique=False)
    op.create_table(
        "ok_workflow_step",
        sa.Column("id", BigId, nullable=False),
        sa.Column("instance_id", BigId, nullable=False),
        sa.Column("visit", sa.Integer(), nullable=False),
        sa.Column("approval", sa.String(length=64), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["instance_id"], ["ok_workflow_instance.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ok_workflow_step_instance", "ok_workflow_step", ["instance_id", "visit", "position"], unique=False
    )
    op.create_table(
        "ok_workflow_task",
        sa.Column("id", BigId, nullable=False),
        sa.Column("step_id", BigId, nullable=False),
        sa.Column("instance_id", BigId, nullable=False),
        sa.Column("workflow", sa.String(length=64), nullable=False),
        sa.Column("form", sa.String(length=130), nullable=False),
        sa.Column("record_id", BigId, nullable=False),
        sa.Column("assignee_id", BigId, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("protected_digest", sa.String(length=64), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by", BigId, nullable=True),
        sa.ForeignKeyConstraint(["step_id"], ["ok_workflow_step.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_ok_workflow_task_step_id"), "ok_workflow_task", ["step_id"], unique=False)
    op.create_index(
        "ok_workflow_task_assignee", "ok_workflow_task", ["assignee_id", "state", "id"], unique=False
    )
    op.create_index("ok_workflow_task_record", "ok_workflow_task", ["form", "record_id"], unique=False)


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ok_workflow_task_record", table_name="ok_workflow_task")
    op.drop_index("ok_workflow_task_assignee", table_name="ok_workflow_task")
    op.drop_index(op.f("ix_ok_workflow_task_step_id"), table_name="ok_workflow_task")
    op.drop_table("ok_workflow_task")
    op.drop_index("ok_workflow_step_instance", table_name="ok_workflow_step")
    op.drop_table("ok_workflow_step")
    op.drop_index(op.f("ix_ok_job_attempt_job_id"), table_name="ok_job_attempt")
    op.drop_table("ok_job_attempt")
    op.drop_index("ok_workflow_instance_state", table_name="ok_workflow_instance")
    op.drop_table("ok_workflow_instance")
    op.drop_index("ok_workflow_event_record", table_name="ok_workflow_event")
    op.drop_index(op.f("ix_ok_workflow_event_instance_id"), table_name="ok_workflow_event")
    op.drop_table("ok_workflow_event")
    op.drop_table("ok_workflow_definition")
    op.drop_table("ok_user_role")
    op.drop_index(op.f("ix_ok_token_user_id"), table_name="ok_token")
    op.drop_table("ok_token")
    op.drop_table("ok_setting")
    op.drop_index(op.f("ix_ok_session_user_id"), table_name="ok_session")
    op.drop_table("ok_session")
    op.drop_table("ok_rate_bucket")
    op.drop_table("ok_one_time_link")
    op.drop_index("ok_job_record", table_name="ok_job")
    op.drop_index("ok_job_ready", table_name="ok_job")
    op.drop_table("ok_job")
    op.drop_index("ok_inbox_message_user", table_name="ok_inbox_message")
    op.drop_table("ok_inbox_message")
    op.drop_table("ok_import_run")
    op.drop_index(op.f("ix_ok_idempotency_created_at"), table_name="ok_idempotency")
    op.drop_table("ok_idempotency")
    op.drop_index("ok_file_record", table_name="ok_file")
    op.drop_index(op.f("ix_ok_file_digest"), table_name="ok_file")
    op.drop_table("ok_file")
    op.drop_table("ok_credential")
    op.drop_table("ok_counter")
    op.drop_index("ok_audit_personal_record", table_name="ok_audit_personal")
    op.drop_table("ok_audit_personal")
    op.drop_index("ok_audit_record", table_name="ok_audit")
    op.drop_table("ok_audit")
