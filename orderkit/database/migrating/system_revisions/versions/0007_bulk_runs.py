"""What was done to many records at once."""

import sqlalchemy as sa
from alembic import op

from orderkit.database.schema.column_types import BigId, UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None
# A program of the revision before looks at neither table.
is_safe_for_older = True


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "ok_bulk_run",
        sa.Column("id", BigId, nullable=False),
        sa.Column("form", sa.String(length=64), nullable=False),
        sa.Column("action", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", BigId, nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("created_by", "key"),
    )
    op.create_index("ix_ok_bulk_run_created_at", "ok_bulk_run", ["created_at"])
    op.create_table(
        "ok_bulk_result",
        sa.Column("run_id", BigId, autoincrement=False, nullable=False),
        sa.Column("record_id", BigId, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("run_id", "record_id"),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("ok_bulk_result")
    op.drop_table("ok_bulk_run")
