"""Every operation does the same on both databases, at once and step by step; what does not fit is refused by row."""

import datetime as dt
from decimal import Decimal

import pytest
import sqlalchemy as sa

from orderkit.database import operations as ok
from orderkit.database.operations.kinds.retiring import purge_expired
from orderkit.model.errors import Refused
from tests.database.operations.conftest import NOW


def column(bench, table: str, name: str) -> list:
    rows = sa.table(table, sa.column("id"), sa.column(name))
    with bench.engine.connect() as connection:
        return list(connection.execute(sa.select(rows.c[name]).order_by(rows.c.id)).scalars())


def test_a_required_column_is_added_filled_and_required(bench):
    def upgrade() -> None:
        with ok.alter_table("order") as table:
            table.add_column(sa.Column("region", ok.CodePointText))
            table.add_column(sa.Column("paid", sa.Boolean(), nullable=False, server_default=sa.false()))
        ok.fill("order", "region", ok.CodePointText, "it's 100% :now")
        with ok.alter_table("order") as table:
            table.require("region")

    bench.up("0002", upgrade)
    assert column(bench, "order", "region") == ["it's 100% :now"] * 5
    assert [bool(each) for each in column(bench, "order", "paid")] == [False] * 5
    kept, is_nullable, has_default = bench.schema()["order"]["columns"]["region"]
    assert (kept.split()[0], is_nullable, has_default) == ("TEXT", False, False)


def test_a_boolean_is_filled_where_it_is_false(bench):
    def upgrade() -> None:
        with ok.alter_table("order") as table:
            table.add_column(sa.Column("paid", sa.Boolean(), nullable=False, server_default=sa.false()))
        ok.fill("order", "paid", sa.Boolean(), True)

    bench.up("0002", upgrade)
    assert [bool(each) for each in column(bench, "order", "paid")] == [True] * 5


def test_an_expression_fills_what_is_empty_and_recomputes_all(bench):
    def upgrade() -> None:
        with ok.alter_table("order") as table:
            table.add_column(sa.Column("day", sa.Date()))
            table.add_column(sa.Column("code", ok.CodePointText))
        code = '(SELECT c.code FROM customer AS c WHERE c.id = "order".customer)'
        ok.fill_by("order", "day", source="today()", sqlite=":today", postgresql=":today")
        ok.recompute(
            "order",
            "code",
            source="customer.code",
            sqlite=f"{code} || ':now %'",
            postgresql=f"{code} || ':now %'",
        )
        with ok.alter_table("order") as table:
            table.require("day")
            table.require("code")

    bench.up("0002", upgrade)
    assert {str(each) for each in column(bench, "order", "day")} == {"2026-03-03"}, (
        "the day where the project is"
    )
    assert column(bench, "order", "code") == [f"{each}:now %" for each in "AABCC"]


def test_what_cannot_be_required_is_refused_by_row_and_nothing_is_changed(bench):
    before = bench.schema(), bench.rows("order")

    def upgrade() -> None:
        with ok.alter_table("order") as table:
            table.add_column(sa.Column("other", ok.CodePointText))
        ok.fill_by("order", "other", source="note", sqlite="nullif(note, '')", postgresql="nullif(note, '')")
        with ok.alter_table("order") as table:
            table.require("other")

    with pytest.raises(Refused) as refused:
        bench.up("0002", upgrade)
    assert refused.value.known_as.id == "OK6300"
    assert refused.value.problems[0].path == "order.other"
    assert refused.value.problems[0].message["en"] == "2 rows empty, where a value is required now: #3, #4"
    assert (bench.schema(), bench.rows("order")) == before


def test_a_text_becomes_a_number_and_again_a_text(bench):
    before = bench.schema()

    def upgrade() -> None:
        with ok.alter_table("order") as table:
            table.rename_column("note", "count", form="order")
            table.change_type("count", ok.CodePointText, ok.ExactDecimal(2))

    def downgrade() -> None:
        with ok.alter_table("order") as table:
            table.change_type("count", ok.ExactDecimal(2), ok.CodePointText)
            table.rename_column("count", "note", form="order")

    bench.up("0002", upgrade)
    rows = sa.table("order", sa.column("id"), sa.column("count", ok.ExactDecimal(2)))
    with bench.engine.connect() as connection:
        found = list(connection.execute(sa.select(rows.c["count"]).order_by(rows.c.id)).scalars())
    assert found == [Decimal("7.00"), Decimal("1234.00"), None, None, Decimal("5.00")]
    assert [row[1:] for row in bench.rows("ok_renaming")] == [("field", "count", "0002", "note", "order")]
    bench.down("0002", downgrade)
    assert column(bench, "order", "note") == ["7", "1234", None, None, "5"]
    assert bench.schema() == before
    assert bench.rows("ok_renaming") == []


def test_a_text_that_is_no_number_is_refused_by_row(bench):
    bench.write("UPDATE \"order\" SET note = 'seven' WHERE id IN (1, 5)")

    def upgrade() -> None:
        with ok.alter_table("order") as table:
            table.rename_column("note", "count", form="order")
            table.change_type("count", ok.CodePointText, sa.BigInteger())

    with pytest.raises(Refused, match="correct these rows") as refused:
        bench.up("0002", upgrade)
    assert "#1 (seven), #5 (seven)" in refused.value.problems[0].message["en"]
    assert column(bench, "order", "note")[0] == "seven"


def test_rows_of_every_column_that_do_not_fit_are_named_at_once(bench):
    bench.write("UPDATE \"order\" SET note = 'seven', customer = NULL WHERE id = 5")

    def upgrade() -> None:
        with ok.alter_table("order") as table:
            table.require("customer")
            table.change_type("note", ok.CodePointText, sa.BigInteger())

    with pytest.raises(Refused) as refused:
        bench.up("0002", upgrade)
    assert {problem.path for problem in refused.value.problems} == {"order.customer", "order.note"}


def test_a_column_is_converted_by_an_expression_that_asks_other_tables(bench):
    before = bench.schema()

    def upgrade() -> None:
        sql = 'length((SELECT c.name FROM customer AS c WHERE c.id = "order".customer)) + 41'
        ok.convert(
            "order",
            "customer",
            sa.BigInteger(),
            ok.CodePointText,
            source="…",
            sqlite=f"CAST({sql} AS TEXT)",
            postgresql=f"({sql})::text",
        )

    bench.up("0002", lambda: _without_key(upgrade))
    assert column(bench, "order", "customer") == ["42"] * 5
    assert bench.schema()["order"]["indexes"] == before["order"]["indexes"]


def _without_key(then) -> None:
    with ok.alter_table("order") as table:
        table.drop_foreign_key("order__customer_fkey")
    then()


def test_as_many_options_as_a_field_may_have_are_renamed(bench):
    names = {"old": "o0", "x": "o1", "y": "o2", **{f"o{n}": f"o{n + 3}" for n in range(497)}}
    kinds, tags = (column(bench, "order", name) for name in ("kind", "tags"))

    def upgrade() -> None:
        ok.rename_options("order", "order", "kind", names)
        ok.rename_options("order", "order", "tags", names)

    bench.up("0002", upgrade)
    assert column(bench, "order", "kind") == [names.get(each, each) for each in kinds]
    assert column(bench, "order", "tags") == [
        each and "|".join(names.get(one, one) for one in each.split("|")) for each in tags
    ]


def test_options_are_renamed_at_once_alone_and_among_several(bench):
    def upgrade() -> None:
        ok.rename_options("order", "order", "kind", {"old": "new", "new": "old"})
        ok.rename_options("order", "order", "tags", {"x": "y", "y": "x"})

    bench.up("0002", upgrade)
    assert column(bench, "order", "kind") == ["new", "old", "new", None, "old"]
    assert column(bench, "order", "tags") == ["|y|x|", "|x|", None, "|y|", "|z|y|"]
    assert len(bench.rows("ok_renaming")) == 4


def test_what_is_retired_comes_back_and_goes_for_good_when_it_has_expired(bench):
    before = bench.schema(), bench.rows("order")

    def upgrade() -> None:
        ok.retire_option("order", "order", "kind", "old", path="order.kind.old")
        ok.retire_option("order", "order", "tags", "x", path="order.tags.x")
        ok.retire_column("order", "order", "note", path="order.note", days=30)

    def downgrade() -> None:
        ok.restore_column("order", "order", "note", ok.CodePointText, path="order.note")
        ok.restore_option("order", "order", "tags", "x", path="order.tags.x")
        ok.restore_option("order", "order", "kind", "old", path="order.kind.old")

    bench.up("0002", upgrade)
    assert column(bench, "order", "kind") == [None, "new", None, None, "new"]
    assert column(bench, "order", "tags") == ["|y|", "|y|", None, None, "|z|"]
    assert "note" not in bench.schema()["order"]["columns"]
    assert bench.rows("retired_0002_order__note")[0] == (1, "7")
    bench.down("0002", downgrade)
    assert (bench.schema(), bench.rows("order")) == before
    bench.up("0002", upgrade)
    with bench.engine.execution_options(orderkit_writes=True).begin() as connection:
        assert purge_expired(connection, NOW + dt.timedelta(days=29)) == ()
        assert purge_expired(connection, NOW + dt.timedelta(days=30)) == ("order.note",)
    assert [name for name in bench.schema() if name.startswith("retired")] == [
        "retired_0002_order__kind__old",
        "retired_0002_order__tags__x",
    ]


def test_a_table_is_retired_and_comes_back_with_its_ids(bench):
    before = bench.schema(), bench.rows("order")

    def downgrade() -> None:
        from tests.database.operations.conftest import begin

        taken = []
        from orderkit.database.operations.script import add, giving

        with giving(taken.append):
            begin()
        for each in taken[1:]:
            add(each)
        ok.restore_table("order", "order", path="order")

    bench.up("0002", lambda: ok.retire_table("order", "order", path="order"))
    assert "order" not in bench.schema()
    bench.down("0002", downgrade)
    assert (bench.schema(), bench.rows("order")) == before
    bench.write("INSERT INTO \"order\" (note) VALUES ('next')")
    assert bench.rows("order")[-1][1] == 6


def test_a_form_is_renamed_with_what_orderkit_keeps_beside_it(bench):
    bench.write(
        "INSERT INTO ok_file (digest, name, media_type, size, form, field, created_at) "
        "VALUES ('', '', '', 1, 'order', 'note', '2026-01-01 00:00:00')"
    )

    def upgrade() -> None:
        ok.rename_form("order", "sale", "order", "sale")
        with ok.alter_table("sale") as table:
            table.rename_column("note", "remark", form="sale")

    bench.up("0002", upgrade)
    assert "sale" in bench.schema()
    assert "order" not in bench.schema()
    with bench.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT form, field FROM ok_file").one() == ("sale", "remark")


def test_values_move_to_the_parent_where_its_rows_agree(bench):
    def upgrade() -> None:
        with ok.alter_table("customer") as table:
            table.add_column(sa.Column("kind", ok.CodePointText))
        ok.move_column("order", "kind", "customer", "kind", link="customer", link_in="source")

    with pytest.raises(Refused, match="correct") as refused:
        bench.up("0002", upgrade)
    assert "with different values" in refused.value.problems[0].message["en"]
    bench.write("UPDATE \"order\" SET kind = 'k' || customer")
    bench.up("0002", upgrade)
    assert column(bench, "customer", "kind") == ["k1", "k2", "k3"]


def test_values_move_to_the_rows_that_refer_to_theirs(bench):
    def upgrade() -> None:
        with ok.alter_table("order") as table:
            table.add_column(sa.Column("code", ok.CodePointText))
        ok.move_column("customer", "code", "order", "code", link="customer", link_in="target")

    bench.up("0002", upgrade)
    assert column(bench, "order", "code") == ["A", "A", "B", "C", "C"]


def test_references_find_their_like_in_another_form(bench):
    def upgrade() -> None:
        ok.create_table(
            "partner",
            sa.Column("id", ok.BigId, sa.Identity(), primary_key=True),
            sa.Column("code", ok.CodePointText),
        )
        ok.once(
            "partners",
            lambda connection: connection.exec_driver_sql(
                "INSERT INTO partner (code) VALUES ('C'), ('B'), ('A')"
            ),
        )

    def change() -> None:
        with ok.alter_table("order") as table:
            table.drop_foreign_key("order__customer_fkey")
        ok.retarget("order", "customer", "customer", "partner", key="code")
        with ok.alter_table("order") as table:
            table.add_foreign_key("order__customer_fkey", "customer", "partner", ondelete="RESTRICT")

    bench.up("0002", upgrade)
    bench.up("0003", change)
    assert column(bench, "order", "customer") == [3, 3, 2, 1, 1]


def test_records_become_lines_and_lines_records(bench):
    def upgrade() -> None:
        with ok.alter_table("order") as table:
            table.add_column(sa.Column("position", sa.BigInteger()))
        ok.lines_from_form("order", "customer")
        with ok.alter_table("order") as table:
            table.require("position")
            table.add_column(sa.Column("name", ok.CodePointText))
        ok.form_from_lines("order", "customer", "customer", columns=("name",))

    bench.up("0002", upgrade)
    assert column(bench, "order", "position") == [0, 1, 0, 0, 1]
    assert column(bench, "order", "name") == ["a", "a", "b", "c", "c"]


def test_a_unique_key_is_refused_while_rows_agree(bench):
    with pytest.raises(Refused) as refused:
        bench.up("0002", lambda: ok.create_index("order__kind_key", "order", ["kind"], unique=True))
    assert "#1 (old), #2 (new), #3 (old), #5 (new)" in refused.value.problems[0].message["en"]
    bench.write("UPDATE \"order\" SET kind = 'k' || id WHERE kind IS NOT NULL")
    bench.up("0002", lambda: ok.create_index("order__kind_key", "order", ["kind"], unique=True))
    assert ("order__kind_key", ["kind"], True) in bench.schema()["order"]["indexes"]
    bench.down("0002", lambda: ok.drop_index("order__kind_key", "order"))
    assert all(name != "order__kind_key" for name, _, _ in bench.schema()["order"]["indexes"])


def test_a_reference_is_refused_while_a_row_refers_to_nothing(bench):
    def upgrade() -> None:
        with ok.alter_table("order") as table:
            table.add_column(sa.Column("other", sa.BigInteger()))
        ok.fill("order", "other", sa.BigInteger(), 9)
        with ok.alter_table("order") as table:
            table.add_foreign_key("order__other_fkey", "other", "customer")

    with pytest.raises(Refused) as refused:
        bench.up("0002", upgrade)
    assert "that refer to nothing in customer" in refused.value.problems[0].message["en"]


def test_ids_are_never_given_out_twice_after_a_copy(bench):
    bench.write("DELETE FROM customer WHERE id = 99")
    bench.write('DELETE FROM "order" WHERE id = 5')

    def upgrade() -> None:
        with ok.alter_table("order") as table:
            table.allow_empty("note")
            table.drop_column("kind")

    bench.up("0002", upgrade)
    bench.write("INSERT INTO \"order\" (note) VALUES ('next')")
    assert column(bench, "order", "id")[-1] == 6
