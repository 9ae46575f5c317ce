"""Finding what changed between two models, and judging it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderkit.catalog import built_in
from orderkit.database.changes.diff import diff
from orderkit.database.changes.hazards import is_destructive, plan
from orderkit.database.changes.kinds import (
    AddColumn,
    AddForeignKey,
    AddIndex,
    AlterColumn,
    CreateTable,
    DropColumn,
    DropForeignKey,
    DropIndex,
    DropTable,
    RenameColumn,
    RenameTable,
)
from orderkit.database.changes.reversing import reverse, reversed_changes
from orderkit.database.schema.tables import Tables, tables_of
from tests.database.models import CUSTOMER, LINES, ORDER, field, form, shop, with_fields


def tables(*forms) -> Tables:
    return tables_of(shop(*forms), built_in())


BEFORE = tables(CUSTOMER, ORDER, LINES)


def kinds(changes) -> list[str]:
    return [type(change).__name__ for change in changes]


@pytest.mark.parametrize(
    ("forms", "expected"),
    [
        pytest.param((CUSTOMER, ORDER, LINES), [], id="nothing"),
        pytest.param((with_fields(CUSTOMER, field("note")), ORDER, LINES), ["AddColumn"], id="a field"),
        pytest.param(
            (with_fields(CUSTOMER, field("seller", "user")), ORDER, LINES),
            ["AddColumn", "AddIndex", "AddForeignKey"],
            id="a reference",
        ),
        pytest.param(
            (with_fields(CUSTOMER, field("name", required=True, unique=True)), ORDER, LINES),
            ["AddIndex"],
            id="a unique key",
        ),
        pytest.param(
            (
                with_fields(CUSTOMER, field("title", required=True, renamed_from="name"), without=("name",)),
                ORDER,
                LINES,
            ),
            ["RenameColumn"],
            id="a field under a new name",
        ),
        pytest.param(
            (
                with_fields(
                    CUSTOMER, field("no", required=True, unique=True, renamed_from="code"), without=("code",)
                ),
                ORDER,
                LINES,
            ),
            ["DropIndex", "RenameColumn", "AddIndex"],
            id="a unique field under a new name",
        ),
        pytest.param(
            (with_fields(CUSTOMER, field("title"), without=("name",)), ORDER, LINES),
            ["AddColumn", "DropColumn"],
            id="a field that goes while another comes is no rename",
        ),
        pytest.param(
            (CUSTOMER, ORDER, with_fields(LINES, field("qty", "decimal", {"scale": 4}, required=True))),
            ["AlterColumn"],
            id="more decimal places",
        ),
        pytest.param((CUSTOMER, ORDER), ["DropTable"], id="lines that go"),
        pytest.param((CUSTOMER, ORDER, LINES, form("note", field("text"))), ["CreateTable"], id="a form"),
        pytest.param(
            (CUSTOMER, replace(ORDER, unique=()), LINES), ["DropIndex"], id="a unique key that goes"
        ),
    ],
)
def test_what_changed(forms, expected):
    assert kinds(diff(BEFORE, tables(*forms))) == expected


def test_a_form_under_a_new_name_keeps_its_rows_and_those_of_its_lines():
    sale = replace(ORDER, id="sale", renamed_from="order")
    lines = form(
        "sale.lines",
        field("product", required=True),
        field("qty", "decimal", {"scale": 3}, required=True),
        parent="sale",
    )
    changes = diff(BEFORE, tables(CUSTOMER, sale, lines))
    assert [(change.old, change.new) for change in changes if isinstance(change, RenameTable)] == [
        ("order", "sale"),
        ("order__lines", "sale__lines"),
    ]
    assert [(change.old, change.new.name) for change in changes if isinstance(change, RenameColumn)] == [
        ("order", "sale")
    ]
    assert not any(isinstance(change, (CreateTable, DropTable, AddColumn, DropColumn)) for change in changes)


def test_a_rename_that_happened_already_is_not_found_again():
    renamed = with_fields(CUSTOMER, field("title", required=True, renamed_from="name"), without=("name",))
    assert diff(tables(renamed, ORDER, LINES), tables(renamed, ORDER, LINES)) == ()


FIELDS = st.dictionaries(
    st.sampled_from(["a", "b", "c", "d"]),
    st.tuples(
        st.sampled_from(["text", "integer", "boolean", "date", "money", "user"]), st.booleans(), st.booleans()
    ),
)
MODELS = st.dictionaries(st.sampled_from(["x", "y", "z"]), FIELDS)


def random_tables(model) -> Tables:
    return (
        tables(
            *(
                form(
                    name,
                    *(
                        field(f, kind, unique=unique, required=required)
                        for f, (kind, unique, required) in fields.items()
                    ),
                )
                for name, fields in model.items()
            )
        )
        if model
        else tables(CUSTOMER)
    )


def applied(state: Tables, changes) -> dict:
    """Apply changes to plain tables, as a second opinion on what they mean."""
    now = {
        name: {
            "columns": {c.name: c for c in table.columns},
            "indexes": set(table.indexes),
            "keys": set(table.foreign_keys),
        }
        for name, table in state.items()
    }
    for change in changes:
        match change:
            case CreateTable(table=table):
                assert table.name not in now
                now |= applied({table.name: table}, ())
            case DropTable(table=table):
                del now[table.name]
            case RenameTable():
                now[change.new] = now.pop(change.old)
            case AddColumn(table=name, column=column):
                assert column.name not in now[name]["columns"]
                now[name]["columns"][column.name] = column
            case DropColumn(table=name, column=column):
                assert not any(column.name in index.columns for index in now[name]["indexes"])
                assert not any(column.name == key.column for key in now[name]["keys"])
                del now[name]["columns"][column.name]
            case RenameColumn(table=name, old=old, new=column):
                now[name]["columns"][column.name] = column
                del now[name]["columns"][old]
            case AlterColumn(table=name, old=old, new=column):
                assert now[name]["columns"][column.name] == old
                now[name]["columns"][column.name] = column
            case AddIndex(table=name, index=index):
                now[name]["indexes"].add(index)
            case DropIndex(table=name, index=index):
                now[name]["indexes"].remove(index)
            case AddForeignKey(table=name, key=key):
                assert key.target in now or key.target == "ok_file"
                now[name]["keys"].add(key)
            case DropForeignKey(table=name, key=key):
                now[name]["keys"].remove(key)
    return now


@given(MODELS, MODELS)
def test_applying_the_difference_gives_the_new_state_and_undoing_it_the_old(first, second):
    old, new = random_tables(first), random_tables(second)
    changes = diff(old, new)
    assert applied(old, changes) == applied(new, ())
    assert diff(old, old) == ()
    if not any(map(is_destructive, changes)):
        there = {name: new[name] for name in new}
        assert applied(there, reversed_changes(changes)) == applied(old, ())


@given(MODELS, MODELS)
def test_reversing_twice_changes_nothing_but_what_cannot_be_filled_again(first, second):
    for change in diff(random_tables(first), random_tables(second)):
        if not isinstance(change, DropColumn):
            assert reverse(reverse(change)) == change or isinstance(change, AddColumn)


@pytest.mark.parametrize(
    ("forms", "problems"),
    [
        pytest.param((CUSTOMER, ORDER), [("order.lines", "drop_table")], id="a form that goes"),
        pytest.param(
            (with_fields(CUSTOMER, without=("name",)), ORDER, LINES),
            [("customer.name", "drop_column")],
            id="a field that goes",
        ),
        pytest.param(
            (with_fields(CUSTOMER, field("name", "integer", required=True)), ORDER, LINES),
            [("customer.name", "change_type")],
            id="text that becomes a number",
        ),
        pytest.param(
            (CUSTOMER, ORDER, with_fields(LINES, field("qty", "decimal", {"scale": 1}, required=True))),
            [("order.lines.qty", "change_type")],
            id="fewer decimal places",
        ),
    ],
)
def test_losing_data_is_refused_with_the_remedy(forms, problems):
    found = plan(BEFORE, tables(*forms)).problems
    assert [(problem.path, problem.code) for problem in found] == problems
    assert all(problem.message["zh"] and problem.help and problem.help["en"] for problem in found)


def test_a_required_field_without_a_fixed_default_comes_optional_and_says_so():
    with_note = tables(with_fields(CUSTOMER, field("note", required=True)), ORDER, LINES)
    planned = plan(BEFORE, with_note)
    column = planned.target["customer"].column("note")
    assert column is not None
    assert column.is_nullable
    assert "customer.note" in planned.notes[0]["zh"]
    again = plan(planned.target, with_note)
    assert (again.changes, again.notes) == ((), ())


def test_a_required_field_with_a_fixed_default_is_filled():
    planned = plan(
        BEFORE, tables(with_fields(CUSTOMER, field("note", required=True, default="-")), ORDER, LINES)
    )
    (change,) = planned.changes
    assert isinstance(change, AddColumn)
    assert (change.column.is_nullable, change.column.backfill, planned.notes) == (False, "-", ())
