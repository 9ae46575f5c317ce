"""The files that `build` writes into migrations/: readable, and the same for the same change."""

import ast
from pathlib import Path

import pytest

from orderkit.catalog import built_in
from orderkit.database.revisions.history import head_of, last_snapshot
from orderkit.database.revisions.writing import write_next_revision
from orderkit.database.schema.tables import tables_of
from orderkit.model.errors import Refused
from orderkit.model.stored import model_hash
from tests.database.models import CUSTOMER, LINES, ORDER, field, shop, with_fields

SHOP = shop()
GROWN = shop(
    with_fields(CUSTOMER, field("note", required=True, default="-"), field("seller", "user")), ORDER, LINES
)


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_the_first_revision_and_its_snapshot(tmp_path):
    written = write_next_revision(SHOP, built_in(), tmp_path)
    assert written is not None
    assert sorted(files(tmp_path)) == ["models/0001.json", "versions/0001_initial.py"]
    assert head_of(tmp_path) == "0001"
    snapshot = last_snapshot(tmp_path)
    assert snapshot is not None
    assert dict(snapshot.tables) == dict(tables_of(SHOP, built_in()))
    assert snapshot.model["project"]["id"] == "shop"


def test_nothing_changed_writes_nothing(tmp_path):
    write_next_revision(SHOP, built_in(), tmp_path)
    before = files(tmp_path)
    assert write_next_revision(SHOP, built_in(), tmp_path) is None
    assert files(tmp_path) == before


def test_the_same_change_gives_the_same_bytes(tmp_path):
    for folder in (tmp_path / "one", tmp_path / "two"):
        write_next_revision(SHOP, built_in(), folder)
        write_next_revision(GROWN, built_in(), folder)
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_what_a_revision_reads_like(tmp_path):
    write_next_revision(SHOP, built_in(), tmp_path)
    written = write_next_revision(GROWN, built_in(), tmp_path)
    assert written is not None
    assert written.script.name == "0002_add_column_customer_note_and_more.py"
    text = written.script.read_text()
    hashes = {"before": model_hash(SHOP), "after": model_hash(GROWN)}
    assert text.rpartition("\n\n\n# as generated: ")[0] + "\n" == REVISION.format(**hashes)


REVISION = '''\
"""Revision 0002, follows 0001.

- add column customer.note (needs a backfill)
- add column customer.seller (safe)
- add index customer__seller_idx (safe)
- add foreign key customer__seller_fkey (safe)
"""

import sqlalchemy as sa

from orderkit.database import operations as ok

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None
starts_from = "{before}"
leads_to = "{after}"
is_safe_for_older = False
retires = ()


def upgrade() -> None:
    with ok.alter_table("customer") as table:
        table.add_column(sa.Column("note", ok.CodePointText))
        table.add_column(sa.Column("seller", sa.BigInteger()))
    ok.fill("customer", "note", ok.CodePointText, "-")
    with ok.alter_table("customer") as table:
        table.require("note")
    ok.create_index("customer__seller_idx", "customer", ["seller"])
    with ok.alter_table("customer") as table:
        table.add_foreign_key("customer__seller_fkey", "seller", "user")


def downgrade() -> None:
    with ok.alter_table("customer") as table:
        table.drop_foreign_key("customer__seller_fkey")
    ok.drop_index("customer__seller_idx", "customer")
    with ok.alter_table("customer") as table:
        table.drop_column("seller")
        table.drop_column("note")
'''


def test_texts_cannot_break_out_of_a_revision(tmp_path):
    write_next_revision(SHOP, built_in(), tmp_path)
    nasty = 'a"\\n\n\u2028"""; import os #'
    grown = shop(with_fields(CUSTOMER, field("note", required=True, default=nasty)), ORDER, LINES)
    written = write_next_revision(grown, built_in(), tmp_path)
    assert written is not None
    tree = ast.parse(written.script.read_text())
    assert nasty in [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]


def test_a_refused_change_writes_nothing(tmp_path):
    write_next_revision(SHOP, built_in(), tmp_path)
    before = files(tmp_path)
    with pytest.raises(Refused):
        write_next_revision(shop(CUSTOMER, ORDER), built_in(), tmp_path)
    assert files(tmp_path) == before
