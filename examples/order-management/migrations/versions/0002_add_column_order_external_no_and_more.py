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
starts_from = "7f0cae1bb4db44919fbd898ee1eadf0afa10b0e1ba29880c61903fa8beed5bd5"
leads_to = "3ecc6a3ee01fc37a5d69b2ba27600a42bc4e172174bad220b3cefcb17a74fc34"
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


# as generated: 0d20b6ebd40fb66f40286ee7556650af96d5370af4c846f5ed39570735a6783d
