"""Clocks of tasks and records, and the moments at which something happens."""

import sqlalchemy as sa
from alembic import op

from orderkit.database.schema.column_types import BigId, UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None
# An older program starts no clock and fires no timer; what it moves on meanwhile is noticed when one is to fire.
is_safe_for_older = True

_INSTANCE = "ok_workflow_instance.id"
_TASK = "ok_workflow_task.id"
_CLOCK = "ok_workflow_clock.id"


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "ok_workflow_clock",
        sa.Column("id", BigId, nullable=False),
        sa.Column("instance_id", BigId, sa.ForeignKey(_INSTANCE, ondelete="CASCADE"), nullable=False),
        sa.Column("workflow", sa.String(length=64), nullable=False),
        sa.Column("form", sa.String(length=130), nullable=False),
        sa.Column("record_id", BigId, nullable=False),
        sa.Column("visit", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=True),
        sa.Column("task_id", BigId, sa.ForeignKey(_TASK, ondelete="CASCADE"), nullable=True),
        sa.Column("shares", BigId, nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("rests", sa.JSON(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("task_id", name="ok_workflow_clock_task"),
    )
    op.create_index("ok_workflow_clock_instance", "ok_workflow_clock", ["instance_id", "state"])
    op.create_index("ok_workflow_clock_due", "ok_workflow_clock", ["state", "due_at"])
    op.create_table(
        "ok_workflow_timer",
        sa.Column("id", BigId, nullable=False),
        sa.Column("instance_id", BigId, sa.ForeignKey(_INSTANCE, ondelete="CASCADE"), nullable=False),
        sa.Column("clock_id", BigId, sa.ForeignKey(_CLOCK, ondelete="CASCADE"), nullable=True),
        sa.Column("workflow", sa.String(length=64), nullable=False),
        sa.Column("form", sa.String(length=130), nullable=False),
        sa.Column("record_id", BigId, nullable=False),
        sa.Column("visit", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_ok_workflow_timer_clock_id", "ok_workflow_timer", ["clock_id"])
    op.create_index("ok_workflow_timer_due", "ok_workflow_timer", ["state", "due_at", "id"])
    op.create_index("ok_workflow_timer_instance", "ok_workflow_timer", ["instance_id", "state"])


def downgrade() -> None:
    """Take them away."""
    op.drop_table("ok_workflow_timer")
    op.drop_table("ok_workflow_clock")
