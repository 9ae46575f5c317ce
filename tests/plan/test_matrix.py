"""The matrix of rights: what it says of the example, and that the running app decides the same."""

import json
from pathlib import Path

import pytest

from orderkit.engine.access.decisions import Action
from orderkit.engine.access.grants import Grants, _WorkedOut, rule_of
from orderkit.engine.hooks import UNLIMITED
from orderkit.engine.runtime import Person
from orderkit.model.project import Project
from orderkit.model.rights import Right
from orderkit.plan.formats.matrix import as_json, markdown
from orderkit.plan.matrix import Cell, Row, access_matrix
from tests.support.projects import example, project

GOLDEN = Path(__file__).parent / "matrix" / "example.md"
Cells = dict[tuple[str | None, str], Cell]
ORDER = """\
form: order
label: {zh: 订单, en: Order}
title: name
fields:
  name: {type: text, label: {zh: 名称, en: Name}}
  cost: {type: integer, label: {zh: 成本, en: Cost}}
  phone: {type: text, label: {zh: 电话, en: Phone}}
  twice: {type: integer, label: {zh: 两倍, en: Twice}, compute: cost * 2}
"""
SALES = """\
role: sales
label: {zh: 销售, en: Sales}
forms:
  order: {create: true, read: "name == 'a'", update: "name == 'b'", hide: [cost, twice], mask: [phone], export: true}
"""
EVERYONE = """\
role: everyone
label: {zh: 所有人, en: Everyone}
forms:
  order: {read: "cost > 5", mask: [phone]}
"""


@pytest.fixture(scope="module")
def rows() -> Cells:
    found = access_matrix(project(ORDER, SALES, EVERYONE))
    column = found.roles.index("sales")
    return {(row.field, row.action): row.cells[column] for row in found.rows if row.form == "order"}


def test_what_everyone_may_counts_for_each_role(rows: Cells) -> None:
    assert set(rows[None, "read"].conditions) == {"name == 'a'", "cost > 5"}


def test_a_field_is_seen_where_the_role_that_shows_it_reads_the_record(rows: Cells) -> None:
    assert rows["cost", "read"].conditions == ("cost > 5",)


def test_what_is_exported_must_be_read_under_the_same_role(rows: Cells) -> None:
    assert rows[None, "export"].conditions == ("name == 'a'",)


def test_a_masked_field_is_neither_clear_nor_written(rows: Cells) -> None:
    masked = rows["phone", "read"].masked
    assert rows["phone", "read"].is_never
    assert masked is not None
    assert set(masked.conditions) == {"name == 'a'", "cost > 5"}
    assert rows["phone", "update"].is_never


def test_what_is_worked_out_is_written_by_nobody(rows: Cells) -> None:
    assert rows["twice", "create"].is_never
    assert rows["name", "create"].is_always
    assert rows["name", "update"].conditions == ("name == 'b'",)


HIDING, SHOWING = "hide: [cost]", "mask: []"


@pytest.mark.parametrize(
    ("read", "says", "everyone", "expected"),
    [
        ("true", HIDING, "update: true", Cell()),
        ("true", SHOWING, "update: true", Cell(is_always=True)),
        ("false", HIDING, "update: true", Cell(is_always=True)),
        ("true", "mask: [cost]", "update: true", Cell()),
        ("true", HIDING, "read: true, update: true", Cell(is_always=True)),
        ("true", HIDING, "read: cost > 5, update: true", Cell(conditions=("cost > 5",))),
        ("true", HIDING, "read: cost > 5, update: cost > 5", Cell(conditions=("cost > 5",))),
        ("true", HIDING, "read: cost > 5, update: cost < 9", Cell(conditions=("(cost < 9) and (cost > 5)",))),
        ("name == 'a'", HIDING, "update: true", Cell(conditions=("not (name == 'a')",))),
    ],
)
def test_what_one_role_hides_another_does_not_open_by_changing_it(
    read: str, says: str, everyone: str, expected: Cell
) -> None:
    model = project(
        ORDER,
        f'role: sales\nlabel: 销售\nforms:\n  order: {{read: "{read}", {says}}}\n'.replace(
            '"true"', "true"
        ).replace('"false"', "false"),
        f"role: everyone\nlabel: 所有人\nforms:\n  order: {{{everyone}}}\n",
    )
    found = access_matrix(model)
    (row,) = [
        each for each in found.rows if (each.form, each.field, each.action) == ("order", "cost", "update")
    ]
    assert row.cells[found.roles.index("sales")] == expected


def test_the_matrix_of_the_example(update_golden: bool) -> None:
    found = markdown(access_matrix(example()), "en")
    if update_golden:
        GOLDEN.write_text(found, encoding="utf-8", newline="\n")
    assert found == GOLDEN.read_text(encoding="utf-8")


def test_json_says_of_every_form_field_and_action_what_each_role_may() -> None:
    found = json.loads(as_json(access_matrix(project(ORDER, SALES, EVERYONE))))
    asked = {(each["form"], each["field"], each["action"]): each["roles"]["sales"] for each in found["rows"]}
    assert asked["order", None, "create"] is True
    assert asked["order", None, "delete"] is False
    assert asked["order", "cost", "read"] == ["cost > 5"]
    assert asked["order", "phone", "read"]["clear"] is False


@pytest.mark.parametrize("form", [each.id for each in example().forms if each.parent is None])
def test_the_app_decides_what_the_matrix_says(form: str) -> None:
    """Whichever of a person's grants hold for a record, a field is seen and written as the matrix adds it up."""
    model = example()
    found = access_matrix(model)
    of_form = [row for row in found.rows if row.form == form]
    for column, role in enumerate(found.roles):
        person = Person(id=1, login="x", name="x", roles=frozenset({role}))
        grants = Grants(model, person, _WorkedOut())
        for action in Action:
            cell = _row(of_form, None, action.value).cells[column]
            assert cell.is_never is not grants.may_ever(form, action), (role, action)
            assert cell.is_always is any(rule_of(each, action) is True for each in grants.of_form(form))
        _compare_fields(model, form, grants, of_form, column)


def _compare_fields(model: Project, form: str, grants: Grants, rows: list[Row], column: int) -> None:
    readers = tuple(each for each in grants.of_form(form) if each.read is not False)
    writers = tuple(each for each in grants.of_form(form) if each.update is not False)
    rights = grants.rights(model.form_by_id[form], readers, writers, UNLIMITED)
    for path, right in rights.items():
        read = _row(rows, path, "read").cells[column]
        expected = Right.WRITE if not _row(rows, path, "update").cells[column].is_never else _sight(read)
        assert right is expected, path


def _sight(cell: Cell) -> Right:
    if not cell.is_never:
        return Right.READ
    return Right.HIDDEN if cell.masked is None else Right.MASKED


def _row(rows: list[Row], field: str | None, action: str) -> Row:
    return next(row for row in rows if (row.field, row.action) == (field, action))
