"""Findings written in the formats that commands and tests use most; `formats` has all of them."""

from collections.abc import Mapping, Sequence

from orderkit.language.findings.finding import Finding
from orderkit.language.findings.formats import concise, human
from orderkit.language.findings.formats.report import Report


def render_json(
    findings: Sequence[Finding], lang: str = "en", sources: Mapping[str, str] | None = None
) -> str:
    """Return the findings as the JSON that `check --format json` prints."""
    from orderkit.language.findings.formats import json  # noqa: PLC0415 - its schema's models load slowly

    return json.render(Report(findings, sources or {}, lang))


def render_concise(findings: Sequence[Finding], lang: str = "en") -> str:
    """Return one line a finding, as compilers print them."""
    return concise.render(Report(findings, {}, lang))


def render_human(findings: Sequence[Finding], sources: Mapping[str, str], lang: str = "en") -> str:
    """Return the findings with the lines they are about.

    Args:
        findings: in the order to be shown.
        sources: the text of each file by path; a finding whose file is missing is shown without lines.
        lang: the language of the texts.
    """
    return human.render(Report(findings, sources, lang))
