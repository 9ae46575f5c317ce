"""Revision 0004, follows 0003.

- split option special of order.kind into custom, repair (breaking)
- add options of order.kind: repair (safe)
"""

from orderkit.database import operations as ok

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
starts_from = "5dfbd9ad8c1f3c1862b0aa5abf2b64c91d81bbd5309ef155cbf3152276e33b95"
leads_to = "030dba2ea8a5a989d768c25906523eb3150800a3b2cf3b17c2773907d2c8552f"
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


# as generated: f0a912e5abbfee352bede27bae948e643b5978dd1f76fbfe96a8341a32a1a2b4
