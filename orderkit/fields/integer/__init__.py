"""Whole numbers."""

from decimal import Decimal
from typing import Annotated, Self

from pydantic import model_validator

from orderkit.fields.field_type import Accepts, ColumnKind, FieldType, Invalid, Rejects
from orderkit.fields.numerals import fitted, number_from_json, out_of_bounds, read_number, shown_number
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Number
from orderkit.model.labels import label as bilingual
from orderkit.model.options import About, OptionModel, WrongOption

_NOT_WHOLE = Invalid(
    bilingual(zh="不是整数", en="not a whole number"),
    bilingual(zh="整数，例如 12", en="a whole number such as 12"),
)


class IntegerOptions(OptionModel):
    """`min` and `max` are included."""

    min: Annotated[int | None, About("最小值", "the least value", "0")] = None
    max: Annotated[int | None, About("最大值", "the greatest value", "100")] = None

    @model_validator(mode="after")
    def _is_range(self) -> Self:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise WrongOption(bilingual(zh="min 大于 max", en="min is above max"))
        return self


class Integer(FieldType[IntegerOptions]):
    """A whole number of at most 18 digits."""

    name = "integer"
    label = bilingual(zh="整数", en="Integer")
    description = bilingual(zh="整数，如件数、天数", en="A whole number, such as pieces or days")
    column = ColumnKind.INTEGER
    reader = "whole"
    Options = IntegerOptions
    examples = (
        Accepts("1,234", 1234, "1,234"),
        Accepts("１２", 12, "12"),
        Accepts("12.0", 12),
        Accepts("-3", -3),
        Accepts("", None, ""),
        Rejects("1.5"),
        Rejects("1,23"),
        Rejects("12a"),
        Rejects("1" * 19),
    )

    def value_type(self, options: IntegerOptions) -> Number:
        """Return a number without places."""
        return Number()

    def parse(self, options: IntegerOptions, text: str) -> int | Invalid | None:
        """Read a whole number; `12.0` is one."""
        if not text.strip():
            return None
        number = read_number(text)
        return number if isinstance(number, Invalid) else _whole(number)

    def show(self, options: IntegerOptions, value: Scalar, locale: str) -> str:
        """Return the number with thousands separators."""
        return shown_number(value, 0, locale) if isinstance(value, int | Decimal) else ""

    def from_json(self, options: IntegerOptions, value: object) -> int | Invalid | None:
        """Read a JSON number or text."""
        number = number_from_json(value, 6)
        return number if number is None or isinstance(number, Invalid) else _whole(number)

    def to_json(self, options: IntegerOptions, value: Scalar) -> object:
        """Return a JSON number."""
        return value

    def json_schema(self, options: IntegerOptions) -> dict[str, object]:
        """Return an integer with its limits."""
        schema: dict[str, object] = {"type": "integer"}
        if options.min is not None:
            schema["minimum"] = options.min
        if options.max is not None:
            schema["maximum"] = options.max
        return schema

    def check(self, options: IntegerOptions, value: Scalar) -> Invalid | None:
        """Return why the number is out of bounds."""
        return out_of_bounds(value, options.min, options.max) if isinstance(value, int) else None


def _whole(number: Decimal) -> int | Invalid:
    rounded = fitted(number, 0)
    if isinstance(rounded, Invalid):
        return rounded
    return int(rounded) if rounded == number else _NOT_WHOLE


TYPE = Integer()
