"""Signing in: former passwords, second factors, pauses of addresses; scope and end of tokens."""

import sqlalchemy as sa
from alembic import op

from orderkit.database.schema.column_types import BigId, UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None
# It only adds, and old rows mean what they meant. A program of the revision before asks for no code:
# second factors protect once the last of them has gone.
is_safe_for_older = True


def upgrade() -> None:
    """Make the tables and columns."""
    op.add_column(
        "ok_credential",
        sa.Column("must_change", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column("ok_token", sa.Column("expires_at", UtcDateTime(), nullable=True))
    op.add_column("ok_token", sa.Column("scope", sa.String(length=16), server_default="full", nullable=False))
    op.create_table(
        "ok_former_password",
        sa.Column("id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_ok_former_password_user_id", "ok_former_password", ["user_id"])
    op.create_table(
        "ok_address_failure",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", UtcDateTime(), nullable=False),
        sa.Column("locked_until", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_table(
        "ok_second_factor",
        sa.Column("user_id", BigId, autoincrement=False, nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("user_id"),
    )
    op.create_table(
        "ok_recovery_code",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index("ix_ok_recovery_code_user_id", "ok_recovery_code", ["user_id"])


def downgrade() -> None:
    """Take them away."""
    for table in ("ok_recovery_code", "ok_second_factor", "ok_address_failure", "ok_former_password"):
        op.drop_table(table)
    with op.batch_alter_table("ok_token") as batch:
        batch.drop_column("scope")
        batch.drop_column("expires_at")
    with op.batch_alter_table("ok_credential") as batch:
        batch.drop_column("must_change")
