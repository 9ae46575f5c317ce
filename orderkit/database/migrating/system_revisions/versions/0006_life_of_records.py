"""What happens around a record: comments, followers, the bin, links."""

import sqlalchemy as sa
from alembic import op

from orderkit.database.schema.column_types import BigId, UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None
# A program of the revision before deletes records for good, which the bin promises to keep.
is_safe_for_older = False


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "ok_comment",
        sa.Column("id", BigId, nullable=False),
        sa.Column("form", sa.String(length=130), nullable=False),
        sa.Column("record_id", BigId, nullable=False),
        sa.Column("author_id", BigId, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("mentions", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("edited_at", UtcDateTime(), nullable=True),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("ok_comment", schema=None) as batch_op:
        batch_op.create_index("ok_comment_record", ["form", "record_id", "id"], unique=False)

    op.create_table(
        "ok_deleted_record",
        sa.Column("id", BigId, nullable=False),
        sa.Column("form", sa.String(length=130), nullable=False),
        sa.Column("record_id", BigId, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("deleted_at", UtcDateTime(), nullable=False),
        sa.Column("deleted_by", BigId, nullable=True),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("form", "record_id", name="ok_deleted_record_record"),
    )
    with op.batch_alter_table("ok_deleted_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ok_deleted_record_deleted_at"), ["deleted_at"], unique=False)

    op.create_table(
        "ok_follower",
        sa.Column("form", sa.String(length=130), nullable=False),
        sa.Column("record_id", BigId, autoincrement=False, nullable=False),
        sa.Column("user_id", BigId, autoincrement=False, nullable=False),
        sa.Column("has_left", sa.Boolean(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("form", "record_id", "user_id"),
    )
    op.create_table(
        "ok_record_link",
        sa.Column("id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("form", sa.String(length=130), nullable=False),
        sa.Column("record_id", BigId, nullable=False),
        sa.Column("made_form", sa.String(length=130), nullable=False),
        sa.Column("made_id", BigId, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("ok_record_link", schema=None) as batch_op:
        batch_op.create_index("ok_record_link_made", ["made_form", "made_id"], unique=False)
        batch_op.create_index("ok_record_link_record", ["form", "record_id"], unique=False)


def downgrade() -> None:
    """Take them away."""
    with op.batch_alter_table("ok_record_link", schema=None) as batch_op:
        batch_op.drop_index("ok_record_link_record")
        batch_op.drop_index("ok_record_link_made")

    op.drop_table("ok_record_link")
    op.drop_table("ok_follower")
    with op.batch_alter_table("ok_deleted_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ok_deleted_record_deleted_at"))

    op.drop_table("ok_deleted_record")
    with op.batch_alter_table("ok_comment", schema=None) as batch_op:
        batch_op.drop_index("ok_comment_record")

    op.drop_table("ok_comment")
