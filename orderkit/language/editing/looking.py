"""Looking around: what stands at a place, where it is declared, who else names it, what it is."""

from collections.abc import Iterator

from orderkit.language.compile import Analysis
from orderkit.language.findings import Finding, Span
from orderkit.language.spec.mentions import Mention, Target
from orderkit.model.labels import text_of


def mention_at(analysis: Analysis, path: str, line: int, column: int) -> Mention | None:
    """Return the smallest mention that covers a place, or None. A cursor behind the last character counts."""
    covering = [each for each in analysis.mentions if _covers(each.span, path, line, column)]
    return min(covering, key=lambda each: each.span.end_column - each.span.column, default=None)


def mentions_of(analysis: Analysis, target: Target) -> tuple[Mention, ...]:
    """Return everything that names a target, its declaration among them, by place."""
    return tuple(each for each in analysis.mentions if each.target == target)


def declaration_of(analysis: Analysis, target: Target) -> Mention | None:
    """Return where a target is declared; None for what is built in."""
    return next((each for each in mentions_of(analysis, target) if each.is_declaration), None)


def findings_at(analysis: Analysis, path: str, line: int, column: int) -> Iterator[Finding]:
    """Yield the findings that cover a place."""
    return (each for each in analysis.found if _covers(each.span, path, line, column))


def hover_text(analysis: Analysis, path: str, line: int, column: int, lang: str) -> str | None:
    """Return what is known of a place, as Markdown: the code of a finding explained, and what a name stands for."""
    parts = [
        f"**{each.code.id}** {each.code.name}\n\n{text_of(each.code.explained, lang)}"
        for each in findings_at(analysis, path, line, column)
    ]
    mention = mention_at(analysis, path, line, column)
    if mention is not None:
        parts.append(_described(analysis, mention.target, lang))
    return "\n\n---\n\n".join(parts) or None


def _described(analysis: Analysis, target: Target, lang: str) -> str:
    title = f"`{target.id}`"
    form, _, name = target.id.rpartition(".")
    if target.kind == "form" and target.id in analysis.shapes:
        return f"{title} {text_of(analysis.shapes[target.id].label, lang)}"
    shape = analysis.shapes.get(form)
    field = None if shape is None else shape.fields.get(name)
    if target.kind == "field" and field is not None and field.field is not None:
        return f"{title} {text_of(field.label, lang)} · {field.field.type}"
    return f"{title} · {target.kind}"


def _covers(span: Span, path: str, line: int, column: int) -> bool:
    return span.path == path and (span.line, span.column) <= (line, column) <= (
        span.end_line,
        span.end_column,
    )
