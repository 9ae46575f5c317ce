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
leads_to = "6e45c0225a65af0cc0d20ffb374d9aee1ab9eb3f9f71fd6042088000f7f4f92b"
is_safe_for_older = False
retires = ("order.packed_on",)


def upgrade() -> None:
    ok.retire_column("order", "order", "packed_on", path="order.packed_on")


def downgrade() -> None:
    ok.restore_column("order", "order", "packed_on", sa.Date(), path="order.packed_on")


# as generated: 46bff03a5d557dcfbb3ad71083b45218fab4f840143b0d2884285789ed2ddc78
