"""Row rules as SQL, put together once in a process for each answer to what a rule asks beforehand.

A rule like `salesperson = me` asks who reads, the day, or what stands elsewhere, before any row is looked at.
That is asked anew every time; only what follows from the answers is kept.
"""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from dataclasses import field as made_by

from sqlalchemy import ColumnElement

from orderkit.database.expressions import SqlScope, compile_condition
from orderkit.engine.runtime import Runtime
from orderkit.model.expressions.evaluation import Environment, EvaluationError, Value, evaluate
from orderkit.model.expressions.nodes import Expression
from orderkit.model.forms import FormId

# More than a company has people and rules: days go by, and what is kept for them must not fill the memory.
MOST_KEPT = 5_000
_Answers = tuple[tuple[type, Hashable], ...]


@dataclass(slots=True)
class _OfRule:
    """What is kept of one rule: what it asks, which may hang on an answer before, and what came of the answers.

    The rule is held, so that nothing else gets its place in memory.
    """

    rule: Expression
    ways: dict[tuple[int, ...], tuple[tuple[Expression, ...], dict[_Answers, ColumnElement[bool]]]] = made_by(
        default_factory=dict
    )


class _Rules:
    def __init__(self) -> None:
        self.found: dict[tuple[int, FormId, tuple[str, str]], _OfRule] = {}
        self.count = 0


def known_condition(
    runtime: Runtime, rule: Expression, form_id: FormId, scope: SqlScope
) -> ColumnElement[bool]:
    """Return the condition of a rule on the form's own table, which `scope` has as the record."""
    rules = runtime.keep(_Rules, _Rules)
    # A template prints yes and no in the language of the reader, and asks nothing for it.
    key = (id(rule), form_id, scope.constants.yes_no)
    of_rule = rules.found.get(key)
    if of_rule is not None:
        for asked, by_answers in tuple(of_rule.ways.values()):
            answers = _answers(asked, scope.constants)
            if answers is not None and answers in by_answers:
                return by_answers[answers]
    noted: list[tuple[Expression, Value]] = []
    condition = compile_condition(rule, replace(scope, noted=noted))
    came = _as_key([value for _, value in noted])
    if came is not None:
        if rules.count >= MOST_KEPT:
            rules.found.clear()
            rules.count = 0
        asked = tuple(expression for expression, _ in noted)
        of_rule = rules.found.setdefault(key, _OfRule(rule))
        of_rule.ways.setdefault(tuple(map(id, asked)), (asked, {}))[1][came] = condition
        rules.count += 1
    return condition


def _answers(asked: tuple[Expression, ...], constants: Environment) -> _Answers | None:
    try:
        return _as_key([evaluate(each, constants) for each in asked])
    except EvaluationError:
        # Where an answer before is another, this is perhaps not asked at all.
        return None


def _as_key(values: list[Value]) -> _Answers | None:
    """Return answers as they are compared: a record by its id, which is all that a condition holds of it."""
    found = []
    for value in values:
        several = value if isinstance(value, list | tuple) else (value,)
        ids = [getattr(each, "id", each) for each in several]
        if not all(isinstance(each, Hashable) for each in ids):
            return None
        found.append((type(value), tuple((type(each), each) for each in ids)))
    return tuple(found)
