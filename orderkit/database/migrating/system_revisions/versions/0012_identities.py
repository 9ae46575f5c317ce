"""Who people are for a provider outside."""

import sqlalchemy as sa
from alembic import op

from orderkit.database.schema.column_types import BigId, UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None
# An older program knows no provider, and lets everybody in by password as before.
is_safe_for_older = True


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "ok_identity",
        sa.Column("issuer", sa.String(length=512), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("issuer", "subject"),
        sa.UniqueConstraint("user_id", "issuer"),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("ok_identity")
