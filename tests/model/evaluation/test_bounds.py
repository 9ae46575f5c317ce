"""An evaluation ends soon and stays small, whatever it is given; what would not is refused in both languages."""

import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from orderkit.model.expressions.evaluation import Environment, EvaluationError, evaluate
from orderkit.model.expressions.evaluation.environment import MAX_ROWS
from orderkit.model.expressions.evaluation.texts import MAX_CHARACTERS
from tests.support import world


def refusal(text: str, environment: Environment) -> str:
    """Return why an expression is refused, in English."""
    with pytest.raises(EvaluationError) as refused:
        evaluate(world.expression(text), environment)
    assert set(refused.value.explain) == {"zh", "en"}
    return refused.value.explain["en"]


def with_code(code: str) -> Environment:
    return Environment(roots={"record": {"code": code}}, timezone=ZoneInfo("Asia/Shanghai"))


def doubled(times: int) -> str:
    """Return an expression that doubles a text so many times."""
    text = "code"
    for _ in range(times):
        text = f"replace({text}, 'a', 'aa')"
    return text


def test_a_text_grows_up_to_the_bound_only() -> None:
    half = "a" * (MAX_CHARACTERS // 2)
    whole = evaluate(world.expression("concat(code, code)"), with_code(half))
    assert isinstance(whole, str)
    assert len(whole) == MAX_CHARACTERS
    for text in ("concat(code, code, 'a')", "code + code + 'a'", "replace(code, 'a', 'aaa')"):
        assert "too long" in refusal(text, with_code(half))


def test_doubling_ends_at_the_bound_and_at_once() -> None:
    started = time.monotonic()
    assert "too long" in refusal(doubled(40), with_code("aaaa"))
    assert time.monotonic() - started < 2


class Crowd:
    """A record with very many rows, each of which has as many."""

    form, id = "order", 1

    def get(self, field: str) -> Any:
        return None if field != "customer" else self

    def rows(self, collection: str) -> list["Crowd"]:
        return [self] * 2000


def test_rows_within_rows_are_counted_together() -> None:
    environment = Environment(roots={"record": Crowd()})
    assert evaluate(world.expression("count(repairs)"), environment) == 2000
    started = time.monotonic()
    assert f"{MAX_ROWS:,}" in refusal("count(repairs, where=count(lines) > 0)", environment)
    assert time.monotonic() - started < 10


def test_each_aggregate_of_its_own_may_look_at_as_many() -> None:
    environment = Environment(roots={"record": Crowd()})
    text = " + ".join(["count(repairs)"] * 40)
    assert evaluate(world.expression(text), environment) == 80_000


@pytest.mark.parametrize(
    "text",
    [
        "date(placed_at)",
        "text(placed_at)",
        "day(placed_at)",
        "concat(text(placed_at))",
        "datetime(ordered_on)",
    ],
)
@pytest.mark.parametrize("instant", [datetime.min, datetime.max])  # noqa: DTZ901 - made aware below
def test_the_ends_of_time_are_refused_or_answered(text: str, instant: datetime) -> None:
    tree = world.expression(text)
    for zone in ("Asia/Shanghai", "America/New_York"):
        row = {"placed_at": instant.replace(tzinfo=UTC), "ordered_on": instant.date()}
        environment = Environment(roots={"record": row}, timezone=ZoneInfo(zone))
        # Any other exception would not be a refusal but our mistake.
        with suppress(EvaluationError):
            evaluate(tree, environment)


def test_years_have_four_digits_on_every_machine() -> None:
    environment = replace(with_code(""), roots={"record": {"ordered_on": date(33, 4, 3)}})
    assert evaluate(world.expression("text(ordered_on)"), environment) == "0033-04-03"
