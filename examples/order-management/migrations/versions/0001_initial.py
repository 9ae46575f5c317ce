"""Revision 0001, the first.

- create table department (safe)
- create table user (safe)
- create table customer (safe)
- create table order (safe)
- create table product (safe)
- create table order__lines (safe)
- create table receipt (safe)
"""

import sqlalchemy as sa

from orderkit.database import operations as ok

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None
starts_from = None
leads_to = "48aba17e2038e65b67375fcea9a755d31a09e64f45b9a5d705de4784f106aa35"
is_safe_for_older = True
retires = ()


def upgrade() -> None:
    ok.create_table(
        "department",
        sa.Column("id", ok.BigId, sa.Identity(), primary_key=True),
        sa.Column("owner", sa.BigInteger()),
        sa.Column("created_at", ok.UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.BigInteger()),
        sa.Column("updated_at", ok.UtcDateTime(), nullable=False),
        sa.Column("updated_by", sa.BigInteger()),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("name", ok.CodePointText, nullable=False),
        sa.Column("parent", sa.BigInteger()),
        sa.Column("head", sa.BigInteger()),
        sa.Column("manager", sa.BigInteger()),
        sa.ForeignKeyConstraint(["owner"], ["user.id"], name="department__owner_fkey", ondelete="RESTRICT", use_alter=True),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name="department__created_by_fkey", ondelete="RESTRICT", use_alter=True),
        sa.ForeignKeyConstraint(["updated_by"], ["user.id"], name="department__updated_by_fkey", ondelete="RESTRICT", use_alter=True),
        sa.ForeignKeyConstraint(["parent"], ["department.id"], name="department__parent_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["head"], ["user.id"], name="department__head_fkey", ondelete="RESTRICT", use_alter=True),
        sa.ForeignKeyConstraint(["manager"], ["user.id"], name="department__manager_fkey", ondelete="RESTRICT", use_alter=True),
    )
    ok.create_index("department__owner_idx", "department", ["owner"])
    ok.create_index("department__parent_idx", "department", ["parent"])
    ok.create_index("department__head_idx", "department", ["head"])
    ok.create_index("department__manager_idx", "department", ["manager"])
    ok.create_index("department__name_idx", "department", ["name"])
    ok.create_table(
        "user",
        sa.Column("id", ok.BigId, sa.Identity(), primary_key=True),
        sa.Column("owner", sa.BigInteger()),
        sa.Column("created_at", ok.UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.BigInteger()),
        sa.Column("updated_at", ok.UtcDateTime(), nullable=False),
        sa.Column("updated_by", sa.BigInteger()),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("login", ok.CodePointText, nullable=False),
        sa.Column("name", ok.CodePointText, nullable=False),
        sa.Column("email", ok.CodePointText),
        sa.Column("phone", ok.CodePointText),
        sa.Column("department", sa.BigInteger()),
        sa.Column("manager", sa.BigInteger()),
        sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("locale", ok.CodePointText),
        sa.ForeignKeyConstraint(["owner"], ["user.id"], name="user__owner_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name="user__created_by_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["updated_by"], ["user.id"], name="user__updated_by_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["department"], ["department.id"], name="user__department_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["manager"], ["user.id"], name="user__manager_fkey", ondelete="RESTRICT"),
    )
    ok.create_index("user__login_key", "user", ["login"], unique=True)
    ok.create_index("user__owner_idx", "user", ["owner"])
    ok.create_index("user__department_idx", "user", ["department"])
    ok.create_index("user__manager_idx", "user", ["manager"])
    ok.create_table(
        "customer",
        sa.Column("id", ok.BigId, sa.Identity(), primary_key=True),
        sa.Column("owner", sa.BigInteger()),
        sa.Column("created_at", ok.UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.BigInteger()),
        sa.Column("updated_at", ok.UtcDateTime(), nullable=False),
        sa.Column("updated_by", sa.BigInteger()),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("code", ok.CodePointText, nullable=False),
        sa.Column("name", ok.CodePointText, nullable=False),
        sa.Column("short_name", ok.CodePointText),
        sa.Column("kind", ok.CodePointText),
        sa.Column("contact", ok.CodePointText),
        sa.Column("phone", ok.CodePointText),
        sa.Column("province", ok.CodePointText),
        sa.Column("address", ok.CodePointText),
        sa.Column("salesperson", sa.BigInteger()),
        sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("note", ok.CodePointText),
        sa.ForeignKeyConstraint(["owner"], ["user.id"], name="customer__owner_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name="customer__created_by_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["updated_by"], ["user.id"], name="customer__updated_by_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["salesperson"], ["user.id"], name="customer__salesperson_fkey", ondelete="RESTRICT"),
    )
    ok.create_index("customer__code_key", "customer", ["code"], unique=True)
    ok.create_index("customer__owner_idx", "customer", ["owner"])
    ok.create_index("customer__salesperson_idx", "customer", ["salesperson"])
    ok.create_index("customer__kind_idx", "customer", ["kind"])
    ok.create_table(
        "order",
        sa.Column("id", ok.BigId, sa.Identity(), primary_key=True),
        sa.Column("number", ok.CodePointText),
        sa.Column("owner", sa.BigInteger()),
        sa.Column("created_at", ok.UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.BigInteger()),
        sa.Column("updated_at", ok.UtcDateTime(), nullable=False),
        sa.Column("updated_by", sa.BigInteger()),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("customer", sa.BigInteger(), nullable=False),
        sa.Column("kind", ok.CodePointText),
        sa.Column("source", ok.CodePointText),
        sa.Column("process", ok.CodePointText),
        sa.Column("ordered_on", sa.Date(), nullable=False),
        sa.Column("delivery_date", sa.Date(), nullable=False),
        sa.Column("salesperson", sa.BigInteger()),
        sa.Column("term", ok.CodePointText),
        sa.Column("quote_valid_until", sa.Date()),
        sa.Column("plan_start", sa.Date()),
        sa.Column("plan_end", sa.Date()),
        sa.Column("packed_on", sa.Date()),
        sa.Column("carrier", ok.CodePointText),
        sa.Column("tracking_no", ok.CodePointText),
        sa.Column("total", ok.ExactDecimal(2)),
        sa.Column("received", ok.ExactDecimal(2)),
        sa.Column("balance", ok.ExactDecimal(2)),
        sa.Column("contract", sa.BigInteger()),
        sa.Column("note", ok.CodePointText),
        sa.Column("status", ok.CodePointText, nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["user.id"], name="order__owner_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name="order__created_by_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["updated_by"], ["user.id"], name="order__updated_by_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["customer"], ["customer.id"], name="order__customer_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["salesperson"], ["user.id"], name="order__salesperson_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["contract"], ["ok_file.id"], name="order__contract_fkey", ondelete="RESTRICT"),
    )
    ok.create_index("order__number_key", "order", ["number"], unique=True)
    ok.create_index("order__owner_idx", "order", ["owner"])
    ok.create_index("order__customer_idx", "order", ["customer"])
    ok.create_index("order__salesperson_idx", "order", ["salesperson"])
    ok.create_index("order__contract_idx", "order", ["contract"])
    ok.create_index("order__status_idx", "order", ["status"])
    ok.create_index("order__ordered_on_idx", "order", ["ordered_on"])
    ok.create_table(
        "product",
        sa.Column("id", ok.BigId, sa.Identity(), primary_key=True),
        sa.Column("owner", sa.BigInteger()),
        sa.Column("created_at", ok.UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.BigInteger()),
        sa.Column("updated_at", ok.UtcDateTime(), nullable=False),
        sa.Column("updated_by", sa.BigInteger()),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("code", ok.CodePointText, nullable=False),
        sa.Column("name", ok.CodePointText, nullable=False),
        sa.Column("category", ok.CodePointText),
        sa.Column("spec", ok.CodePointText),
        sa.Column("unit", ok.CodePointText),
        sa.Column("list_price", ok.ExactDecimal(4)),
        sa.Column("cost", ok.ExactDecimal(4)),
        sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("photo", sa.BigInteger()),
        sa.ForeignKeyConstraint(["owner"], ["user.id"], name="product__owner_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name="product__created_by_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["updated_by"], ["user.id"], name="product__updated_by_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["photo"], ["ok_file.id"], name="product__photo_fkey", ondelete="RESTRICT"),
    )
    ok.create_index("product__code_key", "product", ["code"], unique=True)
    ok.create_index("product__owner_idx", "product", ["owner"])
    ok.create_index("product__photo_idx", "product", ["photo"])
    ok.create_index("product__category_idx", "product", ["category"])
    ok.create_table(
        "order__lines",
        sa.Column("id", ok.BigId, sa.Identity(), primary_key=True),
        sa.Column("order", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("product", sa.BigInteger(), nullable=False),
        sa.Column("spec", ok.CodePointText),
        sa.Column("qty", ok.ExactDecimal(3), nullable=False),
        sa.Column("price", ok.ExactDecimal(4), nullable=False),
        sa.Column("amount", ok.ExactDecimal(2)),
        sa.ForeignKeyConstraint(["order"], ["order.id"], name="order__lines__order_fkey", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["product"], ["product.id"], name="order__lines__product_fkey", ondelete="RESTRICT"),
    )
    ok.create_index("order__lines__order__position_idx", "order__lines", ["order", "position"])
    ok.create_index("order__lines__product_idx", "order__lines", ["product"])
    ok.create_table(
        "receipt",
        sa.Column("id", ok.BigId, sa.Identity(), primary_key=True),
        sa.Column("number", ok.CodePointText),
        sa.Column("owner", sa.BigInteger()),
        sa.Column("created_at", ok.UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.BigInteger()),
        sa.Column("updated_at", ok.UtcDateTime(), nullable=False),
        sa.Column("updated_by", sa.BigInteger()),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("order", sa.BigInteger(), nullable=False),
        sa.Column("customer", sa.BigInteger()),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("amount", ok.ExactDecimal(2), nullable=False),
        sa.Column("method", ok.CodePointText),
        sa.Column("memo", ok.CodePointText),
        sa.Column("voucher_no", ok.CodePointText),
        sa.Column("status", ok.CodePointText, nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["user.id"], name="receipt__owner_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name="receipt__created_by_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["updated_by"], ["user.id"], name="receipt__updated_by_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["order"], ["order.id"], name="receipt__order_fkey", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["customer"], ["customer.id"], name="receipt__customer_fkey", ondelete="RESTRICT"),
    )
    ok.create_index("receipt__number_key", "receipt", ["number"], unique=True)
    ok.create_index("receipt__owner_idx", "receipt", ["owner"])
    ok.create_index("receipt__order_idx", "receipt", ["order"])
    ok.create_index("receipt__customer_idx", "receipt", ["customer"])
    ok.create_index("receipt__status_idx", "receipt", ["status"])
    ok.create_index("receipt__received_on_idx", "receipt", ["received_on"])
    ok.add_ring_key("department__owner_fkey", "department", "user", "owner", ondelete="RESTRICT")
    ok.add_ring_key(
        "department__created_by_fkey",
        "department",
        "user",
        "created_by",
        ondelete="RESTRICT",
    )
    ok.add_ring_key(
        "department__updated_by_fkey",
        "department",
        "user",
        "updated_by",
        ondelete="RESTRICT",
    )
    ok.add_ring_key("department__head_fkey", "department", "user", "head", ondelete="RESTRICT")
    ok.add_ring_key("department__manager_fkey", "department", "user", "manager", ondelete="RESTRICT")


def downgrade() -> None:
    ok.drop_ring_key("department__owner_fkey", "department")
    ok.drop_ring_key("department__created_by_fkey", "department")
    ok.drop_ring_key("department__updated_by_fkey", "department")
    ok.drop_ring_key("department__head_fkey", "department")
    ok.drop_ring_key("department__manager_fkey", "department")
    ok.drop_table("receipt")
    ok.drop_table("order__lines")
    ok.drop_table("product")
    ok.drop_table("order")
    ok.drop_table("customer")
    ok.drop_table("user")
    ok.drop_table("department")


# as generated: 2e7c83bc498718f7ec448d1e97b30f6f16548c5f1a80b2e9c5040338b6e66ae6
