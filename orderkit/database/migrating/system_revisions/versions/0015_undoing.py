"""What transitions did that can be taken back."""

import sqlalchemy as sa
from alembic import op

from orderkit.database.schema.column_types import BigId, UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None
# An older program notes nothing: what its transitions did stays, as before.
is_safe_for_older = True


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "ok_workflow_undo",
        sa.Column("id", BigId, nullable=False),
        sa.Column("workflow", sa.String(length=64), nullable=False),
        sa.Column("record_id", BigId, nullable=False),
        sa.Column("visit", sa.Integer(), nullable=False),
        sa.Column("transition", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("form", sa.String(length=130), nullable=False),
        sa.Column("target_id", BigId, nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ok_workflow_undo_record", "ok_workflow_undo", ["workflow", "record_id", "transition", "id"]
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ok_workflow_undo_record", "ok_workflow_undo")
    op.drop_table("ok_workflow_undo")
