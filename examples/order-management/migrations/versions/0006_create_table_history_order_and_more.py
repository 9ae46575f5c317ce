"""Revision 0006, follows 0005.

- create table history_order (safe)
- create table history_order__lines (safe)
- add column order__lines.discount (needs a backfill)
- add column order__lines.cost (needs a backfill)
- recompute order__lines.amount (needs a backfill)
- recompute order.total (needs a backfill)
- recompute order.balance (needs a backfill)
"""

import sqlalchemy as sa

from orderkit.database import operations as ok

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None
starts_from = "db1b548839d0b64c842794818d4e39cc2d30bfcac7b2ac8224244de238905b92"
leads_to = "17e2e0358d414e16097003d683729adf9f6d5b88b1aec169c5a460c4354be224"
is_safe_for_older = False
retires = ()


def upgrade() -> None:
    ok.create_table(
        "history_order",
        sa.Column("id", ok.BigId, sa.Identity(), primary_key=True),
        sa.Column("owner", sa.BigInteger()),
        sa.Column("created_at", ok.UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.BigInteger()),
        sa.Column("updated_at", ok.UtcDateTime(), nullable=False),
        sa.Column("updated_by", sa.BigInteger()),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("order_no", ok.CodePointText, nullable=False),
        sa.Column("customer_no", ok.CodePointText, nullable=False),
        sa.Column("customer_name", ok.CodePointText),
        sa.Column("segment", ok.CodePointText),
        sa.Column("total", ok.ExactDecimal(3)),
        sa.ForeignKeyConstraint(["owner"], ["user.id"], name="history_order__owner_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name="history_order__created_by_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["updated_by"], ["user.id"], name="history_order__updated_by_fkey", ondelete="RESTRICT"),
    )
    ok.create_index(
        "history_order__order_no__customer_no_key",
        "history_order",
        ["order_no", "customer_no"],
        unique=True,
    )
    ok.create_index("history_order__owner_idx", "history_order", ["owner"])
    ok.create_index("history_order__order_no_idx", "history_order", ["order_no"])
    ok.create_table(
        "history_order__lines",
        sa.Column("id", ok.BigId, sa.Identity(), primary_key=True),
        sa.Column("history_order", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("row_no", sa.BigInteger(), nullable=False),
        sa.Column("ordered_on", sa.Date(), nullable=False),
        sa.Column("shipped_on", sa.Date()),
        sa.Column("ship_mode", ok.CodePointText),
        sa.Column("city", ok.CodePointText),
        sa.Column("province", ok.CodePointText),
        sa.Column("region", ok.CodePointText),
        sa.Column("product_no", ok.CodePointText),
        sa.Column("category", ok.CodePointText),
        sa.Column("subcategory", ok.CodePointText),
        sa.Column("product_name", ok.CodePointText),
        sa.Column("amount", ok.ExactDecimal(3), nullable=False),
        sa.Column("qty", sa.BigInteger()),
        sa.Column("discount", ok.ExactDecimal(4)),
        sa.Column("profit", ok.ExactDecimal(3)),
        sa.ForeignKeyConstraint(["history_order"], ["history_order.id"], name="history_order__lines__history_order_fkey", ondelete="CASCADE"),
    )
    ok.create_index(
        "history_order__lines__history_order__position_idx",
        "history_order__lines",
        ["history_order", "position"],
    )
    with ok.alter_table("order__lines") as table:
        table.add_column(sa.Column("discount", ok.ExactDecimal(4)))
        table.add_column(sa.Column("cost", ok.ExactDecimal(2)))
    ok.fill_by(
        "order__lines",
        "discount",
        source="0",
        sqlite="ok_rescale(0, 0, 4)",
        postgresql="CAST(0 AS NUMERIC(18, 4))",
    )
    ok.fill_by(
        "order__lines",
        "cost",
        source="qty * product.cost",
        sqlite="ok_rescale(ok_multiply(order__lines.qty, (SELECT product_1.cost AS cost  FROM product AS product_1  WHERE product_1.id = order__lines.product), 7), 7, 2)",
        postgresql="CAST(CAST(CAST(order__lines.qty AS NUMERIC) * (SELECT product_1.cost AS cost  FROM product AS product_1  WHERE product_1.id = order__lines.product) AS NUMERIC(19, 7)) AS NUMERIC(18, 2))",
    )
    ok.recompute(
        "order__lines",
        "amount",
        source="qty * price * (1 - discount)",
        sqlite="ok_rescale(ok_multiply(ok_multiply(order__lines.qty, order__lines.price, 7), ok_added('+-', 1, 0, order__lines.discount, 4), 11), 11, 2)",
        postgresql="CAST(CAST(CAST(CAST(CAST(order__lines.qty AS NUMERIC) * order__lines.price AS NUMERIC(19, 7)) AS NUMERIC) * CAST(1 - order__lines.discount AS NUMERIC(18, 4)) AS NUMERIC(23, 11)) AS NUMERIC(18, 2))",
    )
    ok.recompute(
        "order",
        "total",
        source="sum(lines.amount)",
        sqlite="(SELECT coalesce(ok_bounded(sum(order__lines_1.amount), 2), 0) AS coalesce_1  FROM order__lines AS order__lines_1  WHERE order__lines_1.\"order\" = \"order\".id)",
        postgresql="(SELECT coalesce(CAST(sum(order__lines_1.amount) AS NUMERIC(18, 2)), 0) AS coalesce_1  FROM order__lines AS order__lines_1  WHERE order__lines_1.\"order\" = \"order\".id)",
    )
    ok.recompute(
        "order",
        "balance",
        source="total - received",
        sqlite="ok_added('+-', \"order\".total, 2, \"order\".received, 2)",
        postgresql="CAST(\"order\".total - \"order\".received AS NUMERIC(18, 2))",
    )


def downgrade() -> None:
    with ok.alter_table("order__lines") as table:
        table.drop_column("cost")
        table.drop_column("discount")
    ok.drop_table("history_order__lines")
    ok.drop_table("history_order")
    ok.recompute(
        "order__lines",
        "amount",
        source="qty * price",
        sqlite="ok_rescale(ok_multiply(order__lines.qty, order__lines.price, 7), 7, 2)",
        postgresql="CAST(CAST(CAST(order__lines.qty AS NUMERIC) * order__lines.price AS NUMERIC(19, 7)) AS NUMERIC(18, 2))",
    )
    ok.recompute(
        "order",
        "total",
        source="sum(lines.amount)",
        sqlite="(SELECT coalesce(ok_bounded(sum(order__lines_1.amount), 2), 0) AS coalesce_1  FROM order__lines AS order__lines_1  WHERE order__lines_1.\"order\" = \"order\".id)",
        postgresql="(SELECT coalesce(CAST(sum(order__lines_1.amount) AS NUMERIC(18, 2)), 0) AS coalesce_1  FROM order__lines AS order__lines_1  WHERE order__lines_1.\"order\" = \"order\".id)",
    )
    ok.recompute(
        "order",
        "balance",
        source="total - received",
        sqlite="ok_added('+-', \"order\".total, 2, \"order\".received, 2)",
        postgresql="CAST(\"order\".total - \"order\".received AS NUMERIC(18, 2))",
    )


# as generated: 9448fc897335c0d6d328037513bc5677900bcc0ac5be8e5a009ac3e9b5a7daa5
