"""Revision 0007, follows 0006.

- retire column order.packed_on (destructive)
"""

import sqlalchemy as sa

from orderkit.database import operations as ok

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None
starts_from = "2a2d69811ec00b337380c91651722c39fce64d67865975a334fd202c4663cc99"
leads_to = "c4f0912eeb3b494c51fb1abe1e9b4d300d9db7a51c79000733847aa05d7d97b7"
is_safe_for_older = False
retires = ("order.packed_on",)


def upgrade() -> None:
    ok.retire_column("order", "order", "packed_on", path="order.packed_on")


def downgrade() -> None:
    ok.restore_column("order", "order", "packed_on", sa.Date(), path="order.packed_on")


# as generated: 837974d8d9562bbb1bda8249e86674a936106da6a8f40dea5e81d3be8cd1c4e3
