"""Renaming an id everywhere it is named, so that the same project stands there under another name.

What has rows in a database (forms, fields) also says what it was called: `renamed_from`, from which the
next migration keeps the data.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from orderkit.catalog import Catalog
from orderkit.language.compile import Analysis, analyse_project
from orderkit.language.compile.names.collecting import is_id
from orderkit.language.editing.looking import declaration_of, mentions_of
from orderkit.language.findings import Span, TextEdit, has_errors
from orderkit.language.findings.edits import edited
from orderkit.language.source import MappingNode, Node, ScalarNode, load_file
from orderkit.language.spec.mentions import Target
from orderkit.model.labels import Label, label

_KEEPS_DATA = ("form", "field")
# What nothing stored refers to by its id.
_FREE = ("reverse", "message", "report", "dashboard", "menu", "seed", "import", "connection", "approval")


@dataclass(frozen=True, slots=True)
class NotRenamed:
    """Why a name has to stay."""

    why: Label


def renameable(analysis: Analysis, target: Target) -> NotRenamed | None:
    """Return why something cannot be renamed here, or None where it can."""
    if declaration_of(analysis, target) is None:
        return NotRenamed(label(zh=f"`{target.name}` 是内置的", en=f"`{target.name}` is built in"))
    if target.kind == "page":
        return NotRenamed(
            label(
                zh=f"模板文件 `templates/pages/{target.name}.html` 和页面地址都叫 `{target.name}`；请连同文件一起改名",
                en=f"its template `templates/pages/{target.name}.html` and its address are called so; rename the file with it",
            )
        )
    if target.kind not in (*_KEEPS_DATA, *_FREE):
        return NotRenamed(
            label(
                zh=f"数据库里的记录用到 `{target.name}`，不能只改名",
                en=f"records in the database refer to `{target.name}`; renaming it here would leave them behind",
            )
        )
    return None


def rename(
    files: Mapping[str, bytes], catalog: Catalog, analysis: Analysis, target: Target, new: str
) -> tuple[TextEdit, ...] | NotRenamed:
    """Return the edits that rename a target everywhere, or why not. The result has no errors it had not."""
    refused = renameable(analysis, target)
    if refused is not None:
        return refused
    if not is_id(new):
        return NotRenamed(
            label(
                zh=f"`{new}` 不能作为标识：用小写字母、数字和 `_`，以字母开头",
                en=f"`{new}` cannot be an id: small letters, digits and `_`, beginning with a letter",
            )
        )
    if has_errors(analysis.found):
        return NotRenamed(label(zh="请先改正项目中的错误", en="mend the errors of the project first"))
    edits = tuple(dict.fromkeys(_edits(files, analysis, target, new)))
    renamed = analyse_project(_edited(files, edits), catalog)
    error = next((each for each in renamed.found if has_errors((each,))), None)
    if error is not None:
        return NotRenamed(
            label(
                zh=f"改名后会出错：{error.headline['zh']}（{error.path}:{error.span.line}）",
                en=f"it would break: {error.headline['en']} ({error.path}:{error.span.line})",
            )
        )
    return edits


def _edits(files: Mapping[str, bytes], analysis: Analysis, target: Target, new: str) -> Iterator[TextEdit]:
    for mention in mentions_of(analysis, target):
        yield TextEdit(named_in(files, mention.span, target.name), new)
    if target.kind in _KEEPS_DATA:
        declaration = declaration_of(analysis, target)
        assert declaration is not None
        yield from _remembering(files, declaration.span, target.name)


def named_in(files: Mapping[str, bytes], span: Span, name: str) -> Span:
    """Return the span of the name itself, inside quotes where there are any."""
    line = files[span.path].decode().split("\n")[span.line - 1]
    start = line.index(name, span.column - 1)
    return Span(span.path, span.line, start + 1, span.line, start + 1 + len(name))


def _remembering(files: Mapping[str, bytes], at: Span, old: str) -> Iterator[TextEdit]:
    """Yield the edit by which the declaration says what it was called."""
    file = load_file(at.path, files[at.path]).value
    assert file is not None
    holder = _declared_at(file.documents[0], at)
    if holder is None:
        return
    kept = holder.get("renamed_from")
    if isinstance(kept, ScalarNode):
        yield TextEdit(named_in(files, kept.span, kept.text), old)
        return
    if holder.is_flow:
        first = holder.entries[0][0].span
        where = Span(first.path, first.line, first.column, first.line, first.column)
        yield TextEdit(where, f"renamed_from: {old}, ")
        return
    # Behind the first entry, which for a form is its kind key.
    key, value = holder.entries[0]
    if isinstance(value, ScalarNode):
        after = value.span
        where = Span(after.path, after.end_line, after.end_column, after.end_line, after.end_column)
        yield TextEdit(where, f"\n{' ' * (key.span.column - 1)}renamed_from: {old}")
    else:
        before = key.span
        where = Span(before.path, before.line, before.column, before.line, before.column)
        yield TextEdit(where, f"renamed_from: {old}\n{' ' * (before.column - 1)}")


def _declared_at(node: Node, at: Span) -> MappingNode | None:
    """Return the map that says what is declared at a place: the form's, or that of the field's options."""
    if not isinstance(node, MappingNode):
        return None
    for key, value in node.entries:
        if key.span == at:
            return value if isinstance(value, MappingNode) else None
        if isinstance(value, ScalarNode) and value.span == at:
            return node
        found = _declared_at(value, at)
        if found is not None:
            return found
    return None


def _edited(files: Mapping[str, bytes], edits: tuple[TextEdit, ...]) -> dict[str, bytes]:
    changed = dict(files)
    for path in {each.span.path for each in edits}:
        changed[path] = edited(
            files[path].decode(), (each for each in edits if each.span.path == path)
        ).encode()
    return changed
