"""Checks what looks at many rows: aggregates over a collection, `find`, and `x in lines.product`."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orderkit.language.expressions.fitting import READABLE, converted
from orderkit.language.expressions.kinship import ORDERED, type_name
from orderkit.language.expressions.naming import NamedWord
from orderkit.language.expressions.problems import (
    NOT_STORABLE,
    UNKNOWN_NAME,
    WRONG_ARGUMENTS,
    WRONG_COLLECTION,
    WRONG_TYPE,
    mended,
)
from orderkit.language.expressions.syntax.tree import (
    Attribute,
    CallSyntax,
    Infix,
    Keyword,
    Name,
    Prefix,
    Syntax,
    children,
    path_of,
)
from orderkit.language.findings.nearest import by_label, did_you_mean
from orderkit.model.expressions.nodes import (
    Aggregate,
    AggregateFunction,
    Binary,
    BinaryOperator,
    Expression,
    Find,
    Literal,
)
from orderkit.model.expressions.types import (
    DIVISION_SCALE,
    Boolean,
    Json,
    Number,
    Record,
    Rows,
    Text,
    Type,
)
from orderkit.model.labels import Label, label

if TYPE_CHECKING:
    from orderkit.language.expressions.checking import Checker

NAMES = frozenset(AggregateFunction)
_WITHOUT_VALUE = frozenset({"count", "any", "first", "last"})


@dataclass(frozen=True, slots=True)
class Found:
    """A part that was recognised; `expression` is None where it is broken."""

    expression: Expression | None


def aggregate(checker: "Checker", syntax: CallSyntax) -> Expression | None:
    """Check `sum(lines.qty, where=…)`."""
    name = syntax.function
    if len(syntax.arguments) != 1:
        other = {"min": "least", "max": "greatest"}.get(name)
        checker.report(
            syntax.start,
            syntax.end,
            WRONG_ARGUMENTS,
            label(zh=f"`{name}` 要一个参数", en=f"`{name}` takes one argument"),
            label(zh=f"几个值之间用 `{other}(…)`", en=f"use `{other}(…)` between values")
            if other and len(syntax.arguments) > 1
            else label(zh=f"例如 `{name}(lines.qty)`", en=f"such as `{name}(lines.qty)`"),
        )
        return None
    where = keyword_of(checker, syntax, frozenset({"where"})).get("where")
    (argument,) = syntax.arguments
    prefix = _one_prefix(checker, name, argument)
    if prefix is None:
        return None
    is_whole = path_of(argument) == prefix
    rows = checker.check(argument) if is_whole else _resolved(checker, prefix)
    if rows is None or not isinstance(rows.type, Rows):
        return None
    with checker.row(rows.type.form, prefix) as row:
        value = None if is_whole else checker.check(argument)
        condition = checker.check_as(where.value, Boolean()) if where is not None else None
    if (value is None and not is_whole) or (condition is None and where is not None):
        return None
    kind = _result(checker, name, argument, value, rows.type)
    if kind is None:
        return None
    if name == "any" and value is None:
        value = Literal(True, Boolean())
    if name in ("first", "last") and value is None:
        value = row
    return Aggregate(AggregateFunction(name), rows, row.name, value, condition, kind)


def find(checker: "Checker", syntax: CallSyntax) -> Expression | None:
    """Check `find(form, condition, by=-valid_from)`."""
    if checker.scope.is_stored:
        checker.report(
            syntax.start,
            syntax.name_end,
            NOT_STORABLE,
            label(zh="`compute` 不能用 `find`", en="a `compute` cannot use `find`"),
            label(
                zh="用 `copy` 在输入时带出，或用引用字段",
                en="take the value with `copy`, or follow a reference",
            ),
        )
        return None
    if len(syntax.arguments) != 2:
        checker.report(
            syntax.start,
            syntax.end,
            WRONG_ARGUMENTS,
            label(
                zh="`find` 要两个参数：表单和条件", en="`find` takes two arguments: a form and a condition"
            ),
            label(
                zh="例如 `find(product, sku == this.code)`", en="such as `find(product, sku == this.code)`"
            ),
        )
        return None
    by = keyword_of(checker, syntax, frozenset({"by"})).get("by")
    target, condition = syntax.arguments
    form = ".".join(path_of(target))
    forms = {name: each for name, each in checker.scope.forms.items() if each.is_found}
    if form not in forms:
        labels = by_label((text, each) for each, scope in forms.items() for text in scope.label.values())
        checker.report(
            target.start,
            target.end,
            UNKNOWN_NAME,
            label(zh=f"没有表单 `{form}`", en=f"there is no form `{form}`")
            if form
            else label(zh="这里要写表单的标识", en="the id of a form must stand here"),
            did_you_mean(form, forms, labels) if form else None,
            mend=mended(target.start, target.end, form, forms, labels) if form else None,
            candidates=forms,
        )
        return None
    checker.names.append(NamedWord(target.start, target.end, "form", form))
    with checker.row(form, None) as row:
        where = checker.check_as(condition, Boolean())
        order = by.value if by is not None else None
        descending = isinstance(order, Prefix) and order.operator == "-"
        if isinstance(order, Prefix) and descending:
            order = order.operand
        key = _order_key(checker, order) if order is not None else None
    if where is None or (order is not None and key is None):
        return None
    return Find(form, row.name, where, key, descending, Record(form))


def membership(checker: "Checker", syntax: Infix) -> Found | None:
    """Check `product in lines.product`, or return None where the right side is no field of rows."""
    path = path_of(syntax.right)
    prefix = collection_prefix(checker, path) if path else None
    if prefix is None:
        return None
    rows = _resolved(checker, prefix)
    if rows is None or not isinstance(rows.type, Rows):
        return Found(None)
    left = checker.check(syntax.left)
    with checker.row(rows.type.form, prefix) as row:
        value = checker.check(syntax.right)
    if left is None or value is None:
        return Found(None)
    is_read = isinstance(left.type, Json) and (isinstance(value.type, READABLE) or left.type.is_broken)
    if left.type != value.type and not is_read:
        first, second = type_name(left.type), type_name(value.type)
        checker.report(
            syntax.start,
            syntax.end,
            WRONG_TYPE,
            label(
                zh=f"`in` 两边不同：{first['zh']}和{second['zh']}",
                en=f"`in` has {first['en']} on the left and {second['en']} on the right",
            ),
        )
        return Found(None)
    if is_read:
        left = converted(left, value.type)
    elif isinstance(value.type, Json):
        left, value = converted(left, Text()), converted(value, Text())
    test = Binary(BinaryOperator.EQUAL, left, value, Boolean())
    return Found(Aggregate(AggregateFunction.ANY, rows, row.name, test, None, Boolean()))


def keyword_of(checker: "Checker", syntax: CallSyntax, allowed: frozenset[str]) -> dict[str, Keyword]:
    """Return the keyword arguments by name, unknown ones reported."""
    found: dict[str, Keyword] = {}
    for keyword in syntax.keywords:
        if keyword.name in allowed:
            found[keyword.name] = keyword
            continue
        checker.report(
            keyword.start,
            keyword.start + len(keyword.name),
            WRONG_ARGUMENTS,
            label(
                zh=f"`{syntax.function}` 没有参数 `{keyword.name}`",
                en=f"`{syntax.function}` has no argument `{keyword.name}`",
            ),
            did_you_mean(keyword.name, allowed),
            mend=mended(keyword.start, keyword.start + len(keyword.name), keyword.name, allowed),
        )
    return found


def collection_prefix(checker: "Checker", path: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the part of a path that names a collection: `lines` of `lines.product.name`."""
    started = checker.row_of(path)
    if started is not None:
        kind: Type = started[0].type
        rest, taken = started[1], len(path) - len(started[1])
    else:
        first = checker.resolve(path[0])
        if first is None:
            return None
        kind, rest, taken = first.type, path[1:], 1
    for name in (*rest, ""):
        if isinstance(kind, Rows):
            return path[:taken]
        form = checker.form_of(kind)
        if form is None or not name:
            return None
        if name in form.fields:
            kind = form.fields[name].type
        elif name in form.collections:
            kind = Rows(form.collections[name])
        else:
            return None
        taken += 1
    return None


def _one_prefix(checker: "Checker", name: str, argument: Syntax) -> tuple[str, ...] | None:
    prefixes = dict.fromkeys(_prefixes(checker, argument))
    if len(prefixes) == 1:
        return next(iter(prefixes))
    if not prefixes:
        before = len(checker.problems)
        checker.check(argument)
        if len(checker.problems) > before:
            return None
        headline: Label = label(zh=f"`{name}` 要一个集合", en=f"`{name}` takes a collection")
        help_ = label(
            zh=f"写出集合的名字，例如 `{name}(lines.qty)`",
            en=f"name the collection, such as `{name}(lines.qty)`",
        )
    else:
        names = ", ".join(f"`{'.'.join(each)}`" for each in prefixes)
        headline = label(
            zh=f"`{name}` 里有几个集合：{names}", en=f"`{name}` goes over several collections: {names}"
        )
        help_ = label(zh="分开计算再相加", en="take each by itself, then add")
    checker.report(argument.start, argument.end, WRONG_COLLECTION, headline, help_)
    return None


def _prefixes(checker: "Checker", syntax: Syntax) -> list[tuple[str, ...]]:
    path = path_of(syntax)
    if path:
        prefix = collection_prefix(checker, path)
        return [] if prefix is None else [prefix]
    if isinstance(syntax, CallSyntax) and (syntax.function in NAMES or syntax.function == "find"):
        return []
    return [prefix for child in children(syntax) for prefix in _prefixes(checker, child)]


def _resolved(checker: "Checker", path: tuple[str, ...]) -> Expression | None:
    syntax: Syntax = Name(name=path[0], start=0, end=0)
    for name in path[1:]:
        syntax = Attribute(base=syntax, name=name, name_start=0, start=0, end=0)
    return checker.check(syntax)


def _order_key(checker: "Checker", order: Syntax) -> Expression | None:
    found = checker.check(order)
    if found is None or isinstance(found.type, ORDERED):
        return found
    name = type_name(found.type)
    checker.report(
        order.start,
        order.end,
        WRONG_TYPE,
        label(zh=f"不能按{name['zh']}排序", en=f"cannot order by {name['en']}"),
        label(zh="用数字或日期", en="use a number or a date"),
    )
    return None


def _result(
    checker: "Checker", name: str, argument: Syntax, value: Expression | None, rows: Rows
) -> Type | None:
    kind = value.type if value is not None else None
    if kind is None and name in _WITHOUT_VALUE:
        whole: dict[str, Type] = {"count": Number(), "any": Boolean()}
        return whole.get(name, Record(rows.form))
    help_: Label | None = None
    match name, kind:
        case "count", Boolean():
            help_ = label(zh="条件写在 `where=` 里", en="write the condition as `where=`")
        case "count", _:
            return Number()
        case (("any" | "all"), Boolean()):
            return Boolean()
        case "sum", Number():
            return kind
        case "avg", Number(currency=currency):
            return Number(DIVISION_SCALE, currency)
        case (("min" | "max"), _) if isinstance(kind, ORDERED):
            return kind
        case (("first" | "last"), _) if kind is not None and not isinstance(kind, Rows | Json):
            return kind
        case _:
            help_ = None
    if kind is None:
        headline = label(zh=f"`{name}` 不知道要哪一列", en=f"`{name}` does not say of what")
        help_ = label(
            zh=f"写出字段，例如 `{name}(lines.qty)`", en=f"name a field, such as `{name}(lines.qty)`"
        )
        code = WRONG_ARGUMENTS
    else:
        of = type_name(kind)
        headline = label(zh=f"`{name}` 不能用于{of['zh']}", en=f"`{name}` does not take {of['en']}")
        code = WRONG_TYPE
    checker.report(argument.start, argument.end, code, headline, help_)
    return None
