"""Tokens that are confined to some forms."""

import sqlalchemy as sa
from alembic import op

from orderkit.database.schema.column_types import BigId

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None
# It only adds. A program of the revision before would let a confined token reach every form, but makes none.
is_safe_for_older = True


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
