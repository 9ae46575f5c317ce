"""Percentages, kept as ratios."""

from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field

from orderkit.fields.exact_number import ExactNumber, ExactOptions
from orderkit.fields.field_type import Accepts, Invalid, Rejects
from orderkit.fields.numerals import fitted, normalised, read_number, shown_number
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Number
from orderkit.model.labels import label as bilingual
from orderkit.model.options import About, WrongOption
from orderkit.model.values.numbers import EXACT, plain_text


def _ratio(value: object) -> object:
    """Return a bound as a ratio, also where it is written `100%`."""
    if isinstance(value, str) and value.strip().endswith("%"):
        number = read_number(value.strip().removesuffix("%"))
        return value if isinstance(number, Invalid) else number.scaleb(-2, EXACT)
    if isinstance(value, str):
        number = read_number(value)
        if not isinstance(number, Invalid) and abs(number) > 1:
            raise WrongOption(
                bilingual(
                    zh=f"说不清是 {value}% 还是它的一百倍；写 `{value}%`",
                    en=f"it may mean {value}% or a hundred times that; write `{value}%`",
                )
            )
    return value


_Ratio = Annotated[Decimal | None, BeforeValidator(_ratio)]


class PercentOptions(ExactOptions):
    """All in ratios: `max: 1` is `max: 100%`, and `scale: 4` keeps two places of the percentage."""

    min: Annotated[_Ratio, About("最小值", "the least value", "0%")] = None
    max: Annotated[_Ratio, About("最大值", "the greatest value", "100%")] = None

    scale: Annotated[
        int,
        About("比率的小数位数，4 即百分数两位", "places of the ratio; 4 keeps two of the percentage", "3"),
    ] = Field(default=4, ge=2, le=12)


class Percent(ExactNumber[PercentOptions]):
    """A ratio. People type and read `15%`; a text without the sign, `15`, means the same.

    A number that is not text (a cell of Excel, a value of the API) is the ratio itself: 0.15.
    """

    name = "percent"
    reader = "percent"
    label = bilingual(zh="百分比", en="Percent")
    description = bilingual(zh="百分比，如折扣、税率", en="A percentage, such as a discount or a tax rate")
    Options = PercentOptions
    examples = (
        Accepts("15%", Decimal("0.1500"), "15%"),
        Accepts("15", Decimal("0.1500"), "15%"),
        Accepts("１２．５％", Decimal("0.1250"), "12.5%"),
        Accepts("0.15", Decimal("0.0015"), "0.15%"),
        Accepts("-3 %", Decimal("-0.0300"), "-3%"),
        Accepts("1,200%", Decimal("12.0000"), "1,200%"),
        Accepts("", None, ""),
        Rejects("%"),
        Rejects("15%%"),
        Rejects("many"),
    )

    def value_type(self, options: PercentOptions) -> Number:
        """Return a ratio."""
        return Number(scale=options.scale, is_ratio=True)

    def numeral(self, options: PercentOptions, text: str) -> str:
        """Drop one percent sign."""
        return normalised(text).removesuffix("%")

    def parse(self, options: PercentOptions, text: str) -> Decimal | Invalid | None:
        """Read a percentage and return the ratio."""
        if not text.strip():
            return None
        number = read_number(self.numeral(options, text))
        return number if isinstance(number, Invalid) else fitted(number.scaleb(-2, EXACT), options.scale)

    def show(self, options: PercentOptions, value: Scalar, locale: str) -> str:
        """Return the percentage without needless zeros."""
        if not isinstance(value, int | Decimal):
            return ""
        percentage = Decimal(value).scaleb(2, EXACT)
        places = len(plain_text(percentage).partition(".")[2])
        return shown_number(percentage, places, locale) + "%"

    def edit_text(self, options: PercentOptions, value: Scalar) -> str:
        """Return the percentage with its sign."""
        if not isinstance(value, int | Decimal):
            return ""
        return plain_text(Decimal(value).scaleb(2, EXACT)) + "%"


TYPE = Percent()
