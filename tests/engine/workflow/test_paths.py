"""Which step comes next: conditions, branches, and that a branch once taken is not left."""

import pytest

from orderkit.engine.workflow.approvals.paths import next_step
from orderkit.model.expressions.nodes import Literal
from orderkit.model.expressions.types import Text
from orderkit.model.labels import label
from orderkit.model.people import HasRole
from orderkit.model.workflow.workflows import Branch, Choose, Step


def step(name, when=None):
    return Step(id=name, label=label(en=name), approvers=HasRole("x"), when=condition(when))


def condition(name):
    return None if name is None else Literal(name, Text())


ITEMS = (
    step("lead"),
    step("finance", when="credit"),
    Choose(
        branches=(
            Branch(when=condition("custom"), steps=(step("tech"), step("plan", when="late"))),
            Branch(when=condition("repair"), steps=()),
            Branch(when=None, steps=(step("trade"),)),
        )
    ),
    step("director", when="large"),
)


def path(*true):
    found, after = [], None
    while (following := next_step(ITEMS, after, lambda each: each.value in true)) is not None:
        after = following.id
        found.append(after)
    return " ".join(found)


@pytest.mark.parametrize(
    ("true", "expected"),
    [
        ((), "lead trade"),
        (("credit",), "lead finance trade"),
        (("large",), "lead trade director"),
        (("custom",), "lead tech"),
        (("custom", "late", "large"), "lead tech plan director"),
        (("repair", "large"), "lead director"),
        (("custom", "repair"), "lead tech"),
    ],
)
def test_the_path_follows_the_conditions(true, expected):
    assert path(*true) == expected


def test_a_taken_branch_stays_taken_when_its_condition_changes():
    assert next_step(ITEMS, "tech", lambda each: each.value in {"late", "repair"}).id == "plan"
    assert next_step(ITEMS, "tech", lambda each: each.value == "large").id == "director"


def test_when_every_condition_fails_there_is_no_step():
    assert next_step((step("a", when="x"), step("b", when="y")), None, lambda each: False) is None
