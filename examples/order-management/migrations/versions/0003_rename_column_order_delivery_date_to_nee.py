"""Revision 0003, follows 0002.

- rename column order.delivery_date to need_by (breaking)
"""

from orderkit.database import operations as ok

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None
starts_from = "3ecc6a3ee01fc37a5d69b2ba27600a42bc4e172174bad220b3cefcb17a74fc34"
leads_to = "03019c3b561b7444496c75296da00a06fba7d6b465445b01235cff2d3aaa934c"
is_safe_for_older = False
retires = ()


def upgrade() -> None:
    with ok.alter_table("order") as table:
        table.rename_column("delivery_date", "need_by", form="order")


def downgrade() -> None:
    with ok.alter_table("order") as table:
        table.rename_column("need_by", "delivery_date", form="order")


# as generated: 1b018a377a940fb3132c1e6833923fcd0face57b8d4b92cc721c8f1ad27bdcb9
