"""Which expressions a page can answer by itself, because they read nothing that it does not hold.

A page that edits a record holds the record's own fields and its lines, and who is looking. It holds no
other record, neither one that is referred to nor one that refers here, no titles and no labels.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from orderkit.model.expressions.nodes import (
    Aggregate,
    Balance,
    Binary,
    Call,
    Changed,
    Each,
    Expression,
    Find,
    Get,
    IfElse,
    IsEmpty,
    Items,
    Literal,
    Root,
    Structure,
    Template,
    TemplatePart,
    Unary,
)
from orderkit.model.expressions.types import (
    Address,
    Boolean,
    Choice,
    Date,
    DateTime,
    Duration,
    File,
    Json,
    Many,
    Nothing,
    Number,
    Record,
    Rows,
    Text,
    Time,
)
from orderkit.model.forms import Form

FUNCTIONS = frozenset(
    {
        "abs", "add_days", "add_months", "coalesce", "concat", "contains", "convert", "date", "datetime", "day",
        "days_between", "ends_with", "greatest", "json_boolean", "json_date", "json_datetime", "json_number",
        "json_text", "least", "len", "lower", "month", "now", "number", "replace",
        "rmb_upper", "round", "starts_with", "text", "today", "trim", "upper", "workdays_between", "year",
    }
)  # fmt: skip
"""The functions that the browser has."""

KINDS = (
    Nothing, Text, Choice, Number, Boolean, Date, DateTime, Time, Duration, Record, File, Many, Address, Json,
)  # fmt: skip
"""The types of single values and of several in one field; rows are taken together by aggregates."""

_ROOTS = frozenset({"record", "old", "value", "me"})


@dataclass(frozen=True, slots=True, kw_only=True)
class OnPage:
    """What a page holds.

    Args:
        roots: names that stand for a record or a value of the page.
        fields: of each form, the fields and collections that a record of the page shows.
        parents: of each lines form, the field that names the parent, which is on the page as well.
    """

    roots: frozenset[str] = _ROOTS
    fields: Mapping[str, frozenset[str]] = field(default_factory=dict)
    parents: Mapping[str, str] = field(default_factory=dict)


def page_of(form: Form, lines: Iterable[Form]) -> OnPage:
    """Return what the page of a record holds: its stored fields, its lines with theirs, and `me.id`."""
    held = {each.id: each for each in (form, *lines)}
    fields = {"user": frozenset({"id"})}
    for each in held.values():
        stored = {own.id for own in each.fields if own.virtual is None}
        collections = {own.id for own in each.collections if own.is_lines and own.form in held}
        fields[each.id] = frozenset({"id", *stored, *collections})
    parents = {own.form: own.via for each in held.values() for own in each.collections if own.is_lines}
    return OnPage(fields=fields, parents=parents)


def is_local(expression: Expression, page: OnPage) -> bool:
    """Return whether the browser can answer: the expression reads only what is on the page."""
    return _is_local(expression, page, frozenset())


def _is_local(expression: Expression, page: OnPage, bound: frozenset[str]) -> bool:  # noqa: C901 - one case a node
    def are_local(*parts: Expression | None) -> bool:
        return all(part is None or _is_local(part, page, bound) for part in parts)

    match expression:
        case Literal():
            return True
        case Root(name=name, type=kind):
            return isinstance(kind, KINDS) and (name in bound or name in page.roots)
        case Get(base=base) if isinstance(base.type, Address | Json):
            # Parts of an address and members of outside data are where the whole is.
            return are_local(base)
        case Get(base=base, type=kind):
            return isinstance(kind, KINDS) and _is_shown(expression, page) and _is_held(base, page, bound)
        case Unary(operand=operand) | IsEmpty(operand=operand):
            return are_local(operand)
        case Binary(left=left, right=right):
            return are_local(left, right)
        case IfElse(test=test, then=then, otherwise=otherwise):
            return are_local(test, then, otherwise)
        case Items(items=items):
            return are_local(*items)
        case Call(function=name, arguments=arguments):
            return name in FUNCTIONS and are_local(*arguments)
        case Aggregate(rows=rows, row=row, value=value, where=where):
            inside = bound | {row}
            return _is_held_collection(rows, page, bound) and all(
                part is None or _is_local(part, page, inside) for part in (value, where)
            )
        case Changed():
            return "record" in page.roots
        case Template(parts=parts):
            return all(_is_printable(part) for part in parts) and are_local(
                *(part.expression for part in parts)
            )
        case Balance() | Find() | Structure() | Each():
            return False
        case _:
            assert_never(expression)


def _is_shown(expression: Get, page: OnPage) -> bool:
    kind = expression.base.type
    return isinstance(kind, Record) and expression.field in page.fields.get(kind.form, ())


def _is_held(expression: Expression, page: OnPage, bound: frozenset[str]) -> bool:
    """Return whether the record itself is on the page, not only its id."""
    match expression:
        case Root(type=Record()):
            return _is_local(expression, page, bound)
        case Get(base=base, field=name) if isinstance(base.type, Record):
            return page.parents.get(base.type.form) == name and _is_held(base, page, bound)
        case _:
            return False


def _is_held_collection(rows: Expression, page: OnPage, bound: frozenset[str]) -> bool:
    return (
        isinstance(rows, Get)
        and isinstance(rows.type, Rows)
        and _is_shown(rows, page)
        and _is_held(rows.base, page, bound)
    )


def _is_printable(part: TemplatePart) -> bool:
    """Return whether a part prints no label of a choice, no title of a record, and no data of any shape."""
    match part.expression:
        case None:
            return True
        case Get(type=Choice()):
            return False
        case found:
            return not isinstance(found.type, Record | Json)
