"""Revision 0003, follows 0002.

- rename column order.delivery_date to need_by (breaking)
"""

from orderkit.database import operations as ok

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None
starts_from = "446e6a32465305df19e9d4655a355bce6f2127629dc5cb68ae0901979f598dd7"
leads_to = "5dfbd9ad8c1f3c1862b0aa5abf2b64c91d81bbd5309ef155cbf3152276e33b95"
is_safe_for_older = False
retires = ()


def upgrade() -> None:
    with ok.alter_table("order") as table:
        table.rename_column("delivery_date", "need_by", form="order")


def downgrade() -> None:
    with ok.alter_table("order") as table:
        table.rename_column("need_by", "delivery_date", form="order")


# as generated: 2233aca5df5f31edd7aeaf88cfe239e47d7c1ddd2eee0e2c4af2046a9b1df4cb
