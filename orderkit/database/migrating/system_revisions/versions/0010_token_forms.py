"""Tokens that are confined to some forms."""

import sqlalchemy as sa
from alembic import op

from orderkit.database.schema.column_types import BigId

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None
# A program of the revision before lets a token that is confined to some forms reach every one.
is_safe_for_older = False


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "ok_token_form",
        sa.Column("token_id", BigId, autoincrement=False, nullable=False),
        sa.Column("form", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("token_id", "form"),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("ok_token_form")
