"""Revision 0004, follows 0003.

- split option special of order.kind into custom, repair (breaking)
- add options of order.kind: repair (safe)
"""

from orderkit.database import operations as ok

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
starts_from = "3c9200382fd5604eed6ebc2463db43b72289a65723ee90dad979718c6c89ccde"
leads_to = "bc03c3f9721fefdb879671f353f88b715f15d2f7f6c7eb839720a98351f1df0c"
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


# as generated: 201c19958591de2b6bc716a5263443e8611daf8214326a0f53aaa2997294bed2
