"""What a query that evaluates expressions may be refused for, told as `evaluate` tells it.

A driver hands on which statement failed but not the record, so the message names the kinds of causes.
"""

from sqlalchemy.exc import DBAPIError

from orderkit.model.expressions.evaluation import EvaluationError
from orderkit.model.labels import label

_SEVERAL = label(zh="找到多条记录，不知道取哪一条", en="several records fit where one is meant")
_NO_VALUE = label(
    zh="某条记录上的表达式没有结果：数字太大、日期超出范围，或文本不能转换",
    en="an expression has no value for some record: a number is too large, "
    "a date out of range, or a text cannot be converted",
)
_TOO_DEEP = label(
    zh="表达式嵌套太深，SQLite 读不了：把它拆成几个字段",
    en="the expression nests more deeply than SQLite can read: split it into several fields",
)
_CARDINALITY = "21000"
# 22000 is what a range says whose bounds are in the wrong order, see `moments._within_years`.
_DATA_STATES = frozenset({"22000", "22003", "22007", "22008", "22P02"})
_SQLITE_SIGNS = ("user-defined function raised", "user-defined aggregate", "integer overflow")
_DRIVER_SIGNS = ("date too large", "timestamp too large", "date too small", "timestamp too small")


def evaluation_failure(error: DBAPIError) -> EvaluationError | None:
    """Return the refusal that a driver's exception means, or None where it is about something else."""
    text = str(error.orig)
    state = getattr(error.orig, "sqlstate", None)
    if state == _CARDINALITY or "user-defined aggregate's 'step'" in text:
        return EvaluationError(_SEVERAL)
    if any(sign in text for sign in ("parser stack overflow", "Expression tree is too large")):
        return EvaluationError(_TOO_DEEP)
    if state in _DATA_STATES or any(sign in text for sign in (*_SQLITE_SIGNS, *_DRIVER_SIGNS)):
        return EvaluationError(_NO_VALUE)
    return None
