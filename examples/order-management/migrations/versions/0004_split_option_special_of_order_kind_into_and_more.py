"""Revision 0004, follows 0003.

- split option special of order.kind into custom, repair (breaking)
- add options of order.kind: repair (safe)
"""

from orderkit.database import operations as ok

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
starts_from = "03019c3b561b7444496c75296da00a06fba7d6b465445b01235cff2d3aaa934c"
leads_to = "16fc0dbb4a8981b23491a2c2d12027e80a6d165d0e8c0d321f0ee173ceffbeb3"
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


# as generated: 65712d27a1b332d6bc59caecc5ce88c69fd47c898fe8b87380f730612c0dee24
