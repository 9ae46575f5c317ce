"""Revision 0005, follows 0004.

- add column customer.credit_limit (safe)
"""

import sqlalchemy as sa

from orderkit.database import operations as ok

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
starts_from = "bc03c3f9721fefdb879671f353f88b715f15d2f7f6c7eb839720a98351f1df0c"
leads_to = "dcbf6781730e56ab07ba2c9a98ca084fe4a81363c9dbbff84299b95716711be5"
is_safe_for_older = True
retires = ()


def upgrade() -> None:
    with ok.alter_table("customer") as table:
        table.add_column(sa.Column("credit_limit", ok.ExactDecimal(2)))


def downgrade() -> None:
    with ok.alter_table("customer") as table:
        table.drop_column("credit_limit")


# as generated: 8ef96fa2e2939d0c4a73ccab22cd5341e2d5b0173a7696aa828beea473522f25
