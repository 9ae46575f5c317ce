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
starts_from = "d486cd16d17dc1e1063e6976a2ea8da16842dc7e5a3af2470d1b6e075765eebd"
leads_to = "3c9e2518768b3711d16245e43814b56c1c47b1a4e6472ee7557cf8b799840682"
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


# as generated: 0c3927353a573a38b10e50264e9b01a2ea9814618797dd1f47c1e2f21841eb59
