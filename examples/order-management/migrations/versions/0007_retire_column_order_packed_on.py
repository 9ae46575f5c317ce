"""Revision 0007, follows 0006.

- retire column order.packed_on (destructive)
"""

import sqlalchemy as sa

from orderkit.database import operations as ok

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None
starts_from = "17e2e0358d414e16097003d683729adf9f6d5b88b1aec169c5a460c4354be224"
leads_to = "dfa25992b10ad17e571c9e99a5717af3f5b42c390e09bb2b8746d79415e21812"
is_safe_for_older = False
retires = ("order.packed_on",)


def upgrade() -> None:
    ok.retire_column("order", "order", "packed_on", path="order.packed_on")


def downgrade() -> None:
    ok.restore_column("order", "order", "packed_on", sa.Date(), path="order.packed_on")


# as generated: ef71d11846c093fd8f60d438b917a0ffda3a7b461fac144ca174881435db5ba7
