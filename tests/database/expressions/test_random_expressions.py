"""The law behind the table of corners: whatever is right to write, SQL answers as Python does."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings

from orderkit.language.expressions import check_expression
from orderkit.model.evaluation import EvaluationError
from tests.database.expressions.conftest import in_python
from tests.database.expressions.strategies import expressions
from tests.support.world import scope

# Making an expression smaller asks a database each time; without an end it would take minutes.
LAW = settings(
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
Answers = Callable[..., dict[int, Any]]


def assert_same(text: str, in_sql: Answers) -> None:
    note(text)
    checked = check_expression(text, scope())
    if checked.expression is None:
        # Only size may be wrong with what the strategy makes.
        assert {problem.code.id for problem in checked.problems} <= {"OK3002", "OK3015"}, checked.problems
        return
    try:
        wanted = in_python(checked.expression)
    except EvaluationError:
        return
    assert in_sql(checked.expression) == wanted


@given(text=expressions(2))
@settings(LAW, max_examples=100)
def test_sql_answers_as_python_does(text: str, in_sql: Answers) -> None:
    assert_same(text, in_sql)


@pytest.mark.soak
@given(text=expressions(4))
@settings(LAW, max_examples=5000)
def test_sql_answers_as_python_does_for_long(text: str, in_sql: Answers) -> None:
    assert_same(text, in_sql)
