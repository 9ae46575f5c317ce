"""Revision 0002, follows 0001.

- add column order.external_no (safe)
- add options of order.source: import (safe)
- add unique key order__external_no__customer_key (safe)
"""

import sqlalchemy as sa

from orderkit.database import operations as ok

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None
starts_from = "cacb8715bce3af521fb7dca40b39161867fc51f5d7f9d7771bf04245ad05ae3a"
leads_to = "30cb39af71ee4e2c7ddc7a15ce000ab4353c08abf475271f46b194acb01a3c3d"
is_safe_for_older = True
retires = ()


def upgrade() -> None:
    with ok.alter_table("order") as table:
        table.add_column(sa.Column("external_no", ok.CodePointText))
    ok.create_index(
        "order__external_no__customer_key",
        "order",
        ["external_no", "customer"],
        unique=True,
    )


def downgrade() -> None:
    ok.drop_index("order__external_no__customer_key", "order")
    with ok.alter_table("order") as table:
        table.drop_column("external_no")


# as generated: adbeb88c51d1b785e634cf607e2d83e84879374a4d06f116f0e5aba16e6c48c9
