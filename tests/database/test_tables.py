"""What a model becomes in SQL: names, columns, keys and indexes."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa

from orderkit.catalog import built_in
from orderkit.database.schema.metadata import metadata_of
from orderkit.database.schema.tables import MAX_NAME_BYTES, FormTable, tables_of
from orderkit.fields.field_type import ColumnKind
from orderkit.model.errors import Conflict
from orderkit.model.forms import ListLayout, SortKey, Variant
from orderkit.model.labels import label
from tests.database.models import CUSTOMER, DEPARTMENT, LINES, ORDER, USER, field, form, shop, with_fields

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def made(*forms) -> dict[str, FormTable]:
    return dict(tables_of(shop(*forms), built_in()))


def test_a_table_stands_after_those_it_refers_to():
    assert list(made()) == ["department", "user", "customer", "order", "order__lines"]


def test_lines_are_a_table_of_their_own_that_goes_with_its_parent():
    lines = made()["order__lines"]
    assert [column.name for column in lines.columns] == ["id", "order", "position", "product", "qty"]
    assert [(key.column, key.target, key.on_delete) for key in lines.foreign_keys] == [
        ("order", "order", "CASCADE")
    ]
    assert [index.columns for index in lines.indexes] == [("order", "position")]


@pytest.mark.parametrize(
    ("extra", "is_nullable"),
    [
        pytest.param(field("x"), True, id="an optional field may be empty"),
        pytest.param(field("x", required=True), False, id="a required field may not"),
        pytest.param(
            field("x", required=True, visible_if=field("d", default="a").default),
            True,
            id="a required field that may be hidden may be empty",
        ),
        pytest.param(field("x", "boolean"), False, id="a boolean is never empty"),
        pytest.param(
            field("x", "money", required=True, compute=field("d", default="a").default),
            True,
            id="what is computed may come out empty",
        ),
    ],
)
def test_which_columns_may_be_empty(extra, is_nullable):
    column = made(with_fields(CUSTOMER, extra))["customer"].column("x")
    assert column is not None
    assert column.is_nullable is is_nullable


@pytest.mark.parametrize(
    ("extra", "backfill"),
    [
        pytest.param(field("x", "money", default=Decimal("0.125")), "0.13", id="an amount has its scale"),
        pytest.param(
            field("x", "decimal", {"scale": 3}, default=Decimal(2)), "2.000", id="a whole number too"
        ),
        pytest.param(field("x", "boolean", default=True), "True", id="a boolean"),
        pytest.param(field("x", default=""), "None", id="an empty text is nothing"),
        pytest.param(field("x", "ref", {"to": "customer"}, default=7), "None", id="a record is no constant"),
    ],
)
def test_what_rows_get_that_were_there_before_a_column(extra, backfill):
    column = made(with_fields(CUSTOMER, extra))["customer"].column("x")
    assert column is not None
    assert str(column.backfill) == backfill


def test_a_field_that_a_variant_hides_may_be_empty():
    hidden = Variant(value="custom", label=label(en="c"), hide=("customer",))
    column = made(CUSTOMER, replace(ORDER, variants=(hidden,)), LINES)["order"].column("customer")
    assert column is not None
    assert column.is_nullable


def test_references_unique_keys_and_what_lists_use_are_indexed():
    listed = replace(
        ORDER,
        list=ListLayout(
            columns=(), filters=("kind", "customer", "external_no"), sort=(SortKey(field="ordered_on"),)
        ),
    )
    indexes = {index.columns: index.is_unique for index in made(CUSTOMER, listed, LINES)["order"].indexes}
    assert indexes == {
        ("external_no", "customer"): True,
        ("owner",): False,
        ("customer",): False,
        ("ordered_on",): False,
        ("kind",): False,
    }


def test_names_fit_into_postgresql_and_stay_apart():
    long = "a" * 40
    other = form(long, field("b" * 40, "ref", {"to": "customer"}), field("b" * 41, "ref", {"to": "customer"}))
    names = [
        name
        for table in made(CUSTOMER, other).values()
        for name in (*(i.name for i in table.indexes), *(k.name for k in table.foreign_keys))
    ]
    assert max(len(name.encode()) for name in names) <= MAX_NAME_BYTES
    assert len(set(names)) == len(names)


def test_two_tables_never_name_an_index_alike():
    tables = made(
        CUSTOMER,
        form("a__b", field("c", "ref", {"to": "customer"})),
        form("a", field("b__c", "ref", {"to": "customer"})),
    )
    names = [index.name for table in tables.values() for index in table.indexes]
    assert len(set(names)) == len(names)


def test_lines_are_renamed_with_their_parent():
    sale = replace(form("sale", renamed_from="order"))
    tables = made(CUSTOMER, sale, form("sale.lines", parent="sale"))
    lines = tables["sale__lines"]
    assert lines.renamed_from == "order__lines"
    parent = lines.column("sale")
    assert parent is not None
    assert parent.renamed_from == "order"


def test_metadata_has_every_column_and_the_scale_of_decimals():
    metadata = metadata_of(tables_of(shop(), built_in()))
    lines = metadata.tables["order__lines"]
    assert lines.c.keys() == ["id", "order", "position", "product", "qty"]
    assert lines.c.qty.type.scale == 3


def test_empty_values_of_a_unique_key_never_collide(make_database):
    database = make_database(shop())
    order = database.tables["order"]
    row = {"created_at": NOW, "updated_at": NOW, "revision": 1, "kind": "standard"}
    customer = {"code": "C", "name": "c", "created_at": NOW, "updated_at": NOW, "revision": 1}
    with database.write() as connection:
        key = connection.execute(database.tables["customer"].insert().values(customer)).inserted_primary_key[
            0
        ]
        for _ in range(2):
            connection.execute(order.insert().values(row | {"customer": key, "external_no": None}))
    twice = [row | {"customer": key, "external_no": "E1"}] * 2
    with pytest.raises(Conflict), database.write() as connection:
        connection.execute(order.insert(), twice)


def test_an_id_is_never_given_twice(make_database):
    database = make_database(shop())
    customer = database.tables["customer"]
    row = {"name": "c", "created_at": NOW, "updated_at": NOW, "revision": 1}
    with database.write() as connection:
        first = connection.execute(customer.insert().values(row | {"code": "1"})).inserted_primary_key[0]
        connection.execute(customer.delete())
        second = connection.execute(customer.insert().values(row | {"code": "2"})).inserted_primary_key[0]
    assert second > first


def test_values_come_back_as_they_were(make_database):
    database = make_database(
        shop(with_fields(CUSTOMER, field("limit", "money", {"scale": 4}), field("day", "date")))
    )
    customer = database.tables["customer"]
    row = {
        "code": "零一\u00e9",
        "name": "o'c",
        "created_at": NOW,
        "updated_at": NOW,
        "revision": 1,
        "limit": Decimal("-12345678901234.5670"),
        "day": date(2026, 2, 28),
    }
    with database.write() as connection:
        connection.execute(customer.insert().values(row))
    with database.read() as connection:
        found = connection.execute(sa.select(customer)).mappings().one()
    assert {name: found[name] for name in row} == row
    assert str(found["limit"]) == "-12345678901234.5670"


def test_deleting_a_parent_takes_its_lines_and_is_refused_where_others_refer(make_database):
    database = make_database(shop())
    stamp = {"created_at": NOW, "updated_at": NOW, "revision": 1}
    tables = database.tables
    with database.write() as connection:
        customer = connection.execute(
            tables["customer"].insert().values(code="C", name="c", **stamp)
        ).inserted_primary_key[0]
        order = connection.execute(
            tables["order"].insert().values(customer=customer, kind="standard", **stamp)
        ).inserted_primary_key[0]
        connection.execute(
            tables["order.lines"].insert().values(order=order, position=0, product="p", qty=Decimal("1.000"))
        )
    with pytest.raises(Conflict), database.write() as connection:
        connection.execute(tables["customer"].delete())
    with database.write() as connection:
        connection.execute(tables["order"].delete())
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables["order.lines"])) == 0


def test_built_in_forms_refer_to_each_other():
    ring = {(key.column, key.target) for key in made(DEPARTMENT, USER)["department"].foreign_keys}
    assert ("head", "user") in ring


def test_decimals_know_their_scale_and_ids_count_by_themselves():
    columns = {column.name: column for column in made()["order"].columns}
    assert (columns["total"].kind, columns["total"].scale) == (ColumnKind.DECIMAL, 2)
    assert columns["id"].is_id
