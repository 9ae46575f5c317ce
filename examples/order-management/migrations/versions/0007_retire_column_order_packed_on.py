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
leads_to = "27a6eaab4b7db9b0a03074ef7346195185f94303107bd4d5e529e6d652dcfd3f"
is_safe_for_older = False
retires = ("order.packed_on",)


def upgrade() -> None:
    ok.retire_column("order", "order", "packed_on", path="order.packed_on")


def downgrade() -> None:
    ok.restore_column("order", "order", "packed_on", sa.Date(), path="order.packed_on")


# as generated: 81ed93db34367d39b11f2d6082483eda1c6429cf79013d1362739e2697814293
