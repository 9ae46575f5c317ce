"""When people last looked at records, so that they are shown what has changed since."""

import sqlalchemy as sa
from alembic import op

from orderkit.database.schema.column_types import BigId, UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None
# An older program notes no looks: who decides there is shown more as changed later, never less.
is_safe_for_older = True


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "ok_record_look",
        sa.Column("form", sa.String(length=130), nullable=False),
        sa.Column("record_id", BigId, autoincrement=False, nullable=False),
        sa.Column("user_id", BigId, autoincrement=False, nullable=False),
        sa.Column("looked_at", UtcDateTime(), nullable=False),
        sa.Column("before_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("form", "record_id", "user_id"),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("ok_record_look")
