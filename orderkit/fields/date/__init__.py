"""Days."""

import datetime as dt
from typing import Annotated, Self

from pydantic import model_validator

from orderkit.fields.field_type import Accepts, ColumnKind, FieldType, Invalid, Rejects
from orderkit.fields.moments import NOT_A_DATE, read_day, shown_day
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Date as DateType
from orderkit.model.labels import label as bilingual
from orderkit.model.options import About, OptionModel, WrongOption


class DateOptions(OptionModel):
    """`min` and `max` are days such as `2020-01-01`, included."""

    min: Annotated[dt.date | None, About("最早日期", "the first day", "2020-01-01")] = None
    max: Annotated[dt.date | None, About("最晚日期", "the last day", "2099-12-31")] = None

    @model_validator(mode="after")
    def _is_range(self) -> Self:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise WrongOption(bilingual(zh="min 晚于 max", en="min is after max"))
        return self


class Date(FieldType[DateOptions]):
    """A day in the project's zone, without a time."""

    name = "date"
    label = bilingual(zh="日期", en="Date")
    description = bilingual(zh="日期，如下单日期、交货日期", en="A day, such as a delivery date")
    column = ColumnKind.DATE
    reader = "date"
    Options = DateOptions
    examples = (
        Accepts("2026-03-01", dt.date(2026, 3, 1), "2026-03-01"),
        Accepts("2026/3/1", dt.date(2026, 3, 1)),
        Accepts("2026年3月1日", dt.date(2026, 3, 1)),
        Accepts("20260301", dt.date(2026, 3, 1)),
        Accepts("２０２６－０３－０１", dt.date(2026, 3, 1)),
        Accepts("2026-03-01 08:26:00", dt.date(2026, 3, 1)),
        Accepts("", None, ""),
        Rejects("2026-02-30"),
        Rejects("01/03/2026"),
        Rejects("tomorrow"),
    )

    def value_type(self, options: DateOptions) -> DateType:
        """Return a day."""
        return DateType()

    def parse(self, options: DateOptions, text: str) -> dt.date | Invalid | None:
        """Read a day, year first; a time after it is dropped."""
        return read_day(text) if text.strip() else None

    def show(self, options: DateOptions, value: Scalar, locale: str) -> str:
        """Return the day in the way of the locale."""
        return shown_day(value, locale) if isinstance(value, dt.date) else ""

    def edit_text(self, options: DateOptions, value: Scalar) -> str:
        """Return the ISO form, which `<input type=date>` takes."""
        return value.isoformat() if isinstance(value, dt.date) else ""

    def from_json(self, options: DateOptions, value: object) -> dt.date | Invalid | None:
        """Read ISO text."""
        if value is None:
            return None
        return self.parse(options, value) if isinstance(value, str) else NOT_A_DATE

    def to_json(self, options: DateOptions, value: Scalar) -> object:
        """Return ISO text."""
        return value.isoformat() if isinstance(value, dt.date) else None

    def json_schema(self, options: DateOptions) -> dict[str, object]:
        """Return a date."""
        return {"type": "string", "format": "date"}

    def check(self, options: DateOptions, value: Scalar) -> Invalid | None:
        """Return why the day is too early or too late."""
        if not isinstance(value, dt.date):
            return None
        if options.min is not None and value < options.min:
            return Invalid(bilingual(zh=f"不能早于 {options.min}", en=f"must not be before {options.min}"))
        if options.max is not None and value > options.max:
            return Invalid(bilingual(zh=f"不能晚于 {options.max}", en=f"must not be after {options.max}"))
        return None


TYPE = Date()
