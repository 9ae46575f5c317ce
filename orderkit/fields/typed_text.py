"""Text that people type: what is kept of it, and patterns that cannot run away.

Used by the text types; numbers and days have their own readers.
"""

import re
from functools import lru_cache

from orderkit.fields.field_type import Invalid
from orderkit.model.labels import label
from orderkit.model.options import WrongOption

MAX_PATTERN = 200
_LINE_BREAKS = re.compile(r"\s*(?:\r\n|[\n\r\v\f\x85\u2028\u2029])\s*")


def read_text(text: str, *, is_multiline: bool) -> str | Invalid | None:
    """Return the text trimmed, None where nothing is left.

    A single-line text keeps a space for each line break, as a browser's input does. Characters that
    a database cannot hold are refused.
    """
    text = text.strip()
    if not is_multiline:
        text = _LINE_BREAKS.sub(" ", text)
    else:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    for each in text:
        if (each < " " and each not in "\n\t") or "\ud800" <= each <= "\udfff":
            return Invalid(
                label(
                    zh=f"含有不能保存的字符 U+{ord(each):04X}",
                    en=f"holds a character that cannot be kept, U+{ord(each):04X}",
                ),
                label(zh="可打印的文字", en="printable text"),
            )
    return text or None


def text_from_json(value: object, *, is_multiline: bool) -> str | Invalid | None:
    """Read a JSON text."""
    if value is None:
        return None
    if not isinstance(value, str):
        return Invalid(label(zh="不是文本", en="not a text"), label(zh="文本", en="a text"))
    return read_text(value, is_multiline=is_multiline)


def too_long(value: str, most: int | None) -> Invalid | None:
    """Return why the text is longer than `most` characters."""
    if most is None or len(value) <= most:
        return None
    return Invalid(
        label(zh=f"太长：{len(value)} 个字", en=f"too long: {len(value)} characters"),
        label(zh=f"最多 {most} 个字", en=f"at most {most} characters"),
    )


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> re.Pattern[str]:
    """Return the pattern, compiled. Raises WrongOption for one that is wrong, long or could run away."""
    if len(pattern) > MAX_PATTERN:
        raise WrongOption(
            label(
                zh=f"正则表达式超过 {MAX_PATTERN} 个字符",
                en=f"the pattern is longer than {MAX_PATTERN} characters",
            )
        )
    if _repeats_a_repetition(pattern):
        raise WrongOption(
            label(
                zh="正则表达式在重复的组里又有重复，匹配可能永远不结束",
                en="the pattern repeats a group that repeats inside, which can take for ever",
            )
        )
    try:
        return re.compile(pattern)
    except re.error as error:
        raise WrongOption(
            label(zh=f"不是正则表达式：{error}", en=f"the pattern is not a regular expression: {error}")
        ) from error


def _repeats_a_repetition(pattern: str) -> bool:
    """Return whether an unbounded repetition stands directly around another one, as in `(a+)+`."""
    groups = [False]
    is_class = False
    index = 0
    while index < len(pattern):
        each = pattern[index]
        if each == "\\":
            index += 1
        elif is_class:
            is_class = each != "]"
        elif each == "[":
            is_class = True
            index += 1 if pattern[index + 1 : index + 2] in ("]", "^") else 0
        elif each == "(":
            groups.append(False)
        elif each == ")" and len(groups) > 1:
            inner = groups.pop()
            if inner and pattern[index + 1 : index + 2] in ("*", "+", "{"):
                return True
            groups[-1] = groups[-1] or inner
        elif each in "*+{":
            groups[-1] = True
        index += 1
    return False
