"""What a press would lead to: steps, people, why, and what another value would change; and nothing of it stays."""

from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from orderkit.engine import workflow
from orderkit.engine.workflow.previewing import boundaries_of, preview
from orderkit.model.errors import NotFound
from orderkit.model.expressions.evaluation import Environment, evaluate
from tests.engine.workflow.reviewing import LEAD
from tests.support.projects import project

BOARD = '{id: board, when: "coalesce(amount, 0) > 50000", approvers: role(board), mode: all}'
CHOICE = (
    'choose: [{when: "coalesce(amount, 0) >= 100", steps: [{id: dear, approvers: user(chief)}]},'
    ' {when: "coalesce(count, 0) > 3", steps: [{id: many, approvers: user(boss)}]}, {default: true, steps: []}]'
)
DEPUTY = "{self_approval: to_manager, duplicate_approver: consecutive, no_approver: {assign: role(admin)}}"


def previewed(office, login, request, transition="submit", **values):
    with office.act(login) as unit:
        return preview(unit, "request", request, transition, values)


def made(office, login="ann", **values):
    return office.create(login, "request", {"title": "x", **values})


def everything(office):
    """Return every row of the database, and which ids come next on SQLite."""
    database = office.runtime.database
    metadata = sa.MetaData()
    metadata.reflect(database.engine)
    with database.read() as connection:
        return {
            name: sorted(map(repr, connection.execute(table.select()).all()))
            for name, table in metadata.tables.items()
        }


def test_the_people_of_each_step_and_how_they_are_found(office_with):
    office = office_with("{id: first, approvers: manager_of(owner)}", LEAD)
    found = previewed(office, "ann", made(office))
    assert (found.target, found.end, found.problems, found.stuck) == ("review", "done", (), None)
    assert [(step.id, step.is_asked, [who.user.name for who in step.people]) for step in found.steps] == [
        ("first", True, ["boss"]),
        ("lead", True, ["chief", "boss"]),
    ]
    assert [who.how for who in found.steps[0].people] == ["manager_of(owner)"]
    assert found.steps[0].people[0].why == {"zh": "负责人的上级", "en": "the manager of the owner"}


def test_a_condition_says_what_it_came_to_and_with_which_values(office_with):
    office = office_with(LEAD, BOARD)
    low, high = made(office, amount=Decimal(50000)), made(office, amount=Decimal(50001))
    for request, holds, shown in ((low, False, "50,000.00"), (high, True, "50,001.00")):
        step = previewed(office, "ann", request).steps[1]
        (condition,) = step.conditions
        assert (step.is_asked, condition.holds) == (holds, holds)
        assert condition.text == "coalesce(amount, 0) > 50000"
        assert [value["en"] for _, value in condition.values] == [shown]


@pytest.mark.parametrize(
    ("amount", "more", "fewer", "sentence"),
    [
        (100, ("board",), (), "if Amount is above 50,000.00, “Board” decides as well"),
        (60000, (), ("board",), "if Amount is 50,000.00 or less, “Board” is not asked"),
    ],
)
def test_what_another_value_would_change(office_with, amount, more, fewer, sentence):
    office = office_with(LEAD, BOARD)
    (what_if,) = previewed(office, "ann", made(office, amount=Decimal(amount))).what_ifs
    assert (what_if.field, what_if.more, what_if.fewer) == ("amount", more, fewer)
    assert what_if.sentence["en"] == sentence
    assert set(what_if.sentence) == {"zh", "en"}


def test_every_branch_of_a_choice_is_a_possibility(office_with):
    office = office_with(LEAD, CHOICE)
    found = previewed(office, "ann", made(office))
    assert [step.id for step in found.asked] == ["lead"]
    assert {(each.field, each.more) for each in found.what_ifs} == {
        ("amount", ("dear",)),
        ("count", ("many",)),
    }


def test_rules_about_people_hold_in_a_preview(office_with):
    """A submitter who would decide gives way to their manager, and who has just approved is not asked again."""
    office = office_with("{id: one, approvers: user(ann)}", "{id: two, approvers: user(boss)}", policy=DEPUTY)
    one, two = previewed(office, "ann", made(office)).steps
    assert [(who.user.name, who.why["en"]) for who in one.people] == [
        ("boss", "the manager, in place of who submitted it")
    ]
    assert [(who.user.name, who.skip) for who in two.people] == [("boss", "auto:duplicate")]


def test_nobody_found_is_told_in_a_preview(office_with):
    office = office_with("{id: none, approvers: role(nobody)}", policy=DEPUTY)
    (step,) = previewed(office, "ann", made(office)).steps
    assert [(who.user.name, who.why["en"]) for who in step.people] == [
        ("root", "nobody was found, so an administrator decides")
    ]


def test_a_press_that_would_be_refused_says_why(office_with):
    office = office_with(LEAD)
    request = made(office)
    found = previewed(office, "bob", request)
    assert (found.target, found.steps) == (None, ())
    assert [each.message["en"] for each in found.problems] == ["only the owner may do this"]


def test_what_is_not_there_is_not_found(office_with):
    office = office_with(LEAD)
    with pytest.raises(NotFound):
        previewed(office, "ann", 10**9)
    with pytest.raises(NotFound):
        previewed(office, "ann", made(office), "fly")


def test_a_preview_leaves_nothing_behind(office_with):
    office = office_with(LEAD, BOARD, CHOICE)
    request = made(office, amount=Decimal(60000))
    before = everything(office)
    found = previewed(office, "ann", request)
    assert len(found.asked) == 3
    assert everything(office) == before
    office.do("ann", "request", request, "submit")
    assert office.tasks("boss") == {"boss": 1}


def test_a_preview_comes_true(office_with):
    """What is done after a preview asks exactly the steps and people that it named."""
    office = office_with("{id: first, approvers: manager_of(owner)}", LEAD, BOARD, policy=DEPUTY)
    request = made(office, amount=Decimal(60000))
    found = previewed(office, "ann", request)
    office.do("ann", "request", request, "submit")
    for step in found.asked:
        for who in step.people:
            with office.look(who.user.name) as unit:
                is_asked = any(each.record_id == request for each in workflow.tasks(unit))
            if is_asked:
                office.decide(who.user.name)
    assert office.value("request", request, "status") == found.end == "done"


def test_a_hidden_value_is_not_told_by_a_condition(office_with):
    """Neither the condition nor what another value would change: both tell of what is hidden from the one who asks."""
    office = office_with(LEAD, "{id: odd, when: \"coalesce(secret, 'x') == 'a'\", approvers: user(chief)}")
    mine = previewed(office, "ann", made(office))
    theirs = previewed(office, "root", made(office, "root"))
    assert [len(found.steps[1].conditions) for found in (mine, theirs)] == [0, 1]
    assert [[each.field for each in found.what_ifs] for found in (mine, theirs)] == [[], ["secret"]]


NUMBERS = st.integers(-(10**6), 10**6)


@given(limit=NUMBERS, operator=st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), is_left=st.booleans())
def test_boundaries_lie_on_both_sides(limit, operator, is_left):
    """Of any comparison one value makes it true and one makes it false."""
    text = f"amount {operator} {limit}" if is_left else f"{limit} {operator} amount"
    model = project(
        f'form: note\nlabel: 单\nfields: {{amount: {{type: integer, required: true}}, is_it: {{type: boolean, compute: "{text}"}}}}\n'
    )
    form = model.form_by_id["note"]
    condition = form.by_id["is_it"].compute
    assert condition is not None
    found = boundaries_of(form, [condition], lambda node: evaluate(node, Environment()))

    class Row:
        form = "note"
        id = 1

        def __init__(self, value):
            self.value = value

        def get(self, field):
            return self.value

        def rows(self, collection):
            return ()

    outcomes = {evaluate(condition, Environment(roots={"record": Row(each.value)})) for each in found}
    assert outcomes == {True, False}
