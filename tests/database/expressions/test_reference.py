"""The tables of `docs/reference/expressions.md` are true, in Python, on both databases and in the browser."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from orderkit.model.expressions.evaluation import EvaluationError
from orderkit.model.expressions.types import Number
from tests.database.expressions.conftest import in_python
from tests.support.node import Refused
from tests.support.world import expression

DOCUMENT = Path(__file__).parents[3] / "docs" / "reference" / "expressions.md"
ROW = re.compile(r"^\| `([^|]+)` \| (.+) \|$", re.MULTILINE)

Answers = Callable[..., dict[int, Any]]

# Order 3 of the world is empty all over and has no rows. Order 1 is full, and its `original` is empty.
EMPTY_ORDER, FULL_ORDER = 3, 1
NAMES = {
    EMPTY_ORDER: {"null_number": "total", "null_text": "code", "null_record": "customer", "no_rows": "lines"},
    FULL_ORDER: {
        "null_number": "original.total",
        "null_text": "original.code",
        "null_span": "original.took",
        "null_tags": "original.tags",
        "null_address": "original.ship_to",
    },
}


def _rows() -> list[tuple[str, str, int]]:
    text = DOCUMENT.read_text(encoding="utf-8")
    tables = re.findall(r"^\| expression \| result \|\n\|---\|---\|\n((?:\|.*\n)+)", text, re.MULTILINE)
    assert len(tables) == 7
    return [
        (*row, EMPTY_ORDER if place < 4 else FULL_ORDER)
        for place, table in enumerate(tables)
        for row in ROW.findall(table)
    ]


def _meant(result: str) -> Any:
    if result.startswith("`"):
        return result.strip("`")
    if result in ("empty", "true", "false"):
        return {"empty": None, "true": True, "false": False}[result]
    return date.fromisoformat(result) if re.fullmatch(r"\d{4}-\d\d-\d\d", result) else Decimal(result)


@pytest.mark.parametrize(("text", "result", "order"), _rows(), ids=[text for text, _, _ in _rows()])
def test_a_line_of_the_tables(
    text: str, result: str, order: int, in_sql: Answers, in_browser: Answers
) -> None:
    for name, field in NAMES[order].items():
        text = text.replace(name, field)
    tree = expression(text)
    if result == "error":
        for evaluator in (in_python, in_sql):
            with pytest.raises(EvaluationError):
                evaluator(tree, only=order)
        assert isinstance(in_browser(tree)[order], Refused)
        return
    answers = [in_python(tree, only=order), in_sql(tree, only=order), in_browser(tree)]
    answers = [each[order] for each in answers]
    assert answers == [_meant(result)] * 3
    for answer in answers:
        is_number = isinstance(answer, int | Decimal) and not isinstance(answer, bool)
        assert is_number == (isinstance(tree.type, Number) and answer is not None)
