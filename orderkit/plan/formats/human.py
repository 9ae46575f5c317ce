"""A plan as a page for people on a terminal: the heaviest first, what it affects under each change."""

from collections.abc import Iterator

from orderkit.model.labels import text_of
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


def render(plan: Plan, language: str) -> str:
    """Return the page as text."""
    return "\n".join(_lines(plan, language)).rstrip() + "\n"


def _lines(plan: Plan, language: str) -> Iterator[str]:
    yield f"{plan.project}{'：' if language == 'zh' else ': '}{counts_told(plan, language)}"
    if plan.against is not None:
        yield text_of(filled(AGAINST, against=plan.against), language)
    for severity, words in SEVERITIES.items():
        entries = plan.of(severity)
        if entries:
            yield ""
            yield text_of(words, language).upper()
            for area, found in by_area(entries):
                yield f"  {text_of(AREAS[area], language)}"
                for entry in found:
                    yield from _entry(entry, language)
    for dialect, statements in plan.sql.items():
        yield from ("", f"SQL {dialect}", *(f"  {line}" for each in statements for line in each.splitlines()))
    if plan.notes:
        yield from (
            "",
            text_of(NOTES, language).upper(),
            *(f"  {text_of(each, language)}" for each in plan.notes),
        )
    if plan.refusals:
        yield from ("", text_of(REFUSED, language).upper())
        for problem in plan.refusals:
            code = (
                "" if problem.known_as is None else f"error[{problem.known_as.id}] {problem.known_as.name}: "
            )
            yield f"  ! {code}{text_of(problem.message, language)}"
            if problem.help is not None:
                yield f"      {text_of(problem.help, language)}"


def _entry(entry: Entry, language: str) -> Iterator[str]:
    yield f"    {MARKS[entry.manner]} {text_of(entry.words, language)}"
    change = change_told(entry, language)
    if change:
        yield f"        {change}"
    for each in entry.consequences:
        yield f"        · {text_of(each.words, language)}"
