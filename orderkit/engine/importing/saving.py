"""A choice of columns as the `import:` of a project: a text that compiles, and reads the same records.

The serving side has no YAML; what is written here are words and quoted texts, which need none.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace

from orderkit.engine.importing.matching.chosen import mapping_with, plan_with
from orderkit.engine.importing.matching.headings import bind
from orderkit.engine.importing.matching.mapping import as_named, plan_of_mapping
from orderkit.engine.importing.options import ChosenColumns
from orderkit.engine.importing.reading.cells import heading_key
from orderkit.engine.importing.reading.tables import Sheet
from orderkit.model.errors import Problem, Refused
from orderkit.model.exchange.imports import ImportMapping
from orderkit.model.expressions.nodes import Expression, Literal
from orderkit.model.forms import SystemRole
from orderkit.model.labels import Label, label, text_of
from orderkit.model.project import Project

_PLAIN = re.compile(
    r"(?!(?:y|n|yes|no|on|off|true|false|null)$)[A-Za-z_][\w ]*\w|[^\W\d_][\w ]*\w", re.IGNORECASE
)
_LONGEST_ID = 50
_ID = re.compile(r"[a-z][a-z0-9_]{0,62}")
_NUMBER_NOTE = "# 单号由文件提供，只有历史导入可以填写单号。 The file gives the numbers, which only an import of history may."


def mapping_text(
    project: Project,
    name: str,
    mapping_id: str,
    sheet: Sheet,
    columns: ChosenColumns,
    *,
    is_sheet_named: bool = False,
) -> str:
    """Return the YAML of an `import:` that reads sheets like this one as somebody chose.

    `is_sheet_named`: only sheets of that name, as others of the same file would fit too.

    Raises: Refused, when it cannot be written: a heading stands twice, or the mapping has rules of its own.
    """
    plan = plan_with(project, name, columns)
    mapping = mapping_with(project, name, columns)
    problems = [*_heading_problems(columns), *_rule_problems(mapping)]
    if not _ID.fullmatch(mapping_id):
        problems.append(Problem(path="import", code="name", message=_bad_id(mapping_id)))
    if problems:
        raise Refused(problems)
    match = bind(plan, sheet, columns).matches(plan)
    saved = plan_of_mapping(project, replace(mapping, header_rows=()))
    is_found = bind(saved, sheet).header_rows == columns.header_rows
    is_numbered = any(slot.field.system is SystemRole.NUMBER for slot in saved.record.slots)
    lines = [f"import: {mapping_id}", f"for: {mapping.form}", f"label: {_label(mapping.label)}"]
    if mapping.sheet is not None or is_sheet_named:
        lines.append(f"sheet: {_text(mapping.sheet if not is_sheet_named and mapping.sheet else sheet.name)}")
    if match:
        lines.append(f"match: [{', '.join(match)}]")
    if mapping.header_rows or not is_found:
        lines.append(f"header_rows: [{', '.join(map(str, columns.header_rows))}]")
    lines.append("columns:")
    lines += [f"  {each.field}: {_text(each.heading)}" for each in mapping.columns]
    lines += _rest(mapping)
    if is_numbered and not mapping.is_history:
        lines += [_NUMBER_NOTE, "history: {}"]
    elif mapping.is_history:
        lines.append(
            f"history: {{waive: [{', '.join(sorted(mapping.waive))}]}}" if mapping.waive else "history: {}"
        )
    return "\n".join((*lines, ""))


def id_like(wanted: str) -> str:
    """Return an id for a mapping that is as much like a name as an id can be."""
    plain = re.sub(r"[^a-z0-9]+", "_", wanted.casefold()).strip("_")[:_LONGEST_ID]
    return plain if _ID.fullmatch(plain) else f"import_{plain}".rstrip("_")


def free_id(project: Project, wanted: str) -> str:
    """Return an id for a mapping that the project does not have yet."""
    base, taken = id_like(wanted), project.import_by_id
    return next(
        each for each in (base, *(f"{base}_{n}" for n in range(2, len(taken) + 3))) if each not in taken
    )


def _rest(mapping: ImportMapping) -> Iterator[str]:
    """Yield what a mapping says besides its columns, as far as it is plain values."""
    if mapping.values:
        yield "values:"
        for path, pairs in mapping.values.items():
            yield f"  {path}: {{{', '.join(f'{_quoted(cell)}: {_quoted(value)}' for cell, value in pairs.items())}}}"
    for word, assigned in (("default", mapping.default), ("set", mapping.set)):
        if assigned:
            yield f"{word}:"
            yield from (f"  {path}: {_value(value)}" for path, value in assigned)
    if mapping.create_missing:
        yield f"create_missing: [{', '.join(mapping.create_missing)}]"


def _value(expression: Expression) -> str:
    value = as_named(expression)
    assert isinstance(value, Literal)
    if value.value is None or isinstance(value.value, bool | int):
        return json.dumps(value.value)
    return _quoted(str(value.value))


def _is_plain(expression: Expression) -> bool:
    value = as_named(expression)
    return isinstance(value, Literal) and not isinstance(value.value, tuple)


def _label(texts: Label) -> str:
    return f"{{{', '.join(f'{language}: {_quoted(text)}' for language, text in texts.items())}}}"


def _text(text: str) -> str:
    """Return a heading as YAML: plain where nothing in it means anything there, else in quotes."""
    return text if _PLAIN.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _heading_problems(columns: ChosenColumns) -> Iterator[Problem]:
    counts: dict[str, int] = {}
    for text in columns.headings.values():
        counts[heading_key(text)] = counts.get(heading_key(text), 0) + 1
    for column in columns.by_path.values():
        text = columns.headings.get(column, "")
        if not heading_key(text) or counts[heading_key(text)] > 1:
            yield Problem(path=text, code="duplicate_heading", message=_not_by_heading(text))


def _rule_problems(mapping: ImportMapping) -> Iterator[Problem]:
    rules = [*(path for path, each in (*mapping.set, *mapping.default) if not _is_plain(each))]
    if mapping.where is not None:
        rules.append("where")
    if rules:
        yield Problem(path=mapping.id, code="has_rules", message=_has_rules(mapping, rules))


def _bad_id(mapping_id: str) -> Label:
    return label(
        zh=f"“{mapping_id}”不能作导入的标识：要用小写字母开头的字母、数字和下划线",
        en=f"`{mapping_id}` cannot be the id of an import: small letters, digits and _, beginning with a letter",
    )


def _not_by_heading(text: str) -> Label:
    return label(
        zh=f"标题“{text}”在表里不止一处，保存的导入无法区分；请先在表里改名",
        en=f"the heading `{text}` stands in the sheet more than once, so that a saved import could not tell which "
        "is meant; rename one of them",
    )


def _has_rules(mapping: ImportMapping, rules: list[str]) -> Label:
    return label(
        zh=f"导入“{text_of(mapping.label, 'zh')}”有自己的规则（{'、'.join(rules)}），请直接修改它的 `columns`",
        en=f"the import `{mapping.id}` has rules of its own ({', '.join(rules)}); change the `columns` where it is "
        "written",
    )
