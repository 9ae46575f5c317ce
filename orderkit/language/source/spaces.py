"""Spaces that look like spaces and are none to YAML: those that do not break, and full-width ones.

They come from web pages, chats and Chinese input. Where one indents a key or stands behind its colon, the
file is read as if spaces stood there: what follows from it is then not reported besides.
"""

import re
from collections.abc import Iterable

from orderkit.language.findings import Applicability, Finding, Fix
from orderkit.language.source.nodes import ScalarNode
from orderkit.language.source.syntax import SYNTAX
from orderkit.language.source.text import SourceText
from orderkit.model.labels import label

FULL_WIDTH = "\u3000"
_ODD = f"\u00a0\u2002\u2003\u2009\u202f{FULL_WIDTH}"
_KEY = r"[\w.]+[ ]*:(?=\s|$)"
_INDENT = re.compile(rf"^ *(?P<odd>[{_ODD}][ {_ODD}]*)(?=- |{_KEY})", re.MULTILINE)
_BEHIND = re.compile(rf"^[ {_ODD}]*(?:- )*[\w.]+:(?P<odd>[ ]*[{_ODD}][ {_ODD}]*)", re.MULTILINE)


def odd_spaces(source: SourceText, scalars: Iterable[ScalarNode]) -> tuple[tuple[int, int], ...]:
    """Return the stretches of odd spaces that indent keys or stand behind them, outside of quotes and block texts."""
    if not any(each in source.text for each in _ODD):
        return ()
    inside = [(scalar.start, scalar.end) for scalar in scalars if scalar.style]
    found = {
        match.span("odd")
        for pattern in (_INDENT, _BEHIND)
        for match in pattern.finditer(source.text)
        if not any(start <= match.start("odd") < end for start, end in inside)
    }
    return tuple(sorted(found))


def mended(source: SourceText, stretches: Iterable[tuple[int, int]]) -> SourceText:
    """Return the text with a space for each odd one: every character stays at its place."""
    text = source.text
    for start, end in stretches:
        text = text[:start] + " " * (end - start) + text[end:]
    return SourceText(source.path, text)


def odd_space(source: SourceText, stretches: tuple[tuple[int, int], ...]) -> Finding:
    """Return the one finding for all odd spaces of a file, at the first; a full-width one is as wide as two."""
    (start, end), text = stretches[0], source.text
    is_wide = any(FULL_WIDTH in text[begin:stop] for begin, stop in stretches)
    first = next(index for index in range(start, end) if text[index] != " ")
    sign = f"U+{ord(text[first]):04X}"
    return Finding(
        code=SYNTAX,
        span=source.span(first, end),
        headline=label(
            zh=f"这里的空格不是普通空格（{sign}）", en=f"the space here is none that YAML knows ({sign})"
        ),
        help=label(
            zh="改成普通空格；它多半来自网页、聊天或全角输入",
            en="write plain spaces; such ones come from web pages, chats or full-width input",
        ),
        fix=Fix(
            title=label(zh="改成普通空格", en="write plain spaces"),
            edits=tuple(
                source.edit(
                    begin, stop, "".join("  " if each == FULL_WIDTH else " " for each in text[begin:stop])
                )
                for begin, stop in stretches
            ),
            applicability=Applicability.UNSAFE if is_wide else Applicability.SAFE,
        ),
    )
