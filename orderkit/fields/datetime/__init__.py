"""Instants."""

import datetime as dt
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ValidationInfo, field_validator, model_validator

from orderkit.fields.field_type import Accepts, ColumnKind, FieldType, Invalid, Rejects
from orderkit.fields.moments import NOT_A_MOMENT, read_moment, shown_moment
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import DateTime as DateTimeType
from orderkit.model.labels import label as bilingual
from orderkit.model.options import About, OptionModel, WrongOption


class DateTimeOptions(OptionModel):
    """`timezone` is that of what people type and read; left out, it is the project's.

    To show an instant in a reader's own zone, `options.model_copy(update={"timezone": …})`.
    """

    timezone: Annotated[
        str, About("时区，默认为项目的时区", "its time zone; that of the project by default", "Europe/Berlin")
    ] = "UTC"

    @model_validator(mode="before")
    @classmethod
    def _of_project(cls, data: Any, info: ValidationInfo) -> Any:
        if isinstance(data, dict) and info.context and "timezone" not in data and "timezone" in info.context:
            return {**data, "timezone": info.context["timezone"]}
        return data

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise WrongOption(
                bilingual(zh=f"没有时区 `{name}`", en=f"there is no time zone `{name}`")
            ) from error
        return name


class DateTime(FieldType[DateTimeOptions]):
    """An instant, kept in UTC."""

    name = "datetime"
    label = bilingual(zh="日期时间", en="Date and time")
    description = bilingual(zh="日期和时间，如发货时间", en="A date with a time, such as when something left")
    column = ColumnKind.DATETIME
    Options = DateTimeOptions
    example_options = {"timezone": "Asia/Shanghai"}
    examples = (
        Accepts("2026-03-01 08:30", dt.datetime(2026, 3, 1, 0, 30, tzinfo=dt.UTC), "2026-03-01 08:30"),
        Accepts("2026/3/1 8:30:05", dt.datetime(2026, 3, 1, 0, 30, 5, tzinfo=dt.UTC)),
        Accepts("2026年3月1日 8时30分", dt.datetime(2026, 3, 1, 0, 30, tzinfo=dt.UTC)),
        Accepts("2026-03-01T08:30:00Z", dt.datetime(2026, 3, 1, 8, 30, tzinfo=dt.UTC)),
        Accepts("2026-03-01T08:30:00+08:00", dt.datetime(2026, 3, 1, 0, 30, tzinfo=dt.UTC)),
        Accepts("2026-03-01", dt.datetime(2026, 2, 28, 16, 0, tzinfo=dt.UTC)),
        Accepts("", None, ""),
        Rejects("2026-03-01 25:00"),
        Rejects("9999-12-31 23:00"),
        Rejects("0001-01-01"),
        Rejects("08:30"),
    )

    def value_type(self, options: DateTimeOptions) -> DateTimeType:
        """Return an instant."""
        return DateTimeType()

    def parse(self, options: DateTimeOptions, text: str) -> dt.datetime | Invalid | None:
        """Read a day with a clock time, in the options' zone."""
        return read_moment(text, ZoneInfo(options.timezone)) if text.strip() else None

    def show(self, options: DateTimeOptions, value: Scalar, locale: str) -> str:
        """Return the instant on the clock of the options' zone."""
        return shown_moment(value, options.timezone, locale) if isinstance(value, dt.datetime) else ""

    def edit_text(self, options: DateTimeOptions, value: Scalar) -> str:
        """Return local ISO text, which `<input type=datetime-local>` takes.

        What stands twice on the clock, when it is put back, says which of the two it is by its offset.
        """
        if not isinstance(value, dt.datetime):
            return ""
        zoned = value.astimezone(ZoneInfo(options.timezone))
        local = zoned.replace(tzinfo=None)
        text = local.isoformat(timespec="auto" if local.second or local.microsecond else "minutes")
        # Of two times alike, the first is meant where nothing is said.
        return text + zoned.isoformat()[-6:] if zoned.fold else text

    def from_json(self, options: DateTimeOptions, value: object) -> dt.datetime | Invalid | None:
        """Read ISO text; without an offset it is in the options' zone."""
        if value is None:
            return None
        return self.parse(options, value) if isinstance(value, str) else NOT_A_MOMENT

    def to_json(self, options: DateTimeOptions, value: Scalar) -> object:
        """Return ISO text in UTC."""
        if not isinstance(value, dt.datetime):
            return None
        return value.astimezone(dt.UTC).replace(tzinfo=None).isoformat() + "Z"

    def json_schema(self, options: DateTimeOptions) -> dict[str, object]:
        """Return a date and time."""
        return {"type": "string", "format": "date-time"}


TYPE = DateTime()
