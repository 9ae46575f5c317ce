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
leads_to = "83af0c50a4316f6f8f752e817c71038d4eab0bb4fb4a120ab397db115a3fb48c"
is_safe_for_older = False
retires = ("order.packed_on",)


def upgrade() -> None:
    ok.retire_column("order", "order", "packed_on", path="order.packed_on")


def downgrade() -> None:
    ok.restore_column("order", "order", "packed_on", sa.Date(), path="order.packed_on")


# as generated: e6866d9db743ff4793f987edd776295ff4979f44caf8ee27307412b9dae4f03a
