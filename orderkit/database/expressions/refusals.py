"""Which parts of an expression may refuse a record: a number too large, a text that cannot be read.

Databases look at the parts of a condition in any order, and SQLite at all of them, so where a part may
refuse, the order of Python is written out.
"""

from orderkit.model.expressions.nodes import (
    Aggregate,
    AggregateFunction,
    Binary,
    Call,
    Expression,
    Find,
    Get,
    IfElse,
)
from orderkit.model.expressions.tree import walk
from orderkit.model.expressions.types import Date, DateTime, Number, Record, Type
from orderkit.model.project import Project
from orderkit.model.values.numbers import limit_of

_NEVER = frozenset(
    {
        "abs", "contains", "day", "days_between", "ends_with", "len", "lower", "month", "now", "starts_with", "text",
        "today", "trim", "upper", "workdays_between", "year",
    }
)  # fmt: skip
_ALIKE = frozenset({"coalesce", "greatest", "least"})
_SUMS = frozenset({AggregateFunction.SUM, AggregateFunction.AVG})


def may_refuse(expression: Expression, project: Project) -> bool:
    """Return whether some record may be refused; virtual fields are looked into."""
    return any(_may_refuse(node, project) for node in walk(expression))


def _may_refuse(node: Expression, project: Project) -> bool:
    match node:
        case Binary(type=Number()):
            return True
        case IfElse(then=then, otherwise=otherwise, type=kind):
            return is_widened(then.type, kind) or is_widened(otherwise.type, kind)
        case Call(function=name, arguments=arguments, type=kind) if name in _ALIKE:
            return any(is_widened(each.type, kind) for each in arguments)
        case Call(function="date" | "datetime", arguments=(argument,)):
            return not isinstance(argument.type, Date | DateTime)
        case Call(function=name):
            return name not in _NEVER
        case Aggregate(function=function):
            return function in _SUMS
        case Find(by=by):
            return by is None
        case Get(base=base, field=name) if isinstance(base.type, Record):
            form = project.row_form_by_id[base.type.form]
            virtual = form.by_id[name].virtual if name in form.by_id else None
            return virtual is not None and may_refuse(virtual, project)
        case _:
            return False


def is_widened(part: Type, whole: Type) -> bool:
    """Return whether a number gets so many more decimal places that it may have no room before the point."""
    return (
        isinstance(part, Number)
        and isinstance(whole, Number)
        and limit_of(part.scale) != limit_of(whole.scale)
    )
