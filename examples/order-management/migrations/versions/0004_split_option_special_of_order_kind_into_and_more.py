"""Revision 0004, follows 0003.

- split option special of order.kind into custom, repair (breaking)
- add options of order.kind: repair (safe)
"""

from orderkit.database import operations as ok

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
starts_from = "ca22df517391d70bcdc84836cd6b917fea97ece742ff31ae2d72e03118a7dfc9"
leads_to = "a944ec4f9c96744b355f73edde731dba4f442d37888c3826eea5b65c34e95246"
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


# as generated: 2b6172db43365e718240a69e86998e0e05506eded3748bc19084a1cd17ba14b2
