"""A message as text in the language of its reader."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from orderkit.engine.rows import RecordRow, environment_of
from orderkit.engine.rows.environments import NO_ROOTS
from orderkit.engine.runtime import Unit
from orderkit.model.exchange.integrations import Message
from orderkit.model.expressions.evaluation import Value, evaluate
from orderkit.model.expressions.nodes import Template

_YES_NO = {"zh": ("是", "否"), "en": ("yes", "no")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What a reader gets."""

    subject: str
    text: str


def render(
    unit: Unit,
    message: Message,
    row: RecordRow | None,
    locale: str,
    roots: Mapping[str, Value] = NO_ROOTS,
) -> Rendered:
    """Return subject and text for a locale, on the record as it stands in this unit; `roots` are more names."""
    return Rendered(
        subject=_text(unit, _nearest(message.subject, locale), row, locale, roots),
        text=_text(unit, _nearest(message.text, locale), row, locale, roots),
    )


def _text(
    unit: Unit, template: Template | None, row: RecordRow | None, locale: str, roots: Mapping[str, Value]
) -> str:
    if template is None:
        return ""

    def choice_label(form: str, field: str, value: str) -> str:
        found = unit.project.form_by_id[form].by_id[field]
        return unit.runtime.catalog.fields[found.type].show(found.options, value, locale)

    language = "zh" if locale.startswith("zh") else "en"
    environment = replace(
        environment_of(unit, row, roots=roots), choice_label=choice_label, yes_no=_YES_NO[language]
    )
    return str(evaluate(template, environment) or "")


def _nearest(templates: Mapping[str, Template], locale: str) -> Template | None:
    for name in (locale, locale.split("-", 1)[0]):
        if name in templates:
            return templates[name]
    return next(iter(templates.values()), None)
