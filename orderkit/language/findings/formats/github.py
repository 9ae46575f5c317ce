"""GitHub's workflow commands: lines in the log that become annotations of a pull request."""

from orderkit.language.findings.finding import Finding
from orderkit.language.findings.formats.report import Format, Report
from orderkit.model.codes import Severity
from orderkit.model.labels import text_of

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "notice"}


def render(report: Report) -> str:
    """Return a command a finding. Nothing that a project wrote can begin another one."""
    return "".join(_command(each, report.lang) for each in report.findings)


def _command(finding: Finding, lang: str) -> str:
    span = finding.span
    facts = {
        "file": span.path,
        "line": str(span.line),
        "endLine": str(span.end_line),
        # GitHub knows columns only within one line.
        **(
            {"col": str(span.column), "endColumn": str(span.end_column)} if span.line == span.end_line else {}
        ),
        "title": f"{finding.code.id} {finding.code.name}",
    }
    message = text_of(finding.headline, lang)
    if finding.help is not None:
        message += "\n" + text_of(finding.help, lang)
    properties = ",".join(f"{name}={_property(value)}" for name, value in facts.items())
    return f"::{_COMMANDS[finding.code.severity]} {properties}::{_data(message)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


FORMAT = Format(render, is_for_review=True)
