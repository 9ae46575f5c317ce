"""Columns of a person: kept for that person alone, and never more than the person may see."""

from sqlalchemy import insert

from orderkit.database.schema.system_tables import list_arrangement
from orderkit.engine import lists
from orderkit.engine.lists import MOST_WIDTH, ColumnWidth


def names(shop, login, form="order", view=0):
    with shop.office.look(login) as unit:
        found = lists.arranged(unit, unit.project.form_by_id[form], view=view)
        return [each.field for each in found.columns]


def keep(shop, login, *columns, form="order", frozen=1, view=0):
    with shop.office.act(login) as unit:
        lists.keep_arrangement(unit, unit.project.form_by_id[form], columns, frozen=frozen, view=view)


def test_columns_are_kept_for_one_person_and_come_back_in_their_order(shop):
    keep(shop, "ann", ColumnWidth("need_by", 90), ColumnWidth("number"), frozen=2)
    with shop.office.look("ann") as unit:
        found = lists.arranged(unit, unit.project.form_by_id["order"])
    assert found.columns == (ColumnWidth("need_by", 90), ColumnWidth("number"))
    assert (found.frozen, found.is_own) == (2, True)
    assert names(shop, "max")[:2] == ["number", "customer"]
    keep(shop, "ann", ColumnWidth("number"))
    assert names(shop, "ann") == ["number"]
    with shop.office.act("ann") as unit:
        lists.forget_arrangement(unit, "order")
    assert names(shop, "ann") == names(shop, "max")


def test_no_column_tells_more_than_the_reader_may_see(shop):
    with shop.office.look("ann") as unit:
        offered = {each.id for each in lists.offered(unit, unit.project.form_by_id["order"])}
    assert "secret" not in offered
    assert {"external", "process", "late", "created_at"} <= offered
    assert not {"id", "revision", "lines"} & offered
    keep(
        shop,
        "ann",
        ColumnWidth("secret"),
        ColumnWidth("number"),
        ColumnWidth("lines"),
        ColumnWidth("nothing"),
    )
    assert names(shop, "ann") == ["number"]
    # What a clerk may not see of the list as it is written is left out too.
    assert not {"total", "balance"} & set(names(shop, "kim"))


def test_columns_whose_fields_are_gone_leave_the_others(shop):
    with shop.office.act(None) as unit:
        unit.connection.execute(
            insert(list_arrangement).values(
                user_id=shop.office.ids["ann"],
                form="order",
                view=0,
                columns=[["gone", 100], "nonsense", [], ["number", 99_999], ["secret", None]],
                frozen=1,
            )
        )
    with shop.office.look("ann") as unit:
        found = lists.arranged(unit, unit.project.form_by_id["order"])
    assert found.columns == (ColumnWidth("number", MOST_WIDTH),)


def test_without_any_column_the_list_is_as_it_is_written(shop):
    keep(shop, "ann", ColumnWidth("need_by"))
    keep(shop, "ann", ColumnWidth("secret"))
    assert names(shop, "ann")[0] == "number"


def test_columns_of_a_view_stand_before_those_of_the_list(shop):
    keep(shop, "ann", ColumnWidth("need_by"))
    assert names(shop, "ann", view=7) == ["need_by"]
    keep(shop, "ann", ColumnWidth("total"), view=7)
    assert names(shop, "ann", view=7) == ["total"]
    assert names(shop, "ann") == ["need_by"]
