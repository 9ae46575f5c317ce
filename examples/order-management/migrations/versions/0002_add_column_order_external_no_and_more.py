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
starts_from = "efc25048ca77db38d3de570916e44241eb0c916bd035305a1fbd6ea2565abb4f"
leads_to = "446e6a32465305df19e9d4655a355bce6f2127629dc5cb68ae0901979f598dd7"
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


# as generated: 79026bc41f5de32b0706b8356d493db55fd60dc33b907527717a3d1c0e912145
