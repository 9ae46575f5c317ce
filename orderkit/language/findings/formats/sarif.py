"""SARIF 2.1.0, the exchange format of static analysis: GitHub's code scanning, Azure DevOps, editors."""

import json
from typing import Any
from urllib.parse import quote

from orderkit.language.findings.finding import Finding, Note
from orderkit.language.findings.fix import Fix, TextEdit
from orderkit.language.findings.formats.fingerprints import fingerprints
from orderkit.language.findings.formats.report import Format, Report
from orderkit.language.findings.span import Span
from orderkit.model.codes import Code, Severity
from orderkit.model.labels import Label, text_of

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "note"}


def render(report: Report) -> str:
    """Return a log with one run. Rules are those that were broken; a message is in the report's language.

    Both languages stand in `properties`.
    """
    codes = sorted({each.code.id: each.code for each in report.findings}.values(), key=lambda code: code.id)
    index = {code.id: number for number, code in enumerate(codes)}
    driver = {
        "name": "orderkit",
        **({"version": report.version, "semanticVersion": report.version} if report.version else {}),
        "rules": [_rule(code, report.lang) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "language": "zh-CN" if report.lang == "zh" else "en-US",
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, mark, index, report.lang) for each, mark in fingerprints(report)],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


def _rule(code: Code, lang: str) -> dict[str, Any]:
    prose = text_of(code.explained, lang)
    examples = "".join(
        f"\n\n{word}\n\n```yaml\n{text.rstrip()}\n```"
        for word, text in (
            (_word("错误：", "Wrong:", lang), code.bad),
            (_word("正确：", "Right:", lang), code.good),
        )
        if text
    )
    return {
        "id": code.id,
        "name": code.name,
        # A name, not an address: the page of a code lies in `docs/reference/codes/`, and its text stands in `help`.
        "helpUri": f"urn:orderkit:code:{code.id}",
        "shortDescription": {"text": code.name.replace("-", " ")},
        "fullDescription": {"text": prose},
        "help": {"text": prose, "markdown": prose + examples},
        "defaultConfiguration": {"level": _LEVELS[code.severity]},
        "properties": {"since": code.since, "explanation": dict(code.explained)},
    }


def _word(zh: str, en: str, lang: str) -> str:
    return zh if lang == "zh" else en


def _result(finding: Finding, fingerprint: str, index: dict[str, int], lang: str) -> dict[str, Any]:
    message = text_of(finding.headline, lang)
    if finding.help is not None:
        message += f"\n{text_of(finding.help, lang)}"
    result: dict[str, Any] = {
        "ruleId": finding.code.id,
        "ruleIndex": index[finding.code.id],
        "level": _LEVELS[finding.code.severity],
        "message": {"text": message},
        "locations": [{"physicalLocation": _place(finding.span)}],
        "partialFingerprints": {"orderkit/v1": fingerprint},
        "properties": {
            "headline": dict(finding.headline),
            **({} if finding.help is None else {"help": dict(finding.help)}),
        },
    }
    related = [
        _related(number, note, note.span, lang)
        for number, note in enumerate(finding.notes, start=1)
        if note.span is not None
    ]
    if related:
        result["relatedLocations"] = related
    if finding.fix is not None and finding.fix.edits:
        result["fixes"] = [_fix(finding.fix, lang)]
    return result


def _related(number: int, note: Note, span: Span, lang: str) -> dict[str, Any]:
    return {"id": number, "message": {"text": text_of(note.text, lang)}, "physicalLocation": _place(span)}


def _fix(fix: Fix, lang: str) -> dict[str, Any]:
    paths = dict.fromkeys(edit.span.path for edit in fix.edits)
    title: Label = fix.title
    return {
        "description": {"text": text_of(title, lang)},
        "artifactChanges": [
            {
                "artifactLocation": {"uri": quote(path, errors="surrogateescape")},
                "replacements": [_replacement(edit) for edit in fix.edits if edit.span.path == path],
            }
            for path in paths
        ],
        "properties": {"applicability": fix.applicability.value},
    }


def _replacement(edit: TextEdit) -> dict[str, Any]:
    if edit.span.column == 0:
        # The byte-order mark is no character of the text; only bytes can name it.
        return {"deletedRegion": {"byteOffset": 0, "byteLength": 3}}
    replacement: dict[str, Any] = {"deletedRegion": _region(edit.span)}
    if edit.text:
        replacement["insertedContent"] = {"text": edit.text}
    return replacement


def _place(span: Span) -> dict[str, Any]:
    return {"artifactLocation": {"uri": quote(span.path, errors="surrogateescape")}, "region": _region(span)}


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


FORMAT = Format(render, is_for_review=True)
