"""The search index."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from orderkit.database.schema.column_types import BigId
from orderkit.database.schema.system_tables import MAKE_SEARCH_TOKENS, SEARCH_TOKENS

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None
# A program of the revision before writes records without their entries, which a search would then miss.
is_safe_for_older = False


def upgrade() -> None:
    """Make the tables; `migrate` fills them afterwards."""
    op.create_table(
        "ok_search_form",
        sa.Column("form", sa.String(length=130), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("progress", BigId, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("form"),
        sa.UniqueConstraint("number"),
    )
    op.create_table(
        "ok_search_entry",
        sa.Column("key", BigId, autoincrement=False, nullable=False),
        sa.Column("texts", sa.Text(), nullable=True),
        sa.Column("tokens", TSVECTOR().with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    op.execute(MAKE_SEARCH_TOKENS[op.get_bind().dialect.name])


def downgrade() -> None:
    """Take them away."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TABLE {SEARCH_TOKENS}")
    op.drop_table("ok_search_entry")
    op.drop_table("ok_search_form")
