"""Links in mails with which a person decides one task."""

import sqlalchemy as sa
from alembic import op

from orderkit.database.schema.column_types import BigId, UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None
# An older program makes no links; a task that it removes takes its links along.
is_safe_for_older = True


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "ok_decision_link",
        sa.Column("id", BigId, nullable=False),
        sa.Column("task_id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("seen", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["task_id"], ["ok_workflow_task.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("digest"),
        sa.UniqueConstraint("task_id", "user_id", name="ok_decision_link_task"),
    )
    for column in ("user_id", "expires_at"):
        op.create_index(op.f(f"ix_ok_decision_link_{column}"), "ok_decision_link", [column])


def downgrade() -> None:
    """Take it away."""
    op.drop_table("ok_decision_link")
