"""Amounts of money."""

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field, ValidationInfo, model_validator

from orderkit.fields.exact_number import ExactNumber, ExactOptions
from orderkit.fields.field_type import Accepts, Invalid, Rejects
from orderkit.fields.numerals import MAX_TEXT, normalised
from orderkit.model.expressions.types import Number
from orderkit.model.labels import label as bilingual
from orderkit.model.options import About

_MARKS = {
    "¥": ("CNY", "JPY"),
    "元": ("CNY",),
    "圆": ("CNY",),
    "RMB": ("CNY",),
    "$": ("USD",),
    "€": ("EUR",),
    "£": ("GBP",),
}
_MARK = re.compile(
    r"(?P<sign>[+-]?)\s*(?P<before>[¥$€£]|[A-Za-z]{3})?\s*(?P<number>[^¥$€£元圆A-Za-z]*?)\s*(?P<after>[¥$€£元圆]|[A-Za-z]{3})?"
)


class MoneyOptions(ExactOptions):
    """`currency` is an ISO 4217 code, or `=` and the path of a field that holds one.

    Left out, it is the project's (the compiler's context says it).
    """

    currency: Annotated[
        str | None,
        About(
            "货币，或 =字段；默认为项目的货币",
            "its currency, or `=field`; that of the project by default",
            "=currency",
        ),
    ] = Field(default=None, pattern=r"^([A-Z]{3}|=[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*)$")

    @model_validator(mode="before")
    @classmethod
    def _of_project(cls, data: Any, info: ValidationInfo) -> Any:
        if isinstance(data, dict) and info.context and "currency" not in data and "currency" in info.context:
            return {**data, "currency": info.context["currency"]}
        return data


class Money(ExactNumber[MoneyOptions]):
    """An amount in one currency, stored exactly."""

    name = "money"
    reader = "number"
    label = bilingual(zh="金额", en="Money")
    description = bilingual(zh="金额，如单价、合计", en="An amount, such as a price or a total")
    Options = MoneyOptions
    example_options = {"currency": "CNY"}
    examples = (
        Accepts("19.9", Decimal("19.90"), "19.90"),
        Accepts("￥1,234,567.895", Decimal("1234567.90"), "1,234,567.90"),
        Accepts("¥ 12", Decimal("12.00")),
        Accepts("-¥12", Decimal("-12.00"), "-12.00"),
        Accepts("CNY 12.5", Decimal("12.50")),
        Accepts("100元", Decimal("100.00")),
        Accepts("１２．５０", Decimal("12.50")),
        Accepts("", None, ""),
        Rejects("USD 5"),
        Rejects("$5"),
        Rejects("abc"),
        Rejects("¥"),
        Rejects("12345678901234567"),
    )

    def value_type(self, options: MoneyOptions) -> Number:
        """Return a number in the currency."""
        return Number(scale=options.scale, currency=options.currency)

    def numeral(self, options: MoneyOptions, text: str) -> str | Invalid:
        """Drop the currency's own marks; those of another currency are refused."""
        found = _MARK.fullmatch(normalised(text)) if len(text) <= MAX_TEXT else None
        if found is None:
            return text
        for mark in (found["before"], found["after"]):
            if mark is None or options.currency is None or options.currency.startswith("="):
                continue
            if options.currency not in _MARKS.get(mark.upper(), (mark.upper(),)):
                return Invalid(
                    bilingual(zh=f"币种不符：{mark}", en=f"another currency: {mark}"),
                    bilingual(zh=f"{options.currency} 金额", en=f"an amount in {options.currency}"),
                )
        return f"{found['sign']}{found['number']}"


TYPE = Money()
