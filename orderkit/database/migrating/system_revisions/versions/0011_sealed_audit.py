"""A sealed audit: seals, checkpoints, and triggers that let entries be added alone."""

import sqlalchemy as sa
from alembic import op

from orderkit.database.schema.column_types import BigId, UtcDateTime
from orderkit.database.schema.system_tables import KEEP_AUDIT, RELEASE_AUDIT

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None
# An older program adds entries, and changes or removes none; the next one seals them.
is_safe_for_older = True


def upgrade() -> None:
    """Make the tables and triggers."""
    op.create_table(
        "ok_audit_seal",
        sa.Column("number", BigId, autoincrement=False, nullable=False),
        sa.Column("sealed_at", UtcDateTime(), nullable=False),
        sa.Column("ids", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_id", BigId, nullable=False),
        sa.Column("settled", BigId, nullable=False),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.Column("entries_digest", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("ix_ok_audit_seal_last_id", "ok_audit_seal", ["last_id"])
    op.create_table(
        "ok_audit_checkpoint",
        sa.Column("number", BigId, autoincrement=False, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("settled", BigId, nullable=False),
        sa.Column("removed", BigId, nullable=False),
        sa.Column("seal_digest", sa.String(length=64), nullable=False),
        sa.Column("seal_signature", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    for statement in KEEP_AUDIT[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Take them away."""
    for statement in RELEASE_AUDIT[op.get_bind().dialect.name]:
        op.execute(statement)
    op.drop_table("ok_audit_checkpoint")
    op.drop_table("ok_audit_seal")
