"""How types relate: their names for people, what two of them have in common, what can be ordered."""

from orderkit.model.expressions.types import (
    Address,
    Boolean,
    Choice,
    Date,
    DateTime,
    Duration,
    File,
    Json,
    ListOf,
    Many,
    Nothing,
    Number,
    Record,
    Rows,
    Text,
    Time,
    Type,
)
from orderkit.model.labels import Label, label

ORDERED = (Number, Date, DateTime, Time, Duration)
"""Types with `<`. Text is not among them: people of different languages order it differently."""


class CurrenciesDifferError(Exception):
    """Two amounts cannot be taken together; never leaves this package."""


_NAMES: dict[type, Label] = {
    Nothing: label(zh="空值", en="nothing"),
    Text: label(zh="文本", en="a text"),
    Boolean: label(zh="是/否", en="true or false"),
    Date: label(zh="日期", en="a date"),
    Time: label(zh="时间", en="a time"),
    DateTime: label(zh="日期时间", en="a date and time"),
    Duration: label(zh="时长", en="a duration"),
    Choice: label(zh="选项", en="a choice"),
    ListOf: label(zh="列表", en="a list"),
    File: label(zh="附件", en="a file"),
    Address: label(zh="地址", en="an address"),
    Json: label(zh="外部数据", en="outside data"),
}


def type_name(kind: Type) -> Label:
    """Return what people call a type, with an article in English."""
    match kind:
        case Number(currency=None):
            return label(zh="数字", en="a number")
        case Number(currency=str(currency)) if currency.startswith("="):
            path = currency.removeprefix("=")
            return label(zh=f"以 `{path}` 为币种的金额", en=f"an amount in the currency of `{path}`")
        case Number(currency=currency):
            return label(zh=f"{currency} 金额", en=f"an amount in {currency}")
        case Record(form):
            return label(zh=f"`{form}` 的记录", en=f"a record of `{form}`")
        case Many(Record(form)):
            return label(zh=f"`{form}` 的多条记录", en=f"several records of `{form}`")
        case Many(Choice()):
            return label(zh="多个选项", en="several choices")
        case Many():
            return label(zh="多个附件", en="several files")
        case Rows(form):
            return label(zh=f"`{form}` 的多行", en=f"rows of `{form}`")
        case _:
            return _NAMES[type(kind)]


def common_type(left: Type, right: Type) -> Type | None:
    """Return the type that takes both, or None. Raises CurrenciesDifferError."""
    match left, right:
        case (Nothing(), other) | (other, Nothing()):
            return other
        case Number(), Number():
            return Number(
                scale=max(left.scale, right.scale),
                currency=common_currency(left, right),
                is_ratio=left.is_ratio and right.is_ratio,
            )
        case Choice(), Choice():
            return left if left.options == right.options else Text()
        case ((Text() | Choice()), (Text() | Choice())):
            return Text()
        case ListOf(first), ListOf(second):
            of = common_type(first, second)
            return None if of is None else ListOf(of)
        case _:
            return left if left == right else None


def common_currency(left: Number, right: Number) -> str | None:
    """Return the currency of a sum; a plain number takes that of the other. Raises CurrenciesDifferError."""
    if left.currency is not None and right.currency is not None and left.currency != right.currency:
        raise CurrenciesDifferError
    return left.currency or right.currency
