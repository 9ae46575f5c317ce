"""Revision 0005, follows 0004.

- add column customer.credit_limit (safe)
"""

import sqlalchemy as sa

from orderkit.database import operations as ok

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
starts_from = "030dba2ea8a5a989d768c25906523eb3150800a3b2cf3b17c2773907d2c8552f"
leads_to = "e788e6e58ea0d4e20ca9e31691d049989dde43d4c2031e999f80f1426a26b0c4"
is_safe_for_older = True
retires = ()


def upgrade() -> None:
    with ok.alter_table("customer") as table:
        table.add_column(sa.Column("credit_limit", ok.ExactDecimal(2)))


def downgrade() -> None:
    with ok.alter_table("customer") as table:
        table.drop_column("credit_limit")


# as generated: 7b464e55028dfd3f5dd5f7decb0b958b02f32ed2d65055a8996a7ec0494096c3
