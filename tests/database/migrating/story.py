"""A shop that is changed in every way at once, for tests that break the migration off."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from orderkit.catalog import built_in
from orderkit.database.connections.database import Database, open_engine
from orderkit.database.connections.urls import database_url as parsed
from orderkit.database.migrating.locking import Patience
from orderkit.database.migrating.migrate import Migrated, migrate
from orderkit.database.migrating.running import Sizes
from orderkit.database.revisions.writing import write_next_revision
from tests.database.models import CUSTOMER, LINES, ORDER, field, shop, with_fields
from tests.database.schemas import schema_of

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
STAMP = {"created_at": NOW, "updated_at": NOW, "revision": 1}
BEFORE = shop()
AFTER = shop(
    with_fields(
        CUSTOMER,
        field("no", required=True, unique=True, renamed_from="code"),
        field("note", required=True),
        field("seller", "user"),
        without=("code",),
    ),
    replace(
        with_fields(ORDER, field("total", "money", {"scale": 4}), without=("external_no",)),
        unique=(),
    ),
    LINES,
)
REVISION = '''\
"""Revision 0002, follows 0001."""

import sqlalchemy as sa

from orderkit.database import operations as ok

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None
starts_from = None
leads_to = "after"
is_safe_for_older = False
retires = ("order.external_no",)


def upgrade() -> None:
    ok.drop_index("customer__code_key", "customer")
    ok.drop_index("order__external_no__customer_key", "order")
    with ok.alter_table("customer") as table:
        table.rename_column("code", "no", form="customer")
        table.add_column(sa.Column("note", ok.CodePointText))
        table.add_column(sa.Column("seller", sa.BigInteger()))
    ok.fill_by("customer", "note", source="no", sqlite='"customer"."no"', postgresql='"customer"."no"')
    ok.rename_options("order", "order", "kind", {"standard": "custom", "custom": "standard"})
    with ok.alter_table("order") as table:
        table.change_type("total", ok.ExactDecimal(2), ok.ExactDecimal(4))
    with ok.alter_table("customer") as table:
        table.require("note")
        table.add_foreign_key("customer__seller_fkey", "seller", "user", ondelete="RESTRICT")
    ok.create_index("customer__no_key", "customer", ["no"], unique=True)
    ok.create_index("customer__seller_idx", "customer", ["seller"])
    ok.retire_column("order", "order", "external_no", path="order.external_no")


def downgrade() -> None:
    ok.restore_column("order", "order", "external_no", ok.CodePointText, path="order.external_no")
    ok.drop_index("customer__seller_idx", "customer")
    ok.drop_index("customer__no_key", "customer")
    with ok.alter_table("customer") as table:
        table.drop_foreign_key("customer__seller_fkey")
        table.drop_column("seller")
        table.drop_column("note")
        table.rename_column("no", "code", form="customer")
    with ok.alter_table("order") as table:
        table.change_type("total", ok.ExactDecimal(4), ok.ExactDecimal(2))
    ok.rename_options("order", "order", "kind", {"standard": "custom", "custom": "standard"})
    ok.create_index("customer__code_key", "customer", ["code"], unique=True)
    ok.create_index("order__external_no__customer_key", "order", ["external_no", "customer"], unique=True)
'''
SMALL = Sizes(large=-1, batch=7)
PATIENCE = Patience(turn_seconds=20, upkeep_seconds=0.3, lock_seconds=0.3, tries=3, pause_seconds=0.05)


def begin(url: str, folder: Path) -> None:
    """Make the first shop with its rows, and write the second revision into `folder`."""
    write_next_revision(BEFORE, built_in(), folder)
    migrate(url, BEFORE, built_in(), folder, model_hash="before")
    database = Database.open(url, BEFORE, built_in())
    with database.write() as connection:
        connection.execute(
            database.tables["customer"].insert(),
            [{"code": f"C{place:02}", "name": "甲", **STAMP} for place in range(25)],
        )
        kinds = ("standard", "custom")
        connection.execute(
            database.tables["order"].insert(),
            [
                {
                    "customer": 1 + place % 25,
                    "kind": kinds[place % 3 == 0],
                    "external_no": f"E{place}" if place % 2 else None,
                    "total": Decimal(place) / 4,
                    **STAMP,
                }
                for place in range(40)
            ],
        )
    database.close()
    (folder / "versions" / "0002_everything.py").write_text(REVISION, encoding="utf-8")


def bring(url: str, folder: Path, *, patience: Patience = PATIENCE, **rest: Any) -> Migrated:
    """Bring the shop to its second revision, step by step."""
    return migrate(url, AFTER, built_in(), folder, model_hash="after", sizes=SMALL, patience=patience, **rest)


def everything(url: str) -> tuple[dict[str, Any], dict[str, list[tuple[Any, ...]]]]:
    """Return the schema, and every row that does not say when it was written."""
    engine = open_engine(parsed(url))
    with engine.connect() as connection:
        schema = schema_of(connection) | schema_of(connection, own=True)
        rows = {}
        for name in sorted(sa.inspect(connection).get_table_names()):
            columns = sorted(
                column["name"]
                for column in sa.inspect(connection).get_columns(name)
                if not column["name"].endswith("_at") and (name, column["name"]) != ("ok_renaming", "id")
            )
            listed = ", ".join(f'"{column}"' for column in columns)
            found = connection.exec_driver_sql(f'SELECT {listed} FROM "{name}"')
            rows[name] = sorted((tuple(row) for row in found), key=repr)
    engine.dispose()
    return schema, rows
