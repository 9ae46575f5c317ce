"""Revision 0004, follows 0003.

- split option special of order.kind into custom, repair (breaking)
- add options of order.kind: repair (safe)
"""

from orderkit.database import operations as ok

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
starts_from = "56979d7b2c05419e584e95aaa087024052b8e72781a14428e0306af11550e968"
leads_to = "ef2e6180f8e081fce214fa3a7b7e68a75e372ac6c81ff2016f3795877053401c"
is_safe_for_older = False
retires = ()


def upgrade() -> None:
    ok.recompute(
        "order",
        "kind",
        source="'repair' if process == null else 'custom' where kind == 'special'",
        sqlite="CASE WHEN \"order\".\"kind\" = 'special' THEN coalesce(nullif(CASE WHEN (\"order\".process IS NULL) THEN 'repair' ELSE 'custom' END, ''), 'custom') ELSE \"order\".\"kind\" END",
        postgresql="CASE WHEN \"order\".\"kind\" = 'special' THEN coalesce(nullif(CASE WHEN (\"order\".process IS NULL) THEN 'repair' ELSE 'custom' END, ''), 'custom') ELSE \"order\".\"kind\" END",
    )
    ok.rename_options("order", "order", "kind", {"special": "custom"})


def downgrade() -> None:
    ok.rename_options("order", "order", "kind", {"custom": "special", "repair": "special"})


# as generated: 6f0e0ed5542d11d10df30296f668411bb332511fdf1ec5bb1843f2cf452531bb
