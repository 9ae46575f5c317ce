"""Revision 0007, follows 0006.

- retire column order.packed_on (destructive)
"""

import sqlalchemy as sa

from orderkit.database import operations as ok

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None
starts_from = "c990f9188f8fd10380f910ee148fd10ffbd21822218cf5d5963dc2f047d21975"
leads_to = "7cff3f4da973120299db546b02ed3fd7cf480818dd88e7f783e9b89826e398d4"
is_safe_for_older = False
retires = ("order.packed_on",)


def upgrade() -> None:
    ok.retire_column("order", "order", "packed_on", path="order.packed_on")


def downgrade() -> None:
    ok.restore_column("order", "order", "packed_on", sa.Date(), path="order.packed_on")


# as generated: 83a8734877968786777894fa78d1cdbf49f2415ecf987286144f9a2a0db4b224
