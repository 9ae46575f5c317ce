"""What is wrong with the YAML itself, in words for people who do not know YAML's grammar."""

import re
from collections.abc import Iterable, Iterator

import yaml

from orderkit.language.findings import ERROR, Applicability, Code, Finding, Fix
from orderkit.language.source import traps
from orderkit.language.source.nodes import ScalarNode
from orderkit.language.source.text import SourceText
from orderkit.model.labels import Label, label

SYNTAX = Code(
    "OK1010",
    "yaml-syntax",
    ERROR,
    since="0.1",
    explain="""
    The file is not YAML from here on: a bracket or quote is not closed, or the indentation does not fit.
    ~~~yaml bad
    form: customer
    fields: {name: {type: text}
    ~~~
    ~~~yaml good
    form: customer
    fields: {name: {type: text}}
    ~~~""",
    zh="从这里起不是合法的 YAML：括号或引号没有闭合，或缩进不对。",
)
TAB = Code(
    "OK1011",
    "tab",
    ERROR,
    since="0.1",
    explain="""
    A tab stands between words or indents a line. Tabs are of different width everywhere; use spaces.
    ~~~yaml bad
    form: customer
    label:	Customer
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    form: customer
    label: Customer
    fields: {name: {type: text}}
    ~~~""",
    zh="词与词之间或缩进用了制表符。制表符在各处宽度不同，请用空格。",
)
_WIDE = re.compile(r"\s*(?:-\s+)?[\w.]+(?P<colon>：)")
_WIDE_COMMA = re.compile(r"，(?=\s*[a-z_][\w.]*\s*$)")
_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7})(?: |$)", re.MULTILINE)
# What the parser says, in words for people.
_PROBLEMS: tuple[tuple[str, Label], ...] = (
    ("mapping values are not allowed", label(zh="这里不能有 `: `", en="a `: ` cannot stand here")),
    ("while scanning a quoted scalar", label(zh="引号没有闭合", en="a quote is not closed")),
    ("expected ',' or", label(zh="括号里这一处读不懂", en="this cannot be read between brackets")),
    ("could not find expected ':'", label(zh="这一行没有 `键: 值`", en="this line holds no `key: value`")),
    (
        "cannot start any token",
        label(zh="值不能以这个字符开头", en="a value cannot begin with this character"),
    ),
    ("escape", label(zh="双引号里不能这样用 `\\`", en="`\\` cannot stand so between double quotes")),
    ("expected key", label(zh="这一行的缩进与上面对不上", en="this line is not indented like those above")),
    ("expected '-'", label(zh="这一行的缩进与上面对不上", en="this line is not indented like those above")),
    (
        "sequence entries are not allowed",
        label(zh="列表项 `- ` 不能写在这里", en="a list item `- ` cannot stand here"),
    ),
)
_NOT_YAML = label(zh="从这里起读不懂", en="this cannot be read from here on")
_HINTS: tuple[tuple[str, Label], ...] = (
    (
        "mapping values are not allowed",
        label(
            zh="值里有 `: ` 就要加引号；否则检查缩进",
            en="quote a value that holds `: `, or check the indentation",
        ),
    ),
    ("while scanning a quoted scalar", label(zh="引号没有闭合", en="a quote is not closed")),
    (
        "while parsing a flow",
        label(
            zh="`{}` 或 `[]` 没有闭合，或少了逗号；值里有括号时要加引号",
            en="a bracket is not closed, or a comma is missing; quote a value that holds brackets",
        ),
    ),
    (
        "could not find expected ':'",
        label(zh="写成 `键: 值`，冒号后留一个空格", en="write `key: value`, with a space behind the colon"),
    ),
    (
        "escape",
        label(zh=r"反斜杠写成 `\\`，或改用单引号", en=r"write a backslash as `\\`, or use single quotes"),
    ),
    (
        "while parsing a block",
        label(
            zh="检查缩进：同一级的键要对齐",
            en="check the indentation: keys of one level stand below each other",
        ),
    ),
)


def offset_of(source: SourceText, error: yaml.YAMLError) -> int:
    """Return where an error of the parser stands."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    index = int(mark.index) if mark is not None else 0
    return max(0, min(index, len(source.text) - 1))


def explain(source: SourceText, error: yaml.YAMLError, offset: int) -> Finding:
    """Return the finding for an error of the parser, as a known trap where it is one."""
    context_mark = getattr(error, "context_mark", None)
    places = [offset, *([int(context_mark.index)] if context_mark is not None else [])]
    for place in places:
        start, line = source.line_at(min(place, max(len(source.text) - 1, 0)))
        indent = line[: len(line) - len(line.lstrip())]
        if "\t" in indent:
            return _tab(source, start + indent.index("\t"))
        trap = traps.begins_with_indicator(source, place)
        if trap is not None:
            return trap
    wide = _full_width_colon(source, offset)
    if wide is not None:
        return wide
    context = int(context_mark.index) if context_mark is not None else None
    special = _conflict(source, offset) or (
        None if context is None else _full_width_comma(source, context, offset)
    )
    if special is not None:
        return special
    problem = f"{getattr(error, 'context', None) or ''} {getattr(error, 'problem', None) or error}".strip()
    headline = next((text for words, text in _PROBLEMS if words in problem), _NOT_YAML)
    at_end = not source.text[offset + 1 :].strip()
    is_unclosed = context is not None and "expected ',' or" in problem and "\n" in source.text[context:offset]
    if context is not None and (at_end or is_unclosed or "expected ':'" in problem):
        offset = min(context, len(source.text) - 1)
    if is_unclosed or (at_end and "while parsing a flow" in problem):
        sign = source.text[offset : offset + 1]
        headline = (
            label(zh=f"`{sign}` 没有闭合", en=f"the `{sign}` is not closed")
            if sign in ("{", "[")
            else label(zh="有一个括号没有闭合", en="a bracket is not closed")
        )
    return Finding(
        code=SYNTAX,
        span=source.span(offset, offset + 1),
        headline=headline,
        help=next((hint for words, hint in _HINTS if words in problem), None),
    )


def _conflict(source: SourceText, offset: int) -> Finding | None:
    """Return the finding for what git leaves in a file that two people changed, before an error."""
    match = _CONFLICT.search(source.text)
    if match is None or match.start() > offset:
        return None
    return Finding(
        code=SYNTAX,
        span=source.span(match.start(), match.end()),
        headline=label(zh="文件里有 git 合并冲突的标记", en="the file holds the marks of a conflict in git"),
        help=label(
            zh="留下要的内容，删掉 `<<<<<<<`、`=======` 和 `>>>>>>>` 这几行",
            en="keep what is right, and delete the lines `<<<<<<<`, `=======` and `>>>>>>>`",
        ),
    )


def _full_width_comma(source: SourceText, start: int, offset: int) -> Finding | None:
    """Return the finding for a Chinese comma between two keys, right before the colon that puzzled the parser."""
    match = _WIDE_COMMA.search(source.text, start, offset)
    if match is None:
        return None
    at = match.start()
    return Finding(
        code=SYNTAX,
        span=source.span(at, at + 1),
        headline=label(zh="两个键之间是中文逗号", en="a full-width comma stands between two keys"),
        help=label(zh="改成英文逗号加空格 `, `", en="write `, ` instead of the full-width `，`"),
        fix=Fix(
            title=label(zh="改成英文逗号加空格", en="write `, `"),
            edits=(source.edit(at, at + 1, "," if source.text[at + 1 : at + 2] == " " else ", "),),
        ),
    )


def _full_width_colon(source: SourceText, offset: int) -> Finding | None:
    """Return the finding for a Chinese colon behind a key, on the line of an error or the one before."""
    start, line = source.line_at(offset)
    for begin, text in ((start, line), source.line_at(max(start - 1, 0))):
        match = _WIDE.match(text)
        if match is not None:
            at = begin + match.start("colon")
            return Finding(
                code=SYNTAX,
                span=source.span(at, at + 1),
                headline=label(zh="键后面是中文冒号", en="a full-width colon stands behind the key"),
                help=label(
                    zh="把中文冒号 `：` 改成英文冒号加空格 `: `",
                    en="write `: ` instead of the full-width `：`",
                ),
                fix=_colon_fix(source, at),
            )
    return None


def tabs(source: SourceText, scalars: Iterable[ScalarNode], stopped_at: int | None) -> Iterator[Finding]:
    """Yield a finding for the first tab of each line that stands outside of quotes, block texts and comments."""
    if "\t" not in source.text:
        return
    inside = sorted((scalar.start, scalar.end) for scalar in scalars if scalar.style)
    end = len(source.text) if stopped_at is None else stopped_at
    index, at, last_line = source.text.find("\t"), 0, -1
    while 0 <= index < end:
        while at < len(inside) and inside[at][1] <= index:
            at += 1
        start, line = source.line_at(index)
        is_in_scalar = at < len(inside) and inside[at][0] <= index
        is_in_comment = "#" in line[: index - start]
        is_at_end = not source.text[index : start + len(line)].strip()
        if not (is_in_scalar or is_in_comment or is_at_end or start == last_line):
            last_line = start
            yield _tab(source, index)
        index = source.text.find("\t", index + 1)


def _tab(source: SourceText, offset: int) -> Finding:
    return Finding(
        code=TAB,
        span=source.span(offset, offset + 1),
        headline=label(zh="这里有制表符（Tab）", en="a tab stands here"),
        help=label(zh="改成空格；文字里的制表符要写在引号里", en="use spaces; a tab in a text needs quotes"),
        fix=_tab_fix(source, offset),
    )


def _tab_fix(source: SourceText, offset: int) -> Fix:
    """Return the fix that writes spaces for the tabs of a line, from this one on.

    Behind words a tab becomes one space. How wide an indent was meant to be nobody can tell, so that one is a guess.
    """
    start, line = source.line_at(offset)
    is_indent = not line[: offset - start].strip()
    end = offset
    while source.text[end : end + 1] in (" ", "\t"):
        end += 1
    text = source.text[offset:end]
    spaces = text.replace("\t", "  ") if is_indent else " "
    return Fix(
        title=label(zh="改成空格", en="write spaces"),
        edits=(source.edit(offset, end, spaces),),
        applicability=Applicability.UNSAFE if is_indent else Applicability.SAFE,
    )


def _colon_fix(source: SourceText, at: int) -> Fix:
    """Return the fix that writes a colon of YAML for a Chinese one."""
    is_spaced = source.text[at + 1 : at + 2] in (" ", "\r", "\n", "")
    return Fix(
        title=label(zh="改成英文冒号加空格", en="write `: `"),
        edits=(source.edit(at, at + 1, ":" if is_spaced else ": "),),
    )
