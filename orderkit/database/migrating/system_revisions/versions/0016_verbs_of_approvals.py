"""What the verbs of approvals keep: loops, added signers, returns, claims, choices, copies, substitutes."""

import sqlalchemy as sa
from alembic import op

from orderkit.database.schema.column_types import BigId, UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None
# An older program neither adds signers nor returns to steps; what it writes has no loops and no hosts.
is_safe_for_older = True

_STEP = (
    ("loop_rows", sa.String(length=255)),
    ("host_id", BigId),
    ("place", sa.String(length=16)),
    ("added_by", BigId),
    ("carried_from", BigId),
    ("resume", sa.String(length=16)),
    ("digest", sa.String(length=64)),
)
_TASK = (
    ("kind", sa.String(length=16)),
    ("host_id", BigId),
    ("added_by", BigId),
    ("signature_id", BigId),
)
_INSTANCE = (("claimed_by", BigId), ("claimed_at", UtcDateTime()))
_COLUMNS = {"ok_workflow_step": _STEP, "ok_workflow_task": _TASK, "ok_workflow_instance": _INSTANCE}


def upgrade() -> None:
    """Make the columns and tables."""
    for table, columns in _COLUMNS.items():
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind, nullable=True))
    op.add_column("ok_workflow_step", sa.Column("depth", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "ok_workflow_choice",
        sa.Column("id", BigId, nullable=False),
        sa.Column("instance_id", BigId, nullable=False),
        sa.Column("visit", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("chosen_by", BigId, nullable=True),
        sa.ForeignKeyConstraint(["instance_id"], ["ok_workflow_instance.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ok_workflow_choice_step", "ok_workflow_choice", ["instance_id", "visit", "step"])
    op.create_table(
        "ok_workflow_copy",
        sa.Column("id", BigId, nullable=False),
        sa.Column("instance_id", BigId, nullable=False),
        sa.Column("workflow", sa.String(length=64), nullable=False),
        sa.Column("form", sa.String(length=130), nullable=False),
        sa.Column("record_id", BigId, nullable=False),
        sa.Column("visit", sa.Integer(), nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("moment", sa.String(length=16), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=True),
        sa.Column("sent_by", BigId, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["instance_id"], ["ok_workflow_instance.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ok_workflow_copy_user", "ok_workflow_copy", ["user_id", "id"])
    op.create_index("ok_workflow_copy_instance", "ok_workflow_copy", ["instance_id"])
    op.create_table(
        "ok_substitution",
        sa.Column("id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("substitute_id", BigId, nullable=False),
        sa.Column("workflow", sa.String(length=64), nullable=True),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", BigId, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("user_id", "substitute_id"):
        op.create_index(op.f(f"ix_ok_substitution_{column}"), "ok_substitution", [column])


def downgrade() -> None:
    """Take them away."""
    for table in ("ok_substitution", "ok_workflow_copy", "ok_workflow_choice"):
        op.drop_table(table)
    with op.batch_alter_table("ok_workflow_step") as batch:
        batch.drop_column("depth")
    for table, columns in _COLUMNS.items():
        with op.batch_alter_table(table) as batch:
            for name, _ in columns:
                batch.drop_column(name)
