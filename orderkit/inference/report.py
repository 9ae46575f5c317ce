"""The proposal as people and programs read it: which forms there are, and what is dirty in the data."""

from collections.abc import Iterator

from orderkit.inference.dirt_kinds import Dirt, Example
from orderkit.inference.proposal import FieldProposal, FormProposal, Proposal
from orderkit.model.labels import Label, label, text_of

_MOST_DIRT = 60
_MOST_EXAMPLES = 3
_REFERS = label(zh="引用 {targets}", en="refers to {targets}")
_KEY = label(zh="用 {key} 认出记录", en="known by {key}")
_FIELDS = label(zh="{count} 个字段", en="{count} fields")
_LINES = label(zh="明细 {id}（{count} 个字段）", en="lines `{id}` ({count} fields)")
_CELL = label(zh="1 处", en="1 cell")
_CELLS = label(zh="{count} 处", en="{count} cells")
_EXPECTED = label(zh="应为：{expected}", en="expected: {expected}")
_MORE = label(
    zh="……还有 {count} 项（--format json 全部列出）", en="… and {count} more (--format json lists them all)"
)


def form_lines(proposal: Proposal, language: str) -> Iterator[str]:
    """Yield a line for each form."""
    for form in proposal.forms:
        parts = [_filled(_FIELDS, language, count=len(form.fields))]
        parts += [_filled(_LINES, language, id=each.id, count=len(each.fields)) for each in form.lines]
        if form.key is not None:
            parts.append(_filled(_KEY, language, key=form.key))
        targets = dict.fromkeys(each.target for each in _every_field(form) if each.target is not None)
        if targets:
            parts.append(_filled(_REFERS, language, targets=", ".join(targets)))
        name = text_of(form.label, language)
        separator = "，" if language == "zh" else ", "
        yield f"  {form.id} ({name}): {separator.join(parts)}"


def dirt_lines(proposal: Proposal, language: str) -> Iterator[str]:
    """Yield a line or two for each fault; `!` marks those that an import refuses."""
    for dirt in proposal.dirt[:_MOST_DIRT]:
        mark = "!" if dirt.kind.stops_import else "-"
        heading = f" [{dirt.heading}]" if dirt.heading else ""
        cells = _filled(_CELL if dirt.count == 1 else _CELLS, language, count=dirt.count)
        count = f" ({cells})" if dirt.examples else ""
        colon = "：" if language == "zh" else ": "
        yield f"{mark} {dirt.sheet}{heading}{colon}{text_of(dirt.kind.words, language)}{count}"
        shown = [_shown(example, dirt) for example in dirt.examples[:_MOST_EXAMPLES]]
        if dirt.count > len(shown) and shown:
            shown.append("…")
        if dirt.expected is not None:
            shown.append(_filled(_EXPECTED, language, expected=text_of(dirt.expected, language)))
        if shown:
            yield f"    {'  '.join(shown)}"
    rest = len(proposal.dirt) - _MOST_DIRT
    if rest > 0:
        yield _filled(_MORE, language, count=rest)


def _shown(example: Example, dirt: Dirt) -> str:
    place = example.cell if len(dirt.files) == 1 else f"{example.file}!{example.cell}"
    return f"{place} `{example.found}`" if example.found else place


def document(proposal: Proposal) -> dict[str, object]:
    """Return the whole proposal and every fault, for programs."""
    return {
        "locale": proposal.locale,
        "forms": [_form(form) for form in proposal.forms],
        "imports": [
            {
                "id": each.id,
                "form": each.form,
                "files": list(each.files),
                "sheet": each.sheet,
                "match": list(each.match),
                "columns": dict(each.columns),
                "again": each.is_again,
            }
            for each in proposal.imports
        ],
        "dirt": [_dirt(each) for each in proposal.dirt],
    }


def _form(form: FormProposal) -> dict[str, object]:
    return {
        "id": form.id,
        "label": dict(form.label),
        "key": form.key,
        "unique": [list(each) for each in form.unique],
        "fields": [_field(each) for each in form.fields],
        "lines": {each.id: [_field(one) for one in each.fields] for each in form.lines},
    }


def _field(each: FieldProposal) -> dict[str, object]:
    found: dict[str, object] = {"id": each.id, "label": dict(each.label), "type": each.type, **each.options}
    if each.target is not None:
        found["to"] = each.target
    return {**found, "required": each.is_required, "unique": each.is_unique}


def _dirt(each: Dirt) -> dict[str, object]:
    return {
        "kind": each.kind.word,
        "what": dict(each.kind.words),
        "stops_import": each.kind.stops_import,
        "files": list(each.files),
        "sheet": each.sheet,
        "heading": each.heading,
        "count": each.count,
        "expected": None if each.expected is None else dict(each.expected),
        "examples": [
            {"file": one.file, "sheet": one.sheet, "cell": one.cell, "found": one.found}
            for one in each.examples
        ],
    }


def _every_field(form: FormProposal) -> Iterator[FieldProposal]:
    yield from form.fields
    for lines in form.lines:
        yield from lines.fields


def _filled(words: Label, language: str, **facts: object) -> str:
    return text_of(words, language).format(**facts)
