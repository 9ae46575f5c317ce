"""What goes on in the background: blocks of actions, sub-flows, when automations are due, deliveries of webhooks."""

import sqlalchemy as sa
from alembic import op

from orderkit.database.schema.column_types import BigId, UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None
# An older program begins none of this, and leaves the jobs alone that go on with it.
is_safe_for_older = True


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "ok_action_block",
        sa.Column("id", BigId, nullable=False),
        sa.Column("join", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("begun", sa.Integer(), nullable=False),
        sa.Column("ended", sa.Integer(), nullable=False),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.Column("parent_id", BigId, nullable=True),
        sa.Column("next", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_ok_action_block_ended_at", "ok_action_block", ["ended_at"])
    op.create_table(
        "ok_automation",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("rule", sa.String(length=200), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("seen_until", UtcDateTime(), nullable=True),
        sa.Column("fired_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "ok_delivery",
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("path", "key"),
    )
    op.create_index("ix_ok_delivery_received_at", "ok_delivery", ["received_at"])
    op.create_table(
        "ok_sub_flow",
        sa.Column("id", BigId, nullable=False),
        sa.Column("form", sa.String(length=130), nullable=False),
        sa.Column("record_id", BigId, nullable=False),
        sa.Column("workflow", sa.String(length=64), nullable=True),
        sa.Column("visit", sa.Integer(), nullable=True),
        sa.Column("transition", sa.String(length=64), nullable=True),
        sa.Column("child_form", sa.String(length=130), nullable=False),
        sa.Column("child_id", BigId, nullable=False),
        sa.Column("child_workflow", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("child_form", "child_id", "child_workflow", name="ok_sub_flow_child"),
    )
    op.create_index("ok_sub_flow_record", "ok_sub_flow", ["form", "record_id"])


def downgrade() -> None:
    """Take them away."""
    for name in ("ok_sub_flow", "ok_delivery", "ok_automation", "ok_action_block"):
        op.drop_table(name)
