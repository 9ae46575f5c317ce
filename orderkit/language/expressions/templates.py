"""Reads and checks templates: text with `{expressions}`, `{{` for a brace.

A format follows a colon: `{ordered_on:%Y%m%d}` for dates, `{seq:4}` for the running number.
"""

import re
from collections.abc import Mapping

from orderkit.language.expressions.checking import NO_CHOICES, Checked, Checker
from orderkit.language.expressions.kinship import type_name
from orderkit.language.expressions.naming import NamedWord
from orderkit.language.expressions.problems import NOT_HERE, WRONG_TEMPLATE, WRONG_TYPE, Awaited, Problem
from orderkit.language.expressions.scope import Scope
from orderkit.language.expressions.syntax.parsing import parse
from orderkit.model.expressions.nodes import Expression, Template, TemplatePart
from orderkit.model.expressions.types import Date, DateTime, File, ListOf, Many, Rows, Text
from orderkit.model.labels import label

MAX_CHARACTERS = 20_000
_SEQUENCE = re.compile(r"\s*seq\s*(?::\s*(\d{1,2})\s*)?")
_DATE_FORMAT = re.compile(r"(?:%[YymdHMSjGVu%]|[^%{}])+")


def check_template(text: str, scope: Scope, *, choices: Mapping[int, str] = NO_CHOICES) -> Checked:
    """Read and check a template. The checked expression is a `Template`."""
    reader = _Reader(text, scope, choices)
    reader.read()
    if reader.problems:
        return Checked(expression=None, type=None, problems=tuple(reader.problems), names=tuple(reader.names))
    return Checked(
        expression=Template(tuple(reader.parts)),
        type=Text(),
        awaiting=tuple(reader.awaiting),
        names=tuple(reader.names),
    )


class _Reader:
    """One walk over one template."""

    def __init__(self, text: str, scope: Scope, choices: Mapping[int, str]) -> None:
        self.text = text
        self.choices = choices
        self.scope = scope
        self.parts: list[TemplatePart] = []
        self.problems: list[Problem] = []
        self.names: list[NamedWord] = []
        self.awaiting: list[Awaited] = []

    def read(self) -> None:
        """Read the whole text into parts and problems."""
        fixed: list[str] = []
        position = 0
        while position < len(self.text):
            each = self.text[position]
            if each in "{}" and self.text[position + 1 : position + 2] == each:
                fixed.append(each)
                position += 2
            elif each == "{":
                self.keep(fixed)
                position = self.hole(position)
            elif each == "}":
                self.report(position, position + 1, "多了一个 `}`", "this `}` closes nothing", "}}")
                position += 1
            else:
                fixed.append(each)
                position += 1
        self.keep(fixed)

    def keep(self, fixed: list[str]) -> None:
        """Make a part of the fixed text so far."""
        if fixed:
            self.parts.append(TemplatePart(text="".join(fixed)))
            fixed.clear()

    def report(self, start: int, end: int, zh: str, en: str, literal: str) -> None:
        """Note a stray brace."""
        self.problems.append(
            Problem(
                start,
                end,
                WRONG_TEMPLATE,
                label(zh=zh, en=en),
                label(zh=f"要写花括号本身，写成 `{literal}`", en=f"write `{literal}` for a brace itself"),
            )
        )

    def hole(self, start: int) -> int:
        """Read `{…}` and return where it ends."""
        colon, end = self.limits(start + 1)
        if end < 0:
            self.report(start, start + 1, "`{` 没有结束", "this `{` is not closed", "{{")
            return len(self.text)
        sequence = _SEQUENCE.fullmatch(self.text[start + 1 : end])
        if sequence is not None and (self.scope.has_sequence or sequence[1] is not None):
            self.sequence(start, end, sequence[1] or "1")
            return end + 1
        stop = end if colon < 0 else colon
        source = self.text[start + 1 : stop]
        parsed = parse(source)
        problems = list(parsed.problems)
        if parsed.syntax is not None:
            checker = Checker(self.scope, self.choices)
            found = checker.check(parsed.syntax)
            problems = checker.problems
            self.names += [
                each._replace(start=each.start + start + 1, end=each.end + start + 1)
                for each in checker.names
            ]
            self.awaiting.extend(
                each._replace(start=each.start + start + 1, end=each.end + start + 1)
                for each in checker.awaiting
            )
            if found is not None and not problems:
                self.printed(found, start + 1, stop, self.text[stop + 1 : end] if colon >= 0 else "")
        self.problems.extend(
            each._replace(start=each.start + start + 1, end=each.end + start + 1) for each in problems
        )
        return end + 1

    def limits(self, position: int) -> tuple[int, int]:
        """Return where the format's colon and the closing brace stand, -1 for what is missing."""
        colon = -1
        quote = ""
        while position < len(self.text):
            each = self.text[position]
            if quote:
                quote = "" if each == quote else quote
                position += 1 if each == "\\" else 0
            elif each in "'\"" and colon < 0:
                quote = each
            elif each == ":" and colon < 0:
                colon = position
            elif each == "}":
                return colon, position
            elif each == "{":
                break
            position += 1
        return -1, -1

    def sequence(self, start: int, end: int, width: str) -> None:
        """Keep `{seq:4}`."""
        if self.scope.has_sequence:
            self.parts.append(TemplatePart(format=f"seq:{int(width)}"))
            return
        self.problems.append(
            Problem(
                start,
                end + 1,
                NOT_HERE,
                label(zh="`{seq}` 只能用在 `number` 里", en="`{seq}` has a meaning in `number` only"),
                label(zh="用 `{number}` 写出编号", en="write `{number}` for the record's number"),
            )
        )

    def printed(self, found: Expression, start: int, end: int, form: str) -> None:
        """Keep an expression that can be printed."""
        name = type_name(found.type)
        if isinstance(found.type, Rows | ListOf | Many | File):
            self.problems.append(
                Problem(
                    start,
                    end,
                    WRONG_TYPE,
                    label(zh=f"{name['zh']}不能写进文本", en=f"{name['en']} cannot be printed"),
                )
            )
            return
        if form and not isinstance(found.type, Date | DateTime):
            self.problems.append(
                Problem(
                    end + 1,
                    end + 1 + len(form),
                    WRONG_TEMPLATE,
                    label(zh=f"{name['zh']}没有格式", en=f"{name['en']} has no format"),
                    label(
                        zh="格式只用于日期，例如 `{ordered_on:%Y%m%d}`",
                        en="formats are for dates: `{ordered_on:%Y%m%d}`",
                    ),
                )
            )
            return
        if form and not _DATE_FORMAT.fullmatch(form):
            self.problems.append(
                Problem(
                    end + 1,
                    end + 1 + len(form),
                    WRONG_TEMPLATE,
                    label(zh=f"日期格式 `{form}` 不对", en=f"`{form}` is not a format of dates"),
                    label(zh="用 %Y %y %m %d %H %M %S", en="use %Y %y %m %d %H %M %S"),
                )
            )
            return
        self.parts.append(TemplatePart(expression=found, format=form))
