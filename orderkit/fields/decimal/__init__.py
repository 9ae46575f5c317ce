"""Decimal numbers, such as quantities."""

from decimal import Decimal as Exact
from typing import Annotated

from orderkit.fields.exact_number import ExactNumber, ExactOptions
from orderkit.fields.field_type import Accepts, Rejects
from orderkit.model.expressions.types import Number
from orderkit.model.labels import label as bilingual
from orderkit.model.options import About


class DecimalOptions(ExactOptions):
    """`unit` is shown after the number: a text (`kg`), or a path to a field (`product.unit`)."""

    unit: Annotated[
        str | None, About("单位：文字，或字段的路径", "its unit: a text, or the path of a field", "kg")
    ] = None


class Decimal(ExactNumber[DecimalOptions]):
    """A decimal number with a fixed number of places."""

    name = "decimal"
    reader = "number"
    label = bilingual(zh="小数", en="Decimal")
    description = bilingual(zh="小数，如数量、重量", en="A decimal number, such as a quantity or a weight")
    Options = DecimalOptions
    example_options = {"scale": 3}
    examples = (
        Accepts("1,234.5", Exact("1234.500"), "1,234.500"),
        Accepts("１２．５", Exact("12.500")),
        Accepts("0.0005", Exact("0.001")),
        Accepts("-0.0005", Exact("-0.001")),
        Accepts("(12)", Exact("-12.000")),
        Accepts("1.2e3", Exact("1200.000")),
        Accepts("", None, ""),
        Rejects("1,5"),
        Rejects("abc"),
        Rejects("."),
        Rejects("E1"),
        Rejects("1" * 16),
    )

    def value_type(self, options: DecimalOptions) -> Number:
        """Return a number with the scale."""
        return Number(scale=options.scale)

    def numeral(self, options: DecimalOptions, text: str) -> str:
        """Return the text: no marks are allowed."""
        return text


TYPE = Decimal()
