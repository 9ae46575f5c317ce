"""Finding what changed between the tables of two models."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderkit.catalog import built_in
from orderkit.database.changes.diff import diff
from orderkit.database.changes.kinds import (
    AddColumn,
    CreateTable,
    DropColumn,
    DropTable,
    RenameColumn,
    RenameTable,
)
from orderkit.database.changes.reversing import reverse, reversed_changes
from orderkit.database.schema.tables import Tables, tables_of
from tests.database.changes.interpreting import applied, state_of
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


@given(MODELS, MODELS)
def test_applying_the_difference_gives_the_new_state_and_undoing_it_the_old(first, second):
    old, new = random_tables(first), random_tables(second)
    changes = diff(old, new)
    assert applied(state_of(old), changes) == state_of(new)
    assert diff(old, old) == ()
    if not any(isinstance(change, (DropTable, DropColumn)) for change in changes):
        assert applied(state_of(new), reversed_changes(changes)) == state_of(old)


@given(MODELS, MODELS)
def test_reversing_twice_changes_nothing_but_what_cannot_be_filled_again(first, second):
    for change in diff(random_tables(first), random_tables(second)):
        if not isinstance(change, DropColumn):
            assert reverse(reverse(change)) == change or isinstance(change, AddColumn)
