"""What people keep of lists: columns, views, and with which view a list opens."""

import sqlalchemy as sa
from alembic import op

from orderkit.database.schema.column_types import BigId, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
is_safe_for_older = True


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "ok_list_arrangement",
        sa.Column("user_id", BigId, autoincrement=False, nullable=False),
        sa.Column("form", sa.String(length=130), nullable=False),
        sa.Column("view", BigId, autoincrement=False, nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("frozen", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "form", "view"),
    )
    op.create_table(
        "ok_list_view",
        sa.Column("id", BigId, nullable=False),
        sa.Column("form", sa.String(length=130), nullable=False),
        sa.Column("owner_id", BigId, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("columns", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("frozen", sa.Integer(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        # The number of a view that was deleted is in addresses and defaults; no other may get it.
        sqlite_autoincrement=True,
    )
    op.create_index("ix_ok_list_view_form", "ok_list_view", ["form"])
    op.create_table(
        "ok_list_default",
        sa.Column("user_id", BigId, autoincrement=False, nullable=False),
        sa.Column("form", sa.String(length=130), nullable=False),
        sa.Column("view", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "form"),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("ok_list_default")
    op.drop_table("ok_list_view")
    op.drop_table("ok_list_arrangement")
