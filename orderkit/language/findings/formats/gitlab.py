"""GitLab's code quality report: an artifact that a merge request shows beside its lines."""

import json

from orderkit.language.findings.formats.fingerprints import fingerprints
from orderkit.language.findings.formats.report import Format, Report
from orderkit.model.codes import Severity
from orderkit.model.labels import text_of

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.HINT: "info"}


def render(report: Report) -> str:
    """Return the report as JSON."""
    issues = [
        {
            "description": f"{finding.code.id} {text_of(finding.headline, report.lang)}",
            "check_name": finding.code.name,
            "fingerprint": fingerprint,
            "severity": _SEVERITIES[finding.code.severity],
            "location": {
                "path": finding.path,
                "lines": {"begin": finding.span.line, "end": finding.span.end_line},
            },
        }
        for finding, fingerprint in fingerprints(report)
    ]
    return json.dumps(issues, ensure_ascii=False, indent=2)


FORMAT = Format(render, is_for_review=True)
