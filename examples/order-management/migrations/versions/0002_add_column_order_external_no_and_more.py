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
starts_from = "48aba17e2038e65b67375fcea9a755d31a09e64f45b9a5d705de4784f106aa35"
leads_to = "62537c794fce0358f3bb8b1d7160227c3678922cc04525cfab0561cb354fc5eb"
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


# as generated: c416fd52b51afaa068d2ab61874172e44d5214030d32f3363195a9182b806e25
