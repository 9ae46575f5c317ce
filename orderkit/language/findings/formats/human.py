"""For people: every finding with the lines it is about, what else belongs to it, and how to mend it.

Colours are the command line's; this module writes plain text.
"""

from orderkit.language.findings.finding import Finding, Note
from orderkit.language.findings.formats.frames import frame, visible, where
from orderkit.language.findings.formats.report import Format, Report
from orderkit.model.labels import label, text_of

SHOWN_AT_MOST = 200
_SAFE = label(zh="（可自动修复：orderkit check --fix）", en="   (safe fix: orderkit check --fix)")


def render(report: Report) -> str:
    """Return the findings as blocks of lines; beyond a flood only how many more there are."""
    shown = report.findings[:SHOWN_AT_MOST]
    parts = [_block(finding, report) for finding in shown]
    more = len(report.findings) - len(shown)
    if more > 0:
        parts.append(text_of({"zh": f"还有 {more} 条\n", "en": f"and {more} more\n"}, report.lang))
    return "\n".join(parts)


def title(finding: Finding) -> str:
    """Return how a finding is called: `error[OK1201] unknown-key`."""
    return f"{finding.code.severity.value}[{finding.code.id}] {finding.code.name}"


def _block(finding: Finding, report: Report) -> str:
    span, lang = finding.span, report.lang
    lines = report.lines.get(span.path, ())
    out = [f"{title(finding)}: {visible(text_of(finding.headline, lang))}", f"  --> {where(span)}"]
    help_ = _help(finding, lang)
    if span.line <= len(lines):
        margin = f"{' ' * (len(str(min(span.end_line, len(lines)))) + 2)}|"
        mark = "" if finding.mark is None else text_of(finding.mark, lang)
        out += [margin, *frame(lines, span, mark)]
        if help_ or finding.notes:
            out.append(margin)
    for note in finding.notes:
        out += _note(note, finding, report)
    if help_:
        out.append(f"  help: {help_}")
    return "\n".join(out) + "\n"


def _help(finding: Finding, lang: str) -> str:
    fix = finding.fix
    text = finding.help or (fix.title if fix is not None else None)
    if text is None:
        return ""
    return visible(text_of(text, lang)) + (text_of(_SAFE, lang) if fix is not None and fix.is_safe else "")


def _note(note: Note, finding: Finding, report: Report) -> list[str]:
    text = visible(text_of(note.text, report.lang))
    if note.span is None:
        return [f"  note: {text}"]
    out = [f"  ::: {where(note.span)}   {text}"]
    lines = report.lines.get(note.span.path, ())
    is_seen_already = (
        note.span.path == finding.span.path and finding.span.line <= note.span.line <= finding.span.end_line
    )
    if note.span.line <= len(lines) and not is_seen_already:
        out += frame(lines, note.span, sign="-")
    return out


FORMAT = Format(render)
