"""Evaluating expressions in Python: the first of the evaluators, and the measure of the others.

`evaluate` takes a checked tree and an `Environment`. A tree is made into closures once (`closures`)
and then runs without looking at nodes again.
"""

from orderkit.model.expressions.evaluation.closures import evaluate, holds
from orderkit.model.expressions.evaluation.environment import (
    Balances,
    Environment,
    EvaluationError,
    NoBalances,
    NoRecords,
    RowLike,
    RowStore,
    Value,
)

__all__ = [
    "Balances",
    "Environment",
    "EvaluationError",
    "NoBalances",
    "NoRecords",
    "RowLike",
    "RowStore",
    "Value",
    "evaluate",
    "holds",
]
