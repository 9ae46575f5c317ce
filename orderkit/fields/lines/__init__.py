"""Rows that belong to a record."""

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from orderkit.fields.field_type import Accepts, ColumnKind, FieldType, Invalid, Rejects
from orderkit.fields.numerals import out_of_bounds
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Rows
from orderkit.model.labels import label as bilingual
from orderkit.model.options import About, OptionModel, WrongOption

_NOT_TEXT = Invalid(
    bilingual(zh="明细不能写成文字", en="rows are not written as text"),
    bilingual(zh="明细行", en="a list of rows"),
)


class LinesOptions(OptionModel):
    """`min` and `max` count rows. `form` is the id of the rows' form, which the compiler fills in."""

    min: Annotated[int | None, About("最少行数", "rows at least", "1")] = Field(default=None, ge=0)
    max: Annotated[int | None, About("最多行数", "rows at most", "200")] = Field(default=None, ge=1)
    form: SkipJsonSchema[str] = ""

    @model_validator(mode="after")
    def _is_range(self) -> Self:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise WrongOption(bilingual(zh="min 大于 max", en="min is above max"))
        return self


class Lines(FieldType[LinesOptions]):
    """Rows of a table of their own. A value of this type does not exist; `check` takes their number."""

    name = "lines"
    label = bilingual(zh="明细", en="Lines")
    description = bilingual(zh="属于本单的明细行", en="Rows that belong to the record")
    column = ColumnKind.NONE
    Options = LinesOptions
    example_options = {"min": 1, "form": "order.lines"}
    examples = (Accepts("", None, ""), Rejects("1"))

    def value_type(self, options: LinesOptions) -> Rows:
        """Return a collection of rows."""
        return Rows(options.form)

    def parse(self, options: LinesOptions, text: str) -> Scalar | Invalid:
        """Refuse text."""
        return _NOT_TEXT if text.strip() else None

    def show(self, options: LinesOptions, value: Scalar, locale: str) -> str:
        """Return nothing; a page shows the rows."""
        return ""

    def from_json(self, options: LinesOptions, value: object) -> Scalar | Invalid:
        """Refuse anything but null; rows are read one by one."""
        return None if value is None else _NOT_TEXT

    def to_json(self, options: LinesOptions, value: Scalar) -> object:
        """Return null."""
        return None

    def json_schema(self, options: LinesOptions) -> dict[str, object]:
        """Return a list with its limits; what a row looks like is said by its form."""
        schema: dict[str, object] = {"type": "array"}
        if options.min is not None:
            schema["minItems"] = options.min
        if options.max is not None:
            schema["maxItems"] = options.max
        return schema

    def check(self, options: LinesOptions, value: Scalar) -> Invalid | None:
        """Return why there are too few or too many rows; `value` is their number."""
        if not isinstance(value, int):
            return None
        problem = out_of_bounds(value, options.min, options.max)
        if problem is None:
            return None
        return Invalid(
            bilingual(zh=f"明细行数{problem.message['zh']}", en=f"the number of rows {problem.message['en']}")
        )


TYPE = Lines()
