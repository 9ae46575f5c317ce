"""Revision 0005, follows 0004.

- add column customer.credit_limit (safe)
"""

import sqlalchemy as sa

from orderkit.database import operations as ok

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
starts_from = "a944ec4f9c96744b355f73edde731dba4f442d37888c3826eea5b65c34e95246"
leads_to = "b492db3f60d0f5b694297fc437c1ca6a5757fe6635de6fcd26da094980bff574"
is_safe_for_older = True
retires = ()


def upgrade() -> None:
    with ok.alter_table("customer") as table:
        table.add_column(sa.Column("credit_limit", ok.ExactDecimal(2)))


def downgrade() -> None:
    with ok.alter_table("customer") as table:
        table.drop_column("credit_limit")


# as generated: 8ee51ccad2b30f33fc69c56653ec226be81ee435a6e775b6fc8b1307fb7404a5
