"""The known traps of YAML, found before they turn into riddles.

Each finding says what the file means to a YAML reader and how to write what was meant; nearly always
the answer is a pair of quotes.
"""

import re
from collections.abc import Iterable, Iterator

from orderkit.language.findings import ERROR, WARNING, Code, Finding, Fix
from orderkit.language.source.nodes import Node, ScalarNode
from orderkit.language.source.text import SourceText
from orderkit.model.labels import label

COMMA_IN_BRACKETS = Code(
    "OK1101",
    "comma-in-brackets",
    ERROR,
    since="0.1",
    explain="""
    Inside `{…}` and `[…]` a comma ends a value, also between the brackets of a call. Quote the value.
    ~~~yaml bad
    form: customer
    fields: {credit: {type: money}, rest: {type: money, compute: coalesce(credit, 0)}}
    ~~~
    ~~~yaml good
    form: customer
    fields: {credit: {type: money}, rest: {type: money, compute: "coalesce(credit, 0)"}}
    ~~~""",
    zh="在 `{…}` 和 `[…]` 里，逗号会结束一个值，函数括号里的逗号也一样。请给值加引号。",
)
HASH_IN_TEXT = Code(
    "OK1102",
    "hash-in-text",
    WARNING,
    since="0.1",
    explain="""
    ` #` begins a comment, so the rest of the text is lost. Quote the value; a real comment has a space behind the `#`.
    ~~~yaml bad
    form: customer
    label: Customer #1
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    form: customer
    label: "Customer #1"
    fields: {name: {type: text}}
    ~~~""",
    zh="` #` 之后是注释，后面的文字会丢失。请给值加引号；真正的注释在 `#` 后留一个空格。",
)
BEGINS_WITH_INDICATOR = Code(
    "OK1103",
    "begins-with-indicator",
    ERROR,
    since="0.1",
    explain="""
    A value that begins with one of `{ [ % @ * & ! > |` or a backtick has a meaning in YAML. Quote it.
    ~~~yaml bad
    form: customer
    title: {code} {name}
    fields: {code: {type: text}, name: {type: text}}
    ~~~
    ~~~yaml good
    form: customer
    title: "{code} {name}"
    fields: {code: {type: text}, name: {type: text}}
    ~~~""",
    zh="以 `{ [ % @ * & ! > |` 或反引号开头的值在 YAML 里另有含义。请加引号。",
)

# The `#` stands first, so that the search runs from one to the next.
_MAYBE_TEXT = re.compile(r"#(?<=[ \t]#)(?=[^\s#!/-])")
_VALUE = re.compile(r"""^\s*(?:-\s+)*(?:[^\s:#'"{\[]+|"[^"]*"|'[^']*'):\s+(?P<value>[{\[%@`*&!>|].*?)\s*$""")
_FLOW_VALUE = re.compile(r"""[:,\[]\s+(?P<value>[%@`*>][^,}\]]*)""")


def quoted(text: str) -> str:
    """Return the text as it must be written in quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def quoting(source: SourceText, start: int, end: int) -> Fix | None:
    """Return the fix that puts a stretch of one line into quotes, or None where it has several lines."""
    text = source.text[start:end]
    if "\n" in text or "\r" in text:
        return None
    meant = quoted(text)
    return Fix(
        title=label(zh=f"加引号：`{meant}`", en=f"quote it: `{meant}`"),
        edits=(source.edit(start, end, meant),),
    )


def comma_in_brackets(source: SourceText, start: int, end: int) -> Finding:
    """Return the finding for a call that a comma of the flow style cut into pieces."""
    meant = quoted(source.text[start:end])
    return Finding(
        code=COMMA_IN_BRACKETS,
        span=source.span(start, end),
        headline=label(
            zh="在 `{}` 或 `[]` 里，逗号把这个值切成了几段",
            en="inside `{}` or `[]` the comma cuts this value into pieces",
        ),
        help=label(zh=f"加引号：`{meant}`", en=f"quote it: `{meant}`"),
        fix=quoting(source, start, end),
    )


def hashes_in_text(source: SourceText, scalars: Iterable[ScalarNode]) -> Iterator[Finding]:
    """Yield a finding for each plain scalar that is cut off by ` #`."""
    suspects = {match.start() for match in _MAYBE_TEXT.finditer(source.text)}
    if not suspects:
        return
    for scalar in scalars:
        if scalar.style or scalar.start == scalar.end:
            continue
        after = len(source.text) - len(source.text[scalar.end :].lstrip(" \t"))
        if after in suspects:
            line_start, line = source.line_at(after)
            meant = quoted(source.text[scalar.start : line_start + len(line.rstrip())])
            yield Finding(
                code=HASH_IN_TEXT,
                span=source.span(after, line_start + len(line)),
                headline=label(zh="` #` 之后被当成注释", en="what follows ` #` is taken for a comment"),
                help=label(
                    zh=f"是文字就加引号：`{meant}`；是注释就在 `#` 后面加空格",
                    en=f"quote it if it is text: `{meant}`; put a space behind `#` if it is a comment",
                ),
                fix=quoting(source, scalar.start, line_start + len(line.rstrip())),
            )


def begins_with_indicator(source: SourceText, offset: int) -> Finding | None:
    """Return the finding for a line on which a value begins with a character of YAML, or None."""
    start, line = source.line_at(offset)
    match = _VALUE.match(line) or next(iter(_FLOW_VALUE.finditer(line)), None)
    if match is None or match["value"] in (">", "|", ">-", "|-", ">+", "|+"):
        return None
    value = match["value"]
    if value[0] in "{[" and not _TEMPLATE.match(value):
        return None
    begin = start + match.start("value")
    meant = quoted(value)
    return Finding(
        code=BEGINS_WITH_INDICATOR,
        span=source.span(begin, begin + len(value)),
        headline=label(
            zh=f"值以 `{value[0]}` 开头，YAML 另有含义",
            en=f"the value begins with `{value[0]}`, which means something to YAML",
        ),
        help=label(zh=f"加引号：`{meant}`", en=f"quote it: `{meant}`"),
        fix=quoting(source, begin, begin + len(value)),
    )


_TEMPLATE = re.compile(r"\{[^{}:,]*\}\s*[^\s#,}\]]")


def pieces_of_call(values: tuple[tuple[Node | None, Node | None], ...], at: int) -> int | None:
    """Return the index of the last piece of a call that begins at `at`, or None where no call is cut.

    Args:
        values: key and value of each entry of a flow mapping; in a sequence the items stand as keys.
        at: the entry whose last node may begin with an open bracket.
    """
    key, value = values[at]
    first = value if value is not None else key
    if not isinstance(first, ScalarNode) or first.style:
        return None
    depth = first.text.count("(") - first.text.count(")")
    if depth <= 0:
        return None
    for index in range(at + 1, len(values)):
        piece, rest = values[index]
        if not isinstance(piece, ScalarNode) or not (
            rest is None or (isinstance(rest, ScalarNode) and rest.is_empty)
        ):
            return None
        depth += piece.text.count("(") - piece.text.count(")") if not piece.style else 0
        if depth == 0:
            return index
    return None
