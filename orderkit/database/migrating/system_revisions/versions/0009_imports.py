"""How files are imported and what imports wrote, so that they can be taken back."""

import sqlalchemy as sa
from alembic import op

from orderkit.database.schema.column_types import BigId

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None
# It only adds; a program of the revision before writes imports that cannot be taken back.
is_safe_for_older = True


def upgrade() -> None:
    """Make the columns and the table."""
    op.add_column("ok_import_run", sa.Column("refused", sa.Integer(), server_default="0", nullable=False))
    op.add_column("ok_import_run", sa.Column("options", sa.JSON(), nullable=True))
    op.add_column("ok_import_run", sa.Column("refused_file", BigId, nullable=True))
    op.create_table(
        "ok_import_record",
        sa.Column("run_id", BigId, autoincrement=False, nullable=False),
        sa.Column("form", sa.String(length=130), nullable=False),
        sa.Column("record_id", BigId, autoincrement=False, nullable=False),
        sa.Column("verb", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("run_id", "form", "record_id"),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("ok_import_record")
    with op.batch_alter_table("ok_import_run") as batch:
        batch.drop_column("refused_file")
        batch.drop_column("options")
        batch.drop_column("refused")
