"""Revision 0003, follows 0002.

- rename column order.delivery_date to need_by (breaking)
"""

from orderkit.database import operations as ok

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None
starts_from = "3c9e2518768b3711d16245e43814b56c1c47b1a4e6472ee7557cf8b799840682"
leads_to = "ca22df517391d70bcdc84836cd6b917fea97ece742ff31ae2d72e03118a7dfc9"
is_safe_for_older = False
retires = ()


def upgrade() -> None:
    with ok.alter_table("order") as table:
        table.rename_column("delivery_date", "need_by", form="order")


def downgrade() -> None:
    with ok.alter_table("order") as table:
        table.rename_column("need_by", "delivery_date", form="order")


# as generated: 3a0bddf0e734920b62b0c775b1fe9c1d19d34ee4a02068ed2ea0443be9a8c03b
