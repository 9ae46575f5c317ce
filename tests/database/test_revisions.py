"""The files in migrations/: readable, the same for the same change, and refused when they do not fit together."""

import ast
import shutil
from pathlib import Path

import pytest

from orderkit.catalog import built_in
from orderkit.database.revisions.history import BrokenHistory, head_of, last_snapshot, write_next_revision
from orderkit.database.schema.tables import tables_of
from orderkit.model.errors import Refused
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
    assert written.script.read_text() == REVISION


REVISION = '''\
"""Revision 0002, follows 0001.

- add column customer.note
- add column customer.seller
- add index customer__seller_idx
- add foreign key customer__seller_fkey
"""

import sqlalchemy as sa
from alembic import op

from orderkit.database.operations.tables import alter_table, fill
from orderkit.database.schema.column_types import CodePointText

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with alter_table("customer") as table:
        table.add_column(sa.Column("note", CodePointText))
        table.add_column(sa.Column("seller", sa.BigInteger()))
    fill("customer", "note", CodePointText, "-")
    with alter_table("customer") as table:
        table.alter_column("note", existing_type=CodePointText, nullable=False)
    op.create_index("customer__seller_idx", "customer", ["seller"])
    with alter_table("customer") as table:
        table.create_foreign_key("customer__seller_fkey", "user", ["seller"], ["id"], ondelete="RESTRICT")


def downgrade() -> None:
    with alter_table("customer") as table:
        table.drop_constraint("customer__seller_fkey", type_="foreignkey")
    op.drop_index("customer__seller_idx", table_name="customer")
    with alter_table("customer") as table:
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


class TestBrokenHistory:
    """A folder that is not as `build` left it is refused with what to do."""

    @pytest.fixture
    def folder(self, tmp_path) -> Path:
        write_next_revision(SHOP, built_in(), tmp_path)
        write_next_revision(GROWN, built_in(), tmp_path)
        return tmp_path

    def test_two_branches_wrote_the_same_number(self, folder):
        shutil.copy(next((folder / "versions").glob("0002_*")), folder / "versions" / "0002_other.py")
        with pytest.raises(BrokenHistory, match="merge"):
            head_of(folder)

    def test_a_number_is_missing(self, folder):
        next((folder / "versions").glob("0001_*")).unlink()
        with pytest.raises(BrokenHistory):
            head_of(folder)

    @pytest.mark.parametrize(
        "text", [None, "", "{}", '{"format": 99}', "[]", '{"format": 1, "tables": [{}]}']
    )
    def test_the_snapshot_is_gone_or_damaged(self, folder, text):
        path = folder / "models" / "0002.json"
        path.unlink() if text is None else path.write_text(text)
        with pytest.raises(BrokenHistory, match="snapshot"):
            last_snapshot(folder)
