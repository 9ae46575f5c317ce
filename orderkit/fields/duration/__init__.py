"""Spans of time."""

from datetime import timedelta
from typing import Annotated, Any, Self

from pydantic import PlainSerializer, WithJsonSchema, field_validator, model_validator

from orderkit.fields.field_type import Accepts, ColumnKind, FieldType, Invalid, Rejects
from orderkit.fields.spans import NOT_A_SPAN, iso_span, read_span, shown_span
from orderkit.model.expressions.evaluation.spans import plain_span
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Duration as DurationType
from orderkit.model.labels import label as bilingual
from orderkit.model.options import About, OptionModel, WrongOption

_Span = Annotated[
    timedelta | None,
    PlainSerializer(lambda value: None if value is None else plain_span(value), return_type=str | None),
    WithJsonSchema({"type": "string"}),
]


class DurationOptions(OptionModel):
    """`min` and `max` are durations such as `30min`, included."""

    min: Annotated[_Span, About("最短", "the shortest", "30min")] = None
    max: Annotated[_Span, About("最长", "the longest", "8h")] = None

    @field_validator("min", "max", mode="before")
    @classmethod
    def _is_span(cls, data: Any) -> Any:
        found = read_span(data) if isinstance(data, str) else data
        if isinstance(found, Invalid):
            raise WrongOption(found.expected or found.message)
        return found

    @model_validator(mode="after")
    def _is_range(self) -> Self:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise WrongOption(bilingual(zh="min 大于 max", en="min is above max"))
        return self


class Duration(FieldType[DurationOptions]):
    """A span of time in whole seconds."""

    name = "duration"
    label = bilingual(zh="时长", en="Duration")
    description = bilingual(
        zh="多长时间，如工时、质保期", en="How long something takes, such as hours of work"
    )
    column = ColumnKind.DURATION
    reader = "span"
    Options = DurationOptions
    examples = (
        Accepts("1h30min", timedelta(minutes=90), "1小时30分钟"),
        Accepts("90min", timedelta(minutes=90), "1小时30分钟"),
        Accepts("2d", timedelta(days=2), "2天"),
        Accepts("1.5 h", timedelta(minutes=90)),
        Accepts("1小时30分钟", timedelta(minutes=90)),
        Accepts("1:30", timedelta(minutes=90)),
        Accepts("PT1H30M", timedelta(minutes=90)),
        Accepts("0s", timedelta(0), "0秒"),
        Accepts("", None, ""),
        Rejects("90"),
        Rejects("soon"),
        Rejects("-1h"),
        Rejects("99999999d"),
    )

    def value_type(self, options: DurationOptions) -> DurationType:
        """Return a span of time."""
        return DurationType()

    def parse(self, options: DurationOptions, text: str) -> timedelta | Invalid | None:
        """Read days, hours, minutes and seconds."""
        return read_span(text) if text.strip() else None

    def read_cell(self, options: DurationOptions, cell: object) -> Scalar | Invalid:
        """Read a span of Excel."""
        if isinstance(cell, timedelta):
            return timedelta(seconds=round(cell.total_seconds()))
        return super().read_cell(options, cell)

    def show(self, options: DurationOptions, value: Scalar, locale: str) -> str:
        """Return the span in the words of the locale."""
        return shown_span(value, locale) if isinstance(value, timedelta) else ""

    def edit_text(self, options: DurationOptions, value: Scalar) -> str:
        """Return `1h30min`."""
        return plain_span(value) if isinstance(value, timedelta) else ""

    def from_json(self, options: DurationOptions, value: object) -> timedelta | Invalid | None:
        """Read `PT1H30M`, or what a person types."""
        if value is None:
            return None
        return self.parse(options, value) if isinstance(value, str) else NOT_A_SPAN

    def to_json(self, options: DurationOptions, value: Scalar) -> object:
        """Return the span as ISO 8601 writes it."""
        return iso_span(value) if isinstance(value, timedelta) else None

    def json_schema(self, options: DurationOptions) -> dict[str, object]:
        """Return a duration."""
        return {"type": "string", "format": "duration"}

    def check(self, options: DurationOptions, value: Scalar) -> Invalid | None:
        """Return why the span is too short or too long."""
        if not isinstance(value, timedelta):
            return None
        if value < timedelta(0):
            return NOT_A_SPAN
        if options.min is not None and value < options.min:
            least = plain_span(options.min)
            return Invalid(bilingual(zh=f"不能短于 {least}", en=f"must not be shorter than {least}"))
        if options.max is not None and value > options.max:
            most = plain_span(options.max)
            return Invalid(bilingual(zh=f"不能长于 {most}", en=f"must not be longer than {most}"))
        return None


TYPE = Duration()
