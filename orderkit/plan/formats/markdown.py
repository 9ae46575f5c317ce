"""A plan as the comment of a pull request: a line that says how much, then a folded table for each weight.

Texts of a project stand in it as they are read, never as markup, and nobody is called by an `@` in them.
"""

import re
from collections.abc import Iterator

from orderkit.database.changes.judging import Severity
from orderkit.model.labels import Label, label, text_of
from orderkit.plan.formats.headings import (
    AGAINST,
    AREAS,
    MARKS,
    NOTES,
    REFUSED,
    SEVERITIES,
    by_area,
    change_told,
    counts_told,
)
from orderkit.plan.values import Entry, Plan
from orderkit.plan.words.filling import filled

_COLUMNS = (
    label(zh="变化", en="change"),
    label(zh="前 → 后", en="before → after"),
    label(zh="影响", en="affects"),
)
_OPEN = frozenset({Severity.DESTRUCTIVE, Severity.BREAKING})
_CODE = re.compile(r"(`[^`\n]*`)")
_MOST_ROWS = 200
_MORE = label(
    zh="……另外 {count} 处；用 `--format json` 看全部", en="… {count} more; `--format json` shows all"
)


def render(plan: Plan, language: str) -> str:
    """Return the comment as text."""
    return "\n".join(_lines(plan, language)).rstrip() + "\n"


def _lines(plan: Plan, language: str) -> Iterator[str]:
    yield f"**orderkit plan · {_escaped(plan.project)}** · {counts_told(plan, language)}"
    if plan.against is not None:
        yield from ("", _marked(filled(AGAINST, against=plan.against), language))
    for severity, words in SEVERITIES.items():
        entries = plan.of(severity)
        if entries:
            yield ""
            yield from _folded(text_of(words, language), entries, language, is_open=severity in _OPEN)
    for dialect, statements in plan.sql.items():
        yield from (
            "",
            f"<details><summary>SQL {dialect}</summary>",
            "",
            "```sql",
            *statements,
            "```",
            "",
            "</details>",
        )
    if plan.notes:
        yield from (
            "",
            f"**{text_of(NOTES, language)}**",
            "",
            *(f"- {_marked(each, language)}" for each in plan.notes),
        )
    if plan.refusals:
        yield from ("", f"**{text_of(REFUSED, language)}**", "")
        for problem in plan.refusals:
            code = "" if problem.known_as is None else f"`{problem.known_as.id}` "
            help_ = "" if problem.help is None else f"<br>{_marked(problem.help, language)}"
            yield f"- {code}{_marked(problem.message, language)}{help_}"


def _folded(title: str, entries: tuple[Entry, ...], language: str, *, is_open: bool) -> Iterator[str]:
    yield f"<details{' open' if is_open else ''}><summary>{title} ({len(entries)})</summary>"
    for area, found in by_area(entries[:_MOST_ROWS]):
        yield from ("", f"**{text_of(AREAS[area], language)}**", "")
        yield f"| | {' | '.join(text_of(each, language) for each in _COLUMNS)} |"
        yield "|---|---|---|---|"
        yield from (_row(entry, language) for entry in found)
    if len(entries) > _MOST_ROWS:
        yield from ("", text_of(_MORE, language).format(count=len(entries) - _MOST_ROWS))
    yield from ("", "</details>")


def _row(entry: Entry, language: str) -> str:
    cells = (
        f"`{MARKS[entry.manner]}`",
        _marked(entry.words, language),
        _cell(change_told(entry, language)),
        "<br>".join(_marked(each.words, language) for each in entry.consequences),
    )
    return f"| {' | '.join(cells)} |"


def _marked(words: Label, language: str) -> str:
    return _cell(text_of(words, language))


def _cell(text: str) -> str:
    """Return a text for a cell of a table; only what stands between backticks is markup."""
    flat = " ".join(text.split())
    return "".join(
        part.replace("|", "\\|")
        if part.startswith("`") and part.endswith("`") and len(part) > 1
        else _escaped(part)
        for part in _CODE.split(flat)
    )


def _escaped(text: str) -> str:
    for mark, written in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("@", "&#64;"), ("`", "&#96;")):
        text = text.replace(mark, written)
    return re.sub(r"([\\|*_\[\]~#!])", r"\\\1", text)
