"""What a revision did, how far it came, what it retired and renamed."""

import sqlalchemy as sa
from alembic import op

from orderkit.database.schema.column_types import BigId, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None
is_safe_for_older = True


def upgrade() -> None:
    """Make the tables, and note in which words a stored definition is written."""
    op.create_table(
        "ok_migration_step",
        sa.Column("line", sa.String(length=16), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("progress", BigId, nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("line", "number", "position"),
    )
    op.create_table(
        "ok_renaming",
        sa.Column("id", BigId, nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("old", sa.String(length=200), nullable=False),
        sa.Column("new", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "ok_retired",
        sa.Column("shadow", sa.String(length=63), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("retired_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("shadow"),
    )
    op.create_table(
        "ok_revision",
        sa.Column("line", sa.String(length=16), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("starts_from", sa.String(length=64), nullable=True),
        sa.Column("leads_to", sa.String(length=64), nullable=True),
        sa.Column("is_safe_for_older", sa.Boolean(), nullable=False),
        sa.Column("applied_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("line", "number"),
    )
    with op.batch_alter_table("ok_workflow_definition", schema=None) as batch_op:
        batch_op.add_column(sa.Column("format", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("project_revision", sa.String(length=16), nullable=True))


def downgrade() -> None:
    """Take them away."""
    with op.batch_alter_table("ok_workflow_definition", schema=None) as batch_op:
        batch_op.drop_column("project_revision")
        batch_op.drop_column("format")

    op.drop_table("ok_revision")
    op.drop_table("ok_retired")
    op.drop_table("ok_renaming")
    op.drop_table("ok_migration_step")
