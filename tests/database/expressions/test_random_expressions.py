"""The law behind the table of corners: whatever is right to write, SQL and the browser answer as Python does."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings

from orderkit.language.expressions import check_expression
from orderkit.model.expressions.evaluation import EvaluationError, evaluate
from orderkit.model.expressions.nodes import Expression
from orderkit.model.expressions.types import Json
from tests.database.expressions.strategies import expressions, order_lines, orders
from tests.support import world
from tests.support.node import Refused
from tests.support.progress import Progress
from tests.support.world import MemoryStore, Table, scope

# Making an expression smaller asks a database each time; without an end it would take minutes.
LAW = settings(
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
LONG = settings(LAW, max_examples=5000)
Answers = Callable[..., dict[int, Any]]


def assert_same(
    text: str, in_sql: Answers, in_browser: Answers, order: Mapping[str, Any], lines: Any
) -> None:
    note(text)
    checked = check_expression(text, scope())
    if checked.expression is None:
        # Only size, and a text that is no option, may be wrong with what the strategy makes.
        found = {problem.code.id for problem in checked.problems}
        assert found <= {"OK3002", "OK3007", "OK3015"}, checked.problems
        return
    more = _records(order, lines)
    store = MemoryStore({form: {**table, **more.get(form, {})} for form, table in world.tables().items()})
    wanted = {key: _python(checked.expression, store, key) for key in store.tables["order"]}
    assert in_browser(checked.expression, store=store) == wanted
    # A query is refused as a whole, so each record that Python refuses is asked for by itself.
    refused = [key for key, value in wanted.items() if value == REFUSED]
    filled = {key: value for key, value in wanted.items() if value != REFUSED}
    assert in_sql(checked.expression, more=more, without=refused) == filled
    for key in refused:
        with pytest.raises(EvaluationError):
            in_sql(checked.expression, more=more, only=key)


def _records(order: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> dict[str, Table]:
    base = {"revision": 1, "created_at": world.NOW, "updated_at": world.NOW}
    return {
        "order": {FIRST: {**base, **order, "id": FIRST}},
        "order.lines": {
            FIRST + place: {**line, "id": FIRST + place, "order": FIRST, "position": place}
            for place, line in enumerate(lines)
        },
    }


class _Refused:
    """Python's refusal on one record. Equals each refusal of the browser."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Refused | _Refused)

    def __hash__(self) -> int:
        return 0


FIRST, REFUSED = 1000, _Refused()


def _python(expression: Expression, store: MemoryStore, key: int) -> Any:
    try:
        found = evaluate(expression, store.environment(store.row("order", key)))
    except EvaluationError:
        return REFUSED
    if isinstance(found, list | tuple) and not isinstance(expression.type, Json):
        return tuple(getattr(each, "id", each) for each in found)
    return getattr(found, "id", found)


@given(text=expressions(2), order=orders(), lines=order_lines())
@settings(LAW, max_examples=200)
def test_the_evaluators_agree(
    text: str, order: Any, lines: Any, in_sql: Answers, in_browser: Answers
) -> None:
    assert_same(text, in_sql, in_browser, order, lines)


@pytest.mark.soak
@given(text=expressions(4), order=orders(), lines=order_lines())
@LONG
def test_the_evaluators_agree_for_long(
    text: str, order: Any, lines: Any, *, in_sql: Answers, in_browser: Answers, progress: Progress
) -> None:
    assert_same(text, in_sql, in_browser, order, lines)
    progress.step(of=LONG.max_examples)
