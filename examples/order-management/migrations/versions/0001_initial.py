"""Revision 0001, the first.

- create table department
- create table user
- create table customer
- create table history_order
- create table history_order__lines
- create table order
- create table product
- create table order__lines
- create table receipt
"""

import sqlalchemy as sa
from alembic import op

from orderkit.database.schema.column_types import BigId, CodePointText, ExactDecimal, UtcDateTime
from orderkit.database.operations.tables import add_ring_key, drop_ring_key

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "department",
        sa.Column("id", BigId, sa.Identity(), primary_key=True),
        sa.Column("owner", sa.BigInteger()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.BigInteger()),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("updated_by", sa.BigInteger()),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("name", CodePointText, nullable=False),
        sa.Column("parent", sa.BigInteger()),
        sa.Column("head", sa.BigInteger()),
        sa.Column("manager", sa.BigInteger()),
        sa.ForeignKeyConstraint(["owner"], ["user.id"], name="department__owner_fkey", ondelete="RESTRICT", use_alter=True),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name="department__created_by_fkey", ondelete="RESTRICT", use_alter=True),
        sa.ForeignKeyConstraint(["updated_by"], ["user.id"], name="department__updated_by_fkey", ondelete="RESTRICT", use_alter=True),
        sa.ForeignKeyConstraint(["parent"], ["department.id"], name="department__parent_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["head"], ["user.id"], name="department__head_fkey", ondelete="RESTRICT", use_alter=True),
        sa.ForeignKeyConstraint(["manager"], ["user.id"], name="department__manager_fkey", ondelete="RESTRICT", use_alter=True),
        sqlite_autoincrement=True,
    )
    op.create_index("department__owner_idx", "department", ["owner"])
    op.create_index("department__parent_idx", "department", ["parent"])
    op.create_index("department__head_idx", "department", ["head"])
    op.create_index("department__manager_idx", "department", ["manager"])
    op.create_index("department__name_idx", "department", ["name"])
    op.create_table(
        "user",
        sa.Column("id", BigId, sa.Identity(), primary_key=True),
        sa.Column("owner", sa.BigInteger()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.BigInteger()),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("updated_by", sa.BigInteger()),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("login", CodePointText, nullable=False),
        sa.Column("name", CodePointText, nullable=False),
        sa.Column("email", CodePointText),
        sa.Column("phone", CodePointText),
        sa.Column("department", sa.BigInteger()),
        sa.Column("manager", sa.BigInteger()),
        sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("locale", CodePointText),
        sa.ForeignKeyConstraint(["owner"], ["user.id"], name="user__owner_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name="user__created_by_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["updated_by"], ["user.id"], name="user__updated_by_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["department"], ["department.id"], name="user__department_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["manager"], ["user.id"], name="user__manager_fkey", ondelete="RESTRICT"),
        sqlite_autoincrement=True,
    )
    op.create_index("user__login_key", "user", ["login"], unique=True)
    op.create_index("user__owner_idx", "user", ["owner"])
    op.create_index("user__department_idx", "user", ["department"])
    op.create_index("user__manager_idx", "user", ["manager"])
    op.create_table(
        "customer",
        sa.Column("id", BigId, sa.Identity(), primary_key=True),
        sa.Column("owner", sa.BigInteger()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.BigInteger()),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("updated_by", sa.BigInteger()),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("code", CodePointText, nullable=False),
        sa.Column("name", CodePointText, nullable=False),
        sa.Column("short_name", CodePointText),
        sa.Column("kind", CodePointText),
        sa.Column("contact", CodePointText),
        sa.Column("phone", CodePointText),
        sa.Column("province", CodePointText),
        sa.Column("address", CodePointText),
        sa.Column("salesperson", sa.BigInteger()),
        sa.Column("credit_limit", ExactDecimal(2)),
        sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("note", CodePointText),
        sa.ForeignKeyConstraint(["owner"], ["user.id"], name="customer__owner_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name="customer__created_by_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["updated_by"], ["user.id"], name="customer__updated_by_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["salesperson"], ["user.id"], name="customer__salesperson_fkey", ondelete="RESTRICT"),
        sqlite_autoincrement=True,
    )
    op.create_index("customer__code_key", "customer", ["code"], unique=True)
    op.create_index("customer__owner_idx", "customer", ["owner"])
    op.create_index("customer__salesperson_idx", "customer", ["salesperson"])
    op.create_index("customer__kind_idx", "customer", ["kind"])
    op.create_table(
        "history_order",
        sa.Column("id", BigId, sa.Identity(), primary_key=True),
        sa.Column("owner", sa.BigInteger()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.BigInteger()),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("updated_by", sa.BigInteger()),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("order_no", CodePointText, nullable=False),
        sa.Column("customer_no", CodePointText, nullable=False),
        sa.Column("customer_name", CodePointText),
        sa.Column("segment", CodePointText),
        sa.Column("total", ExactDecimal(3)),
        sa.ForeignKeyConstraint(["owner"], ["user.id"], name="history_order__owner_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name="history_order__created_by_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["updated_by"], ["user.id"], name="history_order__updated_by_fkey", ondelete="RESTRICT"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "history_order__order_no__customer_no_key",
        "history_order",
        ["order_no", "customer_no"],
        unique=True,
    )
    op.create_index("history_order__owner_idx", "history_order", ["owner"])
    op.create_index("history_order__order_no_idx", "history_order", ["order_no"])
    op.create_table(
        "history_order__lines",
        sa.Column("id", BigId, sa.Identity(), primary_key=True),
        sa.Column("history_order", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("row_no", sa.BigInteger(), nullable=False),
        sa.Column("ordered_on", sa.Date(), nullable=False),
        sa.Column("shipped_on", sa.Date()),
        sa.Column("ship_mode", CodePointText),
        sa.Column("city", CodePointText),
        sa.Column("province", CodePointText),
        sa.Column("region", CodePointText),
        sa.Column("product_no", CodePointText),
        sa.Column("category", CodePointText),
        sa.Column("subcategory", CodePointText),
        sa.Column("product_name", CodePointText),
        sa.Column("amount", ExactDecimal(3), nullable=False),
        sa.Column("qty", sa.BigInteger()),
        sa.Column("discount", ExactDecimal(4)),
        sa.Column("profit", ExactDecimal(3)),
        sa.ForeignKeyConstraint(["history_order"], ["history_order.id"], name="history_order__lines__history_order_fkey", ondelete="CASCADE"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "history_order__lines__history_order__position_idx",
        "history_order__lines",
        ["history_order", "position"],
    )
    op.create_table(
        "order",
        sa.Column("id", BigId, sa.Identity(), primary_key=True),
        sa.Column("number", CodePointText),
        sa.Column("owner", sa.BigInteger()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.BigInteger()),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("updated_by", sa.BigInteger()),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("customer", sa.BigInteger(), nullable=False),
        sa.Column("kind", CodePointText),
        sa.Column("source", CodePointText),
        sa.Column("process", CodePointText),
        sa.Column("ordered_on", sa.Date(), nullable=False),
        sa.Column("need_by", sa.Date(), nullable=False),
        sa.Column("salesperson", sa.BigInteger()),
        sa.Column("term", CodePointText),
        sa.Column("quote_valid_until", sa.Date()),
        sa.Column("plan_start", sa.Date()),
        sa.Column("plan_end", sa.Date()),
        sa.Column("carrier", CodePointText),
        sa.Column("tracking_no", CodePointText),
        sa.Column("external_no", CodePointText),
        sa.Column("total", ExactDecimal(2)),
        sa.Column("received", ExactDecimal(2)),
        sa.Column("balance", ExactDecimal(2)),
        sa.Column("contract", sa.BigInteger()),
        sa.Column("note", CodePointText),
        sa.Column("status", CodePointText, nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["user.id"], name="order__owner_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name="order__created_by_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["updated_by"], ["user.id"], name="order__updated_by_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["customer"], ["customer.id"], name="order__customer_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["salesperson"], ["user.id"], name="order__salesperson_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["contract"], ["ok_file.id"], name="order__contract_fkey", ondelete="RESTRICT"),
        sqlite_autoincrement=True,
    )
    op.create_index("order__number_key", "order", ["number"], unique=True)
    op.create_index(
        "order__external_no__customer_key",
        "order",
        ["external_no", "customer"],
        unique=True,
    )
    op.create_index("order__owner_idx", "order", ["owner"])
    op.create_index("order__customer_idx", "order", ["customer"])
    op.create_index("order__salesperson_idx", "order", ["salesperson"])
    op.create_index("order__contract_idx", "order", ["contract"])
    op.create_index("order__status_idx", "order", ["status"])
    op.create_index("order__ordered_on_idx", "order", ["ordered_on"])
    op.create_table(
        "product",
        sa.Column("id", BigId, sa.Identity(), primary_key=True),
        sa.Column("owner", sa.BigInteger()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.BigInteger()),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("updated_by", sa.BigInteger()),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("code", CodePointText, nullable=False),
        sa.Column("name", CodePointText, nullable=False),
        sa.Column("category", CodePointText),
        sa.Column("spec", CodePointText),
        sa.Column("unit", CodePointText),
        sa.Column("list_price", ExactDecimal(4)),
        sa.Column("cost", ExactDecimal(4)),
        sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("photo", sa.BigInteger()),
        sa.ForeignKeyConstraint(["owner"], ["user.id"], name="product__owner_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name="product__created_by_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["updated_by"], ["user.id"], name="product__updated_by_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["photo"], ["ok_file.id"], name="product__photo_fkey", ondelete="RESTRICT"),
        sqlite_autoincrement=True,
    )
    op.create_index("product__code_key", "product", ["code"], unique=True)
    op.create_index("product__owner_idx", "product", ["owner"])
    op.create_index("product__photo_idx", "product", ["photo"])
    op.create_index("product__category_idx", "product", ["category"])
    op.create_table(
        "order__lines",
        sa.Column("id", BigId, sa.Identity(), primary_key=True),
        sa.Column("order", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("product", sa.BigInteger(), nullable=False),
        sa.Column("spec", CodePointText),
        sa.Column("qty", ExactDecimal(3), nullable=False),
        sa.Column("price", ExactDecimal(4), nullable=False),
        sa.Column("discount", ExactDecimal(4)),
        sa.Column("amount", ExactDecimal(2)),
        sa.Column("cost", ExactDecimal(2)),
        sa.ForeignKeyConstraint(["order"], ["order.id"], name="order__lines__order_fkey", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["product"], ["product.id"], name="order__lines__product_fkey", ondelete="RESTRICT"),
        sqlite_autoincrement=True,
    )
    op.create_index("order__lines__order__position_idx", "order__lines", ["order", "position"])
    op.create_index("order__lines__product_idx", "order__lines", ["product"])
    op.create_table(
        "receipt",
        sa.Column("id", BigId, sa.Identity(), primary_key=True),
        sa.Column("number", CodePointText),
        sa.Column("owner", sa.BigInteger()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.BigInteger()),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("updated_by", sa.BigInteger()),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("order", sa.BigInteger(), nullable=False),
        sa.Column("customer", sa.BigInteger()),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("amount", ExactDecimal(2), nullable=False),
        sa.Column("method", CodePointText),
        sa.Column("memo", CodePointText),
        sa.Column("voucher_no", CodePointText),
        sa.Column("status", CodePointText, nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["user.id"], name="receipt__owner_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name="receipt__created_by_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["updated_by"], ["user.id"], name="receipt__updated_by_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["order"], ["order.id"], name="receipt__order_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["customer"], ["customer.id"], name="receipt__customer_fkey", ondelete="RESTRICT"),
        sqlite_autoincrement=True,
    )
    op.create_index("receipt__number_key", "receipt", ["number"], unique=True)
    op.create_index("receipt__owner_idx", "receipt", ["owner"])
    op.create_index("receipt__order_idx", "receipt", ["order"])
    op.create_index("receipt__customer_idx", "receipt", ["customer"])
    op.create_index("receipt__status_idx", "receipt", ["status"])
    op.create_index("receipt__received_on_idx", "receipt", ["received_on"])
    add_ring_key("department__owner_fkey", "department", "user", "owner", ondelete="RESTRICT")
    add_ring_key("department__created_by_fkey", "department", "user", "created_by", ondelete="RESTRICT")
    add_ring_key("department__updated_by_fkey", "department", "user", "updated_by", ondelete="RESTRICT")
    add_ring_key("department__head_fkey", "department", "user", "head", ondelete="RESTRICT")
    add_ring_key("department__manager_fkey", "department", "user", "manager", ondelete="RESTRICT")


def downgrade() -> None:
    drop_ring_key("department__owner_fkey", "department")
    drop_ring_key("department__created_by_fkey", "department")
    drop_ring_key("department__updated_by_fkey", "department")
    drop_ring_key("department__head_fkey", "department")
    drop_ring_key("department__manager_fkey", "department")
    op.drop_table("receipt")
    op.drop_table("order__lines")
    op.drop_table("product")
    op.drop_table("order")
    op.drop_table("history_order__lines")
    op.drop_table("history_order")
    op.drop_table("customer")
    op.drop_table("user")
    op.drop_table("department")
