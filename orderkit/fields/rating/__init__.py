"""Ratings in stars."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from orderkit.fields.field_type import Accepts, ColumnKind, FieldType, Invalid, Rejects
from orderkit.fields.numerals import normalised, number_from_json, out_of_bounds
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Number
from orderkit.model.labels import label as bilingual
from orderkit.model.options import About, OptionModel

_STAR, _NO_STAR = "★", "☆"


class RatingOptions(OptionModel):
    """`max` is the best rating; the worst is one star."""

    max: Annotated[int, About("最高几星", "how many stars the best has", "10")] = Field(
        default=5, ge=2, le=10
    )


class Rating(FieldType[RatingOptions]):
    """Stars, from one to `max`; kept as a whole number."""

    name = "rating"
    label = bilingual(zh="评分", en="Rating")
    description = bilingual(zh="几颗星，如客户满意度", en="Stars, such as how content a customer is")
    column = ColumnKind.INTEGER
    Options = RatingOptions
    examples = (
        Accepts("4", 4, "★★★★☆"),
        Accepts("★★★", 3, "★★★☆☆"),
        Accepts("5.0", 5),
        Accepts("", None, ""),
        Rejects("0"),
        Rejects("6"),
        Rejects("4.5"),
        Rejects("好"),
    )

    def value_type(self, options: RatingOptions) -> Number:
        """Return a whole number."""
        return Number()

    def parse(self, options: RatingOptions, text: str) -> int | Invalid | None:
        """Read a number, or count the stars."""
        typed = normalised(text).rstrip(_NO_STAR)
        if not typed:
            return None
        stars = str(len(typed)) if set(typed) == {_STAR} else typed
        return self.from_json(options, stars)

    def show(self, options: RatingOptions, value: Scalar, locale: str) -> str:
        """Return the stars, the missing ones hollow."""
        if not isinstance(value, int | Decimal):
            return ""
        full = max(0, min(int(value), options.max))
        return _STAR * full + _NO_STAR * (options.max - full)

    def from_json(self, options: RatingOptions, value: object) -> int | Invalid | None:
        """Read a whole number within bounds."""
        number = number_from_json(value, 0)
        if number is None:
            return None
        exact = number if isinstance(number, Invalid) else number_from_json(value, 2)
        if isinstance(exact, Invalid) or isinstance(number, Invalid) or exact != number:
            return Invalid(
                bilingual(zh="不是评分", en="not a rating"),
                bilingual(zh=f"1 到 {options.max} 的整数", en=f"a whole number from 1 to {options.max}"),
            )
        return self.check(options, int(number)) or int(number)

    def to_json(self, options: RatingOptions, value: Scalar) -> object:
        """Return the number."""
        return value

    def json_schema(self, options: RatingOptions) -> dict[str, object]:
        """Return a whole number with its bounds."""
        return {"type": "integer", "minimum": 1, "maximum": options.max}

    def check(self, options: RatingOptions, value: Scalar) -> Invalid | None:
        """Return why the number is no rating."""
        return out_of_bounds(value, 1, options.max) if isinstance(value, int | Decimal) else None


TYPE = Rating()
