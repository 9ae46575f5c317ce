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
leads_to = "98a003304ac475bac37803a099273d26b17a467e436dff82d6c742835f64b336"
is_safe_for_older = False
retires = ("order.packed_on",)


def upgrade() -> None:
    ok.retire_column("order", "order", "packed_on", path="order.packed_on")


def downgrade() -> None:
    ok.restore_column("order", "order", "packed_on", sa.Date(), path="order.packed_on")


# as generated: 4a749340274f175734c4f010dab638fdbcc34ccd0b3e5ee6321f3fd53129653b
