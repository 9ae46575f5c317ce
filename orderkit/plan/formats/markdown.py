"""A plan as the comment of a pull request: a line that says how much, then a folded table for each weight.

Texts of a project stand in it as they are read, never as markup, and nobody is called by an `@` in them.
"""

import re
from collections.abc import Iterator, Sequence

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
# GitHub takes 65,536 characters, GitLab more.
_MOST_CHARACTERS = 60_000
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
    end = [*_notes(plan, language), *_refusals(plan, language)]
    room = _MOST_CHARACTERS - sum(map(len, end))
    for severity, words in SEVERITIES.items():
        entries = plan.of(severity)
        if entries:
            rows = [_row(entry, language) for entry in entries]
            shown = _fitting(rows, room)
            room -= sum(map(len, rows[:shown]))
            title = f"{text_of(words, language)} ({len(entries)})"
            yield ""
            yield from _folded(
                title, entries, rows, shown=shown, language=language, is_open=severity in _OPEN
            )
    for dialect, statements in plan.sql.items():
        shown = _fitting(statements, room)
        room -= sum(map(len, statements[:shown]))
        yield from (
            "",
            f"<details><summary>SQL {dialect}</summary>",
            "",
            "```sql",
            *statements[:shown],
            "```",
        )
        yield from (*_left_out(len(statements) - shown, language), "", "</details>")
    yield from end


def _fitting(texts: Sequence[str], room: int) -> int:
    """Return how many of the texts, from the first, there is room for."""
    for number, text in enumerate(texts):
        room -= len(text)
        if room < 0:
            return number
    return len(texts)


def _left_out(count: int, language: str) -> Iterator[str]:
    if count:
        yield from ("", text_of(_MORE, language).format(count=count))


def _folded(
    title: str,
    entries: tuple[Entry, ...],
    rows: Sequence[str],
    *,
    shown: int,
    language: str,
    is_open: bool,
) -> Iterator[str]:
    yield f"<details{' open' if is_open else ''}><summary>{title}</summary>"
    row_of = dict(zip(map(id, entries), rows, strict=True))
    for area, found in by_area(entries[:shown]):
        yield from ("", f"**{text_of(AREAS[area], language)}**", "")
        yield f"| | {' | '.join(text_of(each, language) for each in _COLUMNS)} |"
        yield "|---|---|---|---|"
        yield from (row_of[id(entry)] for entry in found)
    yield from (*_left_out(len(entries) - shown, language), "", "</details>")


def _notes(plan: Plan, language: str) -> Iterator[str]:
    if plan.notes:
        yield from ("", f"**{text_of(NOTES, language)}**", "")
        yield from (f"- {_marked(each, language)}" for each in plan.notes)


def _refusals(plan: Plan, language: str) -> Iterator[str]:
    if plan.refusals:
        yield from ("", f"**{text_of(REFUSED, language)}**", "")
    for problem in plan.refusals:
        code = "" if problem.known_as is None else f"`{problem.known_as.id}` "
        help_ = "" if problem.help is None else f"<br>{_marked(problem.help, language)}"
        yield f"- {code}{_marked(problem.message, language)}{help_}"


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
    text = re.sub(r"([\\|*_\[\]~#!])", r"\\\1", text)
    for mark, written in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("@", "&#64;"), ("`", "&#96;")):
        text = text.replace(mark, written)
    return text
