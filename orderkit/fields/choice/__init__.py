"""One of a list of values."""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any

from pydantic import Field, ValidationInfo, WithJsonSchema, field_validator

from orderkit.fields.field_type import Accepts, ColumnKind, FieldType, Invalid, Rejects
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Choice as ChoiceType
from orderkit.model.labels import label as bilingual
from orderkit.model.labels import text_of
from orderkit.model.options import About, OptionModel, WrongOption

_LANGUAGE = re.compile(r"[a-z]{2}(-[A-Z]{2})?")
_MAX_OPTIONS = 500
_MAX_SHOWN = 8

# A list of texts or of options, or a map from value to label.
WRITTEN: Any = {
    "type": ["array", "object"],
    "minItems": 1,
    "minProperties": 1,
    "items": {"type": ["string", "number", "boolean", "object"]},
    "additionalProperties": {"type": ["string", "number", "boolean", "object", "null"]},
}


class ChoiceOption(OptionModel):
    """A value that may be chosen. A retired one stays on old records but is not offered."""

    value: str = Field(min_length=1, max_length=200)
    label: Mapping[str, str]
    color: str | None = None
    retired: bool = False
    renamed_from: str | None = None

    @field_validator("label")
    @classmethod
    def _is_by_language(cls, label: Mapping[str, str]) -> Mapping[str, str]:
        wrong = next((key for key in label if not _LANGUAGE.fullmatch(key)), None)
        if wrong is not None:
            raise WrongOption(
                bilingual(zh=f"`{wrong}` 不是语言代码", en=f"`{wrong}` is not a language"),
            )
        return label


_OPTION_KEYS = frozenset(ChoiceOption.model_fields) - {"value"}


class ChoiceOptions(OptionModel):
    """`options` is written as a list of texts, or a map from value to label or `{label, color, …}`.

    A label that is one text stands under the project's main language (the compiler's context says it).
    """

    options: Annotated[
        tuple[ChoiceOption, ...],
        About("可选的值", "what may be chosen", "{standard: 标准, repair: {label: 返修, retired: true}}"),
        WithJsonSchema(WRITTEN),
    ] = Field(min_length=1, max_length=_MAX_OPTIONS)

    @field_validator("options", mode="before")
    @classmethod
    def _as_list(cls, data: Any, info: ValidationInfo) -> Any:
        language = (info.context or {}).get("language", "zh")
        if isinstance(data, Mapping):
            return [_read_option(str(value), each, language) for value, each in data.items()]
        if isinstance(data, list | tuple):
            return [
                _read_option(each, each, language) if isinstance(each, str) else _read_full(each, language)
                for each in data
            ]
        raise WrongOption(
            bilingual(
                zh="选项写成文字的列表，或“值: 名称”的映射",
                en="options are a list of texts, or a map from value to label",
            )
        )

    @field_validator("options")
    @classmethod
    def _are_distinct(cls, options: tuple[ChoiceOption, ...]) -> tuple[ChoiceOption, ...]:
        seen: set[str] = set()
        for option in options:
            if option.value in seen:
                raise WrongOption(
                    bilingual(
                        zh=f"选项 `{option.value}` 写了两次", en=f"the option `{option.value}` is given twice"
                    )
                )
            seen.add(option.value)
        return options

    @cached_property
    def by_value(self) -> Mapping[str, ChoiceOption]:
        """Options by value, in their order."""
        return {option.value: option for option in self.options}

    @cached_property
    def value_by_text(self) -> Mapping[str, str]:
        """Values by what people may type: the value, then any label; the first wins."""
        found = {option.value: option.value for option in self.options}
        for option in self.options:
            for text in option.label.values():
                found.setdefault(text, option.value)
        for typed in list(found):
            found.setdefault(typed.casefold(), found[typed])
        return found


def _read_option(value: str, given: Any, language: str) -> Any:
    if given is None:
        given = value
    if isinstance(given, str):
        return {"value": value, "label": {language: given}}
    if not isinstance(given, Mapping) or any(_LANGUAGE.fullmatch(key) for key in given):
        return {"value": value, "label": given}
    return _read_full({"label": value, **given, "value": value}, language)


def _read_full(given: Any, language: str) -> Any:
    if isinstance(given, Mapping) and isinstance(given.get("label", given.get("value")), str):
        return {**given, "label": {language: given.get("label", given.get("value"))}}
    return given


class Choice(FieldType[ChoiceOptions]):
    """One of the listed values; people see the label."""

    name = "choice"
    label = bilingual(zh="单选", en="Choice")
    description = bilingual(zh="从列表中选一个，如业务类型", en="One of a list, such as a kind or a source")
    column = ColumnKind.TEXT
    reader = "choice"
    Options = ChoiceOptions
    example_options = {"options": {"prepaid": {"zh": "预付", "en": "Prepaid"}, "credit": "月结"}}
    examples = (
        Accepts("prepaid", "prepaid", "预付"),
        Accepts("预付", "prepaid", "预付"),
        Accepts(" Prepaid ", "prepaid"),
        Accepts("月结", "credit", "月结"),
        Accepts("", None, ""),
        Rejects("cash"),
    )

    def value_type(self, options: ChoiceOptions) -> ChoiceType:
        """Return the values in their order."""
        return ChoiceType(tuple(option.value for option in options.options))

    def parse(self, options: ChoiceOptions, text: str) -> str | Invalid | None:
        """Read a value or a label in any language."""
        typed = text.strip()
        if not typed:
            return None
        found = options.value_by_text
        value = found.get(typed) or found.get(typed.casefold())
        return value if value is not None else _unknown(options, typed)

    def read_cell(self, options: ChoiceOptions, cell: object) -> Scalar | Invalid:
        """Read a number as its digits: an option may be called `1`."""
        if isinstance(cell, float) and cell.is_integer():
            cell = int(cell)
        return self.parse(options, "" if cell is None else str(cell))

    def show(self, options: ChoiceOptions, value: Scalar, locale: str) -> str:
        """Return the label, or the value itself if it is no longer an option."""
        if value is None:
            return ""
        option = options.by_value.get(str(value))
        return str(value) if option is None else text_of(option.label, locale)

    def from_json(self, options: ChoiceOptions, value: object) -> str | Invalid | None:
        """Read a value; a label is taken too."""
        if value is None:
            return None
        return self.parse(options, value) if isinstance(value, str) else _unknown(options, str(value))

    def to_json(self, options: ChoiceOptions, value: Scalar) -> object:
        """Return the value."""
        return value

    def json_schema(self, options: ChoiceOptions) -> dict[str, object]:
        """Return the values."""
        return {"type": "string", "enum": [option.value for option in options.options]}

    def max_length(self, options: ChoiceOptions) -> int | None:
        """Return no limit, so that a longer option never changes the column."""
        return None

    def check(self, options: ChoiceOptions, value: Scalar) -> Invalid | None:
        """Return why the value is not an option. A retired one passes, since old records hold it."""
        if value is None or str(value) in options.by_value:
            return None
        return _unknown(options, str(value))


def _unknown(options: ChoiceOptions, typed: str) -> Invalid:
    offered = [option for option in options.options if not option.retired]
    more = "…" if len(offered) > _MAX_SHOWN else ""
    names = {
        language: separator.join(text_of(option.label, language) for option in offered[:_MAX_SHOWN]) + more
        for language, separator in (("zh", "、"), ("en", ", "))
    }
    return Invalid(
        bilingual(zh=f"没有选项“{typed[:40]}”", en=f"no option `{typed[:40]}`"),
        bilingual(zh=f"其中之一：{names['zh']}", en=f"one of {names['en']}"),
    )


TYPE = Choice()
