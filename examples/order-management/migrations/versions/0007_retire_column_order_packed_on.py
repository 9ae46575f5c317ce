"""Revision 0007, follows 0006.

- retire column order.packed_on (destructive)
"""

import sqlalchemy as sa

from orderkit.database import operations as ok

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None
starts_from = "3736916c3c85106aac3c889d9c6560407877a32f7664c9d504653d516803c9f9"
leads_to = "17ffcf3d94721386e952d4f46ffea9f3bdd6706eb6e2a7971ff2b6aaadbb08af"
is_safe_for_older = False
retires = ("order.packed_on",)


def upgrade() -> None:
    ok.retire_column("order", "order", "packed_on", path="order.packed_on")


def downgrade() -> None:
    ok.restore_column("order", "order", "packed_on", sa.Date(), path="order.packed_on")


# as generated: 54e9fee4dc4f68de626fa4b29e7ba6c5c671cc51d7f9fc1c401f0eb215b568d3
