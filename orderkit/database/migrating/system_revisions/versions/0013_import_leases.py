"""When who works on an import was last there, so that others may go on once that is long ago."""

import sqlalchemy as sa
from alembic import op

from orderkit.database.schema.column_types import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None
# An older program notes nothing: its imports are gone on with once they were stopped, as before.
is_safe_for_older = True


def upgrade() -> None:
    """Make the column."""
    op.add_column("ok_import_run", sa.Column("seen_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table("ok_import_run") as batch:
        batch.drop_column("seen_at")
