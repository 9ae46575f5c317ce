"""What pydantic finds wrong with options, in the words of the language: never in Python's."""

from collections.abc import Mapping
from typing import Any

from orderkit.model.labels import Label, label
from orderkit.model.options import WrongOption

_WHOLE = label(zh="`{path}` 应为整数", en="`{path}` must be a whole number")
_NUMBER = label(zh="`{path}` 应为数字", en="`{path}` must be a number")
_FLAG = label(zh="`{path}` 应为 true 或 false", en="`{path}` must be true or false")
_MAP = label(zh="`{path}` 应为映射（`键: 值`）", en="`{path}` must be a map (`key: value`)")
_LIST = label(zh="`{path}` 应为列表（`[…]`）", en="`{path}` must be a list (`[…]`)")
_TEXT = label(zh="`{path}` 应为文字", en="`{path}` must be a text")
# By pydantic's type of error; the facts of the error fill the braces.
_BY_KIND: Mapping[str, Label] = {
    "missing": label(zh="缺少 `{path}`", en="`{path}` is missing"),
    "extra_forbidden": label(zh="没有 `{path}` 这个键", en="there is no key `{path}`"),
    **dict.fromkeys(("int_parsing", "int_type", "int_from_float"), _WHOLE),
    **dict.fromkeys(("decimal_parsing", "decimal_type", "float_parsing", "finite_number"), _NUMBER),
    **dict.fromkeys(("bool_parsing", "bool_type"), _FLAG),
    **dict.fromkeys(("dict_type", "mapping_type", "model_type", "model_attributes_type"), _MAP),
    **dict.fromkeys(("list_type", "tuple_type"), _LIST),
    **dict.fromkeys(("string_type", "string_too_short"), _TEXT),
    "too_short": label(
        zh="`{path}` 至少要有 {min_length} 项", en="`{path}` needs at least {min_length} of them"
    ),
    "too_long": label(zh="`{path}` 最多 {max_length} 项", en="`{path}` takes at most {max_length} of them"),
    "greater_than_equal": label(zh="`{path}` 不能小于 {ge}", en="`{path}` must be at least {ge}"),
    "greater_than": label(zh="`{path}` 要大于 {gt}", en="`{path}` must be more than {gt}"),
    "less_than_equal": label(zh="`{path}` 不能大于 {le}", en="`{path}` must be at most {le}"),
    "less_than": label(zh="`{path}` 要小于 {lt}", en="`{path}` must be less than {lt}"),
    "literal_error": label(zh="`{path}` 应为 {expected}", en="`{path}` must be {expected}"),
}


def headline_of(kind: str, path: str, message: str, context: Mapping[str, Any]) -> Label:
    """Return the headline for an error of pydantic.

    Args:
        kind: its type, such as `int_parsing`.
        path: the option, dotted.
        message: what pydantic says, for the few kinds that have no words here.
        context: its facts.
    """
    error = context.get("error")
    if isinstance(error, WrongOption):
        return error.explain
    told = _BY_KIND.get(kind)
    if told is None:
        subject = f"`{path}`: " if path else ""
        text = str(context.get("error", message))
        return label(zh=f"{subject}{text}", en=f"{subject}{text}")
    facts = {"path": path, **{name: str(value) for name, value in context.items()}}
    return {language: text.format_map(facts) for language, text in told.items()}
