"""Clock times."""

import datetime as dt
from typing import Annotated, Self

from pydantic import model_validator

from orderkit.fields.field_type import Accepts, ColumnKind, FieldType, Invalid, Rejects
from orderkit.fields.moments import NOT_A_TIME, read_clock
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Time as TimeType
from orderkit.model.labels import label as bilingual
from orderkit.model.options import About, OptionModel, WrongOption


class TimeOptions(OptionModel):
    """`min` and `max` are clock times such as `08:30`, included."""

    min: Annotated[dt.time | None, About("最早时间", "the earliest time", '"08:00"')] = None
    max: Annotated[dt.time | None, About("最晚时间", "the latest time", '"17:30"')] = None

    @model_validator(mode="after")
    def _is_range(self) -> Self:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise WrongOption(bilingual(zh="min 晚于 max", en="min is after max"))
        return self


class Time(FieldType[TimeOptions]):
    """A time of day on the project's clock, without a date."""

    name = "time"
    label = bilingual(zh="时间", en="Time")
    description = bilingual(zh="一天中的时间，如送货时间", en="A time of day, such as when to deliver")
    column = ColumnKind.TIME
    Options = TimeOptions
    examples = (
        Accepts("08:30", dt.time(8, 30), "08:30"),
        Accepts("8:30:05", dt.time(8, 30, 5), "08:30:05"),
        Accepts("8点30分", dt.time(8, 30)),
        Accepts("下午3点", dt.time(15, 0)),
        Accepts("3:30 pm", dt.time(15, 30)),
        Accepts("８：３０", dt.time(8, 30)),
        Accepts("", None, ""),
        Rejects("25:00"),
        Rejects("8:60"),
        Rejects("830"),
        Rejects("soon"),
    )

    def value_type(self, options: TimeOptions) -> TimeType:
        """Return a clock time."""
        return TimeType()

    def parse(self, options: TimeOptions, text: str) -> dt.time | Invalid | None:
        """Read a clock time with or without seconds."""
        return read_clock(text) if text.strip() else None

    def read_cell(self, options: TimeOptions, cell: object) -> Scalar | Invalid:
        """Read a time of Excel, also one that stands in a cell with a date."""
        if isinstance(cell, dt.datetime):
            return cell.time().replace(microsecond=0, tzinfo=None)
        if isinstance(cell, dt.time):
            return cell.replace(microsecond=0, tzinfo=None)
        return super().read_cell(options, cell)

    def show(self, options: TimeOptions, value: Scalar, locale: str) -> str:
        """Return hours and minutes, and seconds where there are any."""
        return self.edit_text(options, value)

    def edit_text(self, options: TimeOptions, value: Scalar) -> str:
        """Return what `<input type=time>` takes."""
        if not isinstance(value, dt.time):
            return ""
        return value.strftime("%H:%M:%S" if value.second else "%H:%M")

    def from_json(self, options: TimeOptions, value: object) -> dt.time | Invalid | None:
        """Read ISO text."""
        if value is None:
            return None
        return self.parse(options, value) if isinstance(value, str) else NOT_A_TIME

    def to_json(self, options: TimeOptions, value: Scalar) -> object:
        """Return ISO text with seconds."""
        return value.isoformat(timespec="seconds") if isinstance(value, dt.time) else None

    def json_schema(self, options: TimeOptions) -> dict[str, object]:
        """Return a clock time."""
        return {"type": "string", "pattern": r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"}

    def check(self, options: TimeOptions, value: Scalar) -> Invalid | None:
        """Return why the time is too early or too late."""
        if not isinstance(value, dt.time):
            return None
        if options.min is not None and value < options.min:
            least = options.min.isoformat("minutes")
            return Invalid(bilingual(zh=f"不能早于 {least}", en=f"must not be before {least}"))
        if options.max is not None and value > options.max:
            most = options.max.isoformat("minutes")
            return Invalid(bilingual(zh=f"不能晚于 {most}", en=f"must not be after {most}"))
        return None


TYPE = Time()
