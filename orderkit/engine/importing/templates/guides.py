"""What a template says about a column: its type, what is expected, whether it must be filled."""

from decimal import Decimal
from typing import Any

from orderkit.catalog import Catalog
from orderkit.engine.importing.templates.columns import TemplateColumn
from orderkit.fields.field_type import Invalid
from orderkit.model.forms import Field
from orderkit.model.labels import Label, label, text_of
from orderkit.model.project import Project
from orderkit.model.values.numbers import plain_text

_REQUIRED = label(zh="必填", en="Required")
_OPTIONAL = label(zh="选填", en="Optional")
_IN_RULE = label(zh="由导入规则读取", en="Read by a rule of the import")
_SEVERAL = label(zh="可填多个，用逗号分隔", en="several values, with commas between")
# A text that no type takes for a value, so that each says what it expects.
_NO_VALUE = "\ufffe?"


def guide(catalog: Catalog, project: Project, column: TemplateColumn, locale: str) -> str:
    """Return the note of a column, a line for each thing that it says."""
    return "\n".join(text_of(each, locale) for each in _lines(catalog, project, column))


def _lines(catalog: Catalog, project: Project, column: TemplateColumn) -> list[Label]:
    source = column.source
    if source is None:
        return [_IN_RULE]
    field = source.field
    type_ = catalog.fields[field.type]
    found = [_REQUIRED if column.is_required else _OPTIONAL]
    target = field.target
    if target is not None:
        name = project.form_by_id[target].label
        found.append(
            label(
                zh=f"已有的{text_of(name, 'zh')}：从“参考”表中选",
                en=f"an existing {text_of(name, 'en').lower()}, see the sheet Reference",
            )
        )
    else:
        found.append(type_.label)
        expected = _expected(type_, field)
        if expected is not None:
            found.append(expected)
        found += _bounds(field)
    if column.holds_several:
        found.append(_SEVERAL)
    if source.texts:
        listed = list(source.texts)
        found.append({key: mark.join(listed) for key, mark in (("zh", "、"), ("en", ", "))})
    if field.help is not None:
        found.append(field.help)
    return found


def _expected(type_: Any, field: Field) -> Label | None:
    answer = type_.parse(field.options, _NO_VALUE)
    expected: Label | None = answer.expected if isinstance(answer, Invalid) else None
    return expected


def _bounds(field: Field) -> list[Label]:
    """Return the bounds among a type's options, under whatever type they stand."""
    options = field.options.model_dump()
    found: list[Label] = []
    for name, zh, en in (("min", "最小", "at least"), ("max", "最大", "at most")):
        bound = options.get(name)
        if bound is not None:
            text = plain_text(bound) if isinstance(bound, int | Decimal) else str(bound)
            found.append(label(zh=f"{zh} {text}", en=f"{en} {text}"))
    longest = options.get("max_length")
    if longest is not None:
        found.append(label(zh=f"最多 {longest} 个字", en=f"at most {longest} characters"))
    return found
