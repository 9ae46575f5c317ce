"""Revision 0003, follows 0002.

- rename column order.delivery_date to need_by (breaking)
"""

from orderkit.database import operations as ok

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None
starts_from = "62537c794fce0358f3bb8b1d7160227c3678922cc04525cfab0561cb354fc5eb"
leads_to = "56979d7b2c05419e584e95aaa087024052b8e72781a14428e0306af11550e968"
is_safe_for_older = False
retires = ()


def upgrade() -> None:
    with ok.alter_table("order") as table:
        table.rename_column("delivery_date", "need_by", form="order")


def downgrade() -> None:
    with ok.alter_table("order") as table:
        table.rename_column("need_by", "delivery_date", form="order")


# as generated: af50cf3bd11ab84b7084843cbc276f483565460a4da39949bf0d95fc9f207f7c
