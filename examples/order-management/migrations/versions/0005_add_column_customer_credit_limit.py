"""Revision 0005, follows 0004.

- add column customer.credit_limit (safe)
"""

import sqlalchemy as sa

from orderkit.database import operations as ok

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
starts_from = "16fc0dbb4a8981b23491a2c2d12027e80a6d165d0e8c0d321f0ee173ceffbeb3"
leads_to = "4e31f37ed7a24869ca39f95e297be64225383892662868eca5348c0bd3dd2f83"
is_safe_for_older = True
retires = ()


def upgrade() -> None:
    with ok.alter_table("customer") as table:
        table.add_column(sa.Column("credit_limit", ok.ExactDecimal(2)))


def downgrade() -> None:
    with ok.alter_table("customer") as table:
        table.drop_column("credit_limit")


# as generated: 93574187cd1bfb15678dcba1072000816e7b859c9252e87880da05621492c9d4
