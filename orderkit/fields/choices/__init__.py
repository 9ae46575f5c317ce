"""Several of a list of values."""

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from pydantic import Field, WithJsonSchema, field_validator

from orderkit.fields.choice import TYPE as CHOICE
from orderkit.fields.choice import WRITTEN, ChoiceOption, ChoiceOptions
from orderkit.fields.field_type import Accepts, ColumnKind, FieldType, Rejects
from orderkit.fields.many import Many
from orderkit.model.expressions.types import Choice as ChoiceType
from orderkit.model.expressions.types import Many as ManyType
from orderkit.model.labels import label as bilingual
from orderkit.model.options import About, WrongOption

_MARKS = frozenset("|,，、;；")


class ChoicesOptions(ChoiceOptions):
    """`options` is written as for `choice`; values have no commas in them, since commas part them."""

    options: Annotated[
        tuple[ChoiceOption, ...],
        About("可选的值", "what may be chosen", "{fragile: 易碎, urgent: 加急}"),
        WithJsonSchema(WRITTEN),
    ] = Field(min_length=1, max_length=200)

    @field_validator("options")
    @classmethod
    def _can_be_parted(cls, options: tuple[ChoiceOption, ...]) -> tuple[ChoiceOption, ...]:
        for option in options:
            if _MARKS & set(option.value):
                raise WrongOption(
                    bilingual(
                        zh=f"选项 `{option.value}` 的值里不能有逗号、顿号、分号或竖线",
                        en=f"the value of the option `{option.value}` must have no comma, semicolon or bar",
                    )
                )
        return options


class Choices(Many[ChoicesOptions]):
    """Some of the listed values, kept in the order of the list."""

    name = "choices"
    label = bilingual(zh="多选", en="Choices")
    description = bilingual(zh="从列表中选多个，如标签", en="Several of a list, such as tags")
    column = ColumnKind.TEXTS
    Options = ChoicesOptions
    example_options: ClassVar[dict[str, object]] = {
        "options": {"fragile": {"zh": "易碎", "en": "Fragile"}, "urgent": "加急"}
    }
    examples = (
        Accepts("urgent, fragile", ("fragile", "urgent"), "易碎、加急"),
        Accepts("加急、易碎、加急", ("fragile", "urgent"), "易碎、加急"),
        Accepts("加急", ("urgent",), "加急"),
        Accepts("", None, ""),
        Rejects("urgent, heavy"),
    )

    def value_type(self, options: ChoicesOptions) -> ManyType:
        """Return several of the values."""
        return ManyType(ChoiceType(tuple(option.value for option in options.options)))

    def item(self, options: ChoicesOptions) -> FieldType[Any]:
        """Return the type of one of them."""
        return CHOICE

    def in_order(self, options: ChoicesOptions, values: Iterable[str | int]) -> tuple[str | int, ...]:
        """Return the values in the order of the options; what is no longer an option stands last."""
        given = dict.fromkeys(values)
        listed = [each for each in options.by_value if each in given]
        return (*listed, *(each for each in given if each not in options.by_value))


TYPE = Choices()
