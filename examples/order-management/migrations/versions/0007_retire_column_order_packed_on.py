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
leads_to = "71d85b3e573a0aadfa67b8d20ad8b238c326bb1f24c36357231f27aed4455cbd"
is_safe_for_older = False
retires = ("order.packed_on",)


def upgrade() -> None:
    ok.retire_column("order", "order", "packed_on", path="order.packed_on")


def downgrade() -> None:
    ok.restore_column("order", "order", "packed_on", sa.Date(), path="order.packed_on")


# as generated: c72af93a2fe5cf7c31b9c81f4d2eac4ee4b6fdb798342626d84dc98a9bb81aa0
