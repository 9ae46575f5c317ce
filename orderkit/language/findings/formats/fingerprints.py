"""What a finding is recognized by when lines have moved: its code, its file, its message and its line's text."""

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256

from orderkit.language.findings.finding import Finding
from orderkit.language.findings.formats.report import Report


def fingerprints(report: Report) -> Iterator[tuple[Finding, str]]:
    """Yield each finding with its fingerprint; of several that are alike each has its own."""
    seen: Counter[str] = Counter()
    for finding in report.findings:
        lines = report.lines.get(finding.path, ())
        line = lines[finding.span.line - 1].strip() if finding.span.line <= len(lines) else ""
        facts = "\0".join((finding.code.id, finding.path, finding.headline.get("en", ""), line))
        seen[facts] += 1
        yield finding, sha256(f"{facts}\0{seen[facts]}".encode(errors="surrogateescape")).hexdigest()
