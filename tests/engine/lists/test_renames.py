"""Kept views and columns after a rename: they ask for what they asked for, under the names of today."""

from sqlalchemy import select

from orderkit.catalog import built_in
from orderkit.database.definitions.names import Renaming
from orderkit.database.definitions.stored import apply_renaming
from orderkit.database.schema.system_tables import list_arrangement, list_default, list_view
from orderkit.engine import lists
from orderkit.engine.lists import Arrangement, ColumnWidth

QUERY = "match=any&q=total&f.kind.not=repair&f.note=repair&any.1.total.from=100&any.1.kind=repair&sort=-total%2Cnumber&group=kind"
RENAMINGS = (
    Renaming(kind="option", place="order.kind", old="repair", new="mending"),
    Renaming(kind="field", place="order", old="kind", new="sort_of"),
    Renaming(kind="field", place="order", old="total", new="amount"),
    Renaming(kind="field", place="customer", old="note", new="remark"),
    Renaming(kind="form", old="order", new="sale"),
)
BACK = (
    Renaming(kind="form", old="sale", new="order"),
    Renaming(kind="field", place="customer", old="remark", new="note"),
    Renaming(kind="field", place="order", old="amount", new="total"),
    Renaming(kind="field", place="order", old="sort_of", new="kind"),
    Renaming(kind="option", place="order.kind", old="mending", new="repair"),
)


def kept(shop):
    with shop.office.look(None) as unit:
        (view,) = unit.connection.execute(select(list_view)).all()
        (columns,) = unit.connection.execute(select(list_arrangement)).all()
        (default,) = unit.connection.execute(select(list_default)).all()
    return (
        (view.form, view.query, view.columns),
        (columns.form, columns.columns, columns.frozen),
        (default.form, default.view),
    )


def rename(shop, renamings):
    with shop.office.act(None) as unit:
        for each in renamings:
            apply_renaming(unit.connection, each, built_in(), number=None)


def test_what_people_keep_of_lists_follows_every_rename_and_its_undoing(shop):
    columns = (ColumnWidth("number", 120), ColumnWidth("total"))
    with shop.office.act("root") as unit:
        order = unit.project.form_by_id["order"]
        number = lists.keep_view(
            unit,
            order,
            "Dear repairs",
            QUERY,
            Arrangement(columns=columns, frozen=1, is_own=True),
            is_shared=True,
        )
        lists.keep_arrangement(unit, order, columns, frozen=1)
        lists.open_with(unit, order, str(number))
    before = kept(shop)
    rename(shop, RENAMINGS)
    query = (
        QUERY.replace(".kind", ".sort_of")
        .replace("=kind", "=sort_of")
        .replace(".total", ".amount")
        .replace("-total", "-amount")
        .replace("sort_of.not=repair", "sort_of.not=mending")
        .replace("sort_of=repair", "sort_of=mending")
    )
    assert kept(shop) == (
        ("sale", query, [["number", 120], ["amount", None]]),
        ("sale", [["number", 120], ["amount", None]], 1),
        ("sale", str(number)),
    )
    rename(shop, BACK)
    assert kept(shop) == before
