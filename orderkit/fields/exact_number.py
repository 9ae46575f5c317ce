"""What decimal, money and percent have in common: an exact number with a fixed scale."""

from abc import abstractmethod
from decimal import Decimal
from typing import Annotated, Self, TypeVar

from pydantic import Field, model_validator

from orderkit.fields.field_type import ColumnKind, FieldType, Invalid
from orderkit.fields.numerals import fitted, number_from_json, out_of_bounds, read_number, shown_number
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.labels import label
from orderkit.model.options import About, OptionModel, WrongOption
from orderkit.model.values.numbers import round_half_up


class ExactOptions(OptionModel):
    """`min` and `max` are included; a value is rounded half-up to `scale` places."""

    scale: Annotated[int, About("小数位数", "decimal places kept", "4")] = Field(default=2, ge=0, le=12)
    min: Annotated[Decimal | None, About("最小值", "the least value", "0")] = None
    max: Annotated[Decimal | None, About("最大值", "the greatest value", "99999.99")] = None

    @model_validator(mode="after")
    def _is_range(self) -> Self:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise WrongOption(label(zh="min 大于 max", en="min is above max"))
        return self


ExactT = TypeVar("ExactT", bound=ExactOptions)


class ExactNumber(FieldType[ExactT]):
    """A decimal with a fixed number of places, kept without loss."""

    column = ColumnKind.DECIMAL

    @abstractmethod
    def numeral(self, options: ExactT, text: str) -> str | Invalid:
        """Return the text without the marks that this type allows, such as `¥`."""

    def parse(self, options: ExactT, text: str) -> Decimal | Invalid | None:
        """Read a number and round it to the scale."""
        if not text.strip():
            return None
        numeral = self.numeral(options, text)
        number = numeral if isinstance(numeral, Invalid) else read_number(numeral)
        return number if isinstance(number, Invalid) else fitted(number, options.scale)

    def show(self, options: ExactT, value: Scalar, locale: str) -> str:
        """Return the number with thousands separators and all its places."""
        return shown_number(value, options.scale, locale) if isinstance(value, int | Decimal) else ""

    def edit_text(self, options: ExactT, value: Scalar) -> str:
        """Return the plain number with all its places."""
        return format(round_half_up(value, options.scale), "f") if isinstance(value, int | Decimal) else ""

    def from_json(self, options: ExactT, value: object) -> Decimal | Invalid | None:
        """Read a JSON number or text and round it to the scale."""
        return number_from_json(value, options.scale)

    def to_json(self, options: ExactT, value: Scalar) -> object:
        """Return text with all places."""
        return format(round_half_up(value, options.scale), "f") if isinstance(value, int | Decimal) else None

    def json_schema(self, options: ExactT) -> dict[str, object]:
        """Return a decimal as text."""
        return {"type": "string", "format": "decimal", "pattern": r"^-?\d+(\.\d+)?$"}

    def scale(self, options: ExactT) -> int | None:
        """Return the places kept."""
        return options.scale

    def check(self, options: ExactT, value: Scalar) -> Invalid | None:
        """Return why the number is out of bounds."""
        if not isinstance(value, int | Decimal):
            return None
        return out_of_bounds(value, options.min, options.max)
