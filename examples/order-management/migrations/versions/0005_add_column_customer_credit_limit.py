"""Revision 0005, follows 0004.

- add column customer.credit_limit (safe)
"""

import sqlalchemy as sa

from orderkit.database import operations as ok

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
starts_from = "ef2e6180f8e081fce214fa3a7b7e68a75e372ac6c81ff2016f3795877053401c"
leads_to = "db1b548839d0b64c842794818d4e39cc2d30bfcac7b2ac8224244de238905b92"
is_safe_for_older = True
retires = ()


def upgrade() -> None:
    with ok.alter_table("customer") as table:
        table.add_column(sa.Column("credit_limit", ok.ExactDecimal(2)))


def downgrade() -> None:
    with ok.alter_table("customer") as table:
        table.drop_column("credit_limit")


# as generated: 8bc3ee3a9723085b5b72a338eadc593db8841497ee0748319328bdb0ce1367ed
