"""JUnit's XML, which every CI shows: one test a file, failed where the file has an error."""

import re
from collections.abc import Sequence
from html import escape

from orderkit.language.findings.finding import Finding
from orderkit.language.findings.formats import concise, human
from orderkit.language.findings.formats.report import Format, Report
from orderkit.model.codes import Severity
from orderkit.model.labels import text_of

# What XML 1.0 cannot hold, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report) -> str:
    """Return the report as XML."""
    paths = sorted({*report.sources, *(each.path for each in report.findings)})
    cases = [(path, [each for each in report.findings if each.path == path]) for path in paths]
    failed = sum(_has_error(found) for _, found in cases)
    counts = f'tests="{len(cases)}" failures="{failed}" errors="0"'
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<testsuites name="orderkit check" {counts}>',
            f'  <testsuite name="orderkit check" {counts}>',
            *(_case(path, found, report) for path, found in cases),
            "  </testsuite>",
            "</testsuites>\n",
        ]
    )


def _has_error(found: Sequence[Finding]) -> bool:
    return any(each.code.severity is Severity.ERROR for each in found)


def _case(path: str, found: Sequence[Finding], report: Report) -> str:
    opening = f'    <testcase classname="orderkit.check" name="{_xml(path)}"'
    if not found:
        return f"{opening}/>"
    part = Report(found, report.sources, report.lang)
    if not _has_error(found):
        return f"{opening}>\n      <system-out>{_xml(concise.render(part))}</system-out>\n    </testcase>"
    first = next(each for each in found if each.code.severity is Severity.ERROR)
    return (
        f'{opening}>\n      <failure type="{first.code.id}" message="{_xml(text_of(first.headline, report.lang))}">'
        f"{_xml(human.render(part))}</failure>\n    </testcase>"
    )


def _xml(text: str) -> str:
    return escape(_FORBIDDEN.sub("\ufffd", text))


FORMAT = Format(render, is_for_review=True)
