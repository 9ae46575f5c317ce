"""Revision 0003, follows 0002.

- rename column order.delivery_date to need_by (breaking)
"""

from orderkit.database import operations as ok

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None
starts_from = "30cb39af71ee4e2c7ddc7a15ce000ab4353c08abf475271f46b194acb01a3c3d"
leads_to = "3c9200382fd5604eed6ebc2463db43b72289a65723ee90dad979718c6c89ccde"
is_safe_for_older = False
retires = ()


def upgrade() -> None:
    with ok.alter_table("order") as table:
        table.rename_column("delivery_date", "need_by", form="order")


def downgrade() -> None:
    with ok.alter_table("order") as table:
        table.rename_column("need_by", "delivery_date", form="order")


# as generated: c7b571f10a53fd855f86238352907ceadf79c196a77a308322f59a1958f772a2
