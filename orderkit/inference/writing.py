"""The proposal as the files of a project, laid out as `orderkit fmt` would."""

import re
from collections.abc import Iterator, Mapping, Sequence

from orderkit.inference.proposal import FieldProposal, FormProposal, ImportProposal, LinesProposal, Proposal
from orderkit.language.format import format_file
from orderkit.model.labels import Label

_PLAIN = re.compile(r"[A-Za-z\u4e00-\u9fff][\w\u4e00-\u9fff]*(?: ?[A-Za-z\u4e00-\u9fff][\w\u4e00-\u9fff]*)*")
# What YAML or a reader of it might take for something else than a text.
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_SIMPLE = re.compile(r"[^'\\]*")


def project_file(proposal: Proposal, project_id: str) -> str:
    """Return the `orderkit.yaml` of a project that is begun with the proposal."""
    other = "en" if proposal.locale == "zh-CN" else "zh-CN"
    return _laid_out(
        "orderkit.yaml",
        [
            f"project: {project_id}",
            f"label: {_text(project_id.replace('_', ' ').capitalize())}",
            "version: 0.1.0",
            'orderkit: ">=0.1"',
            f"locale: {proposal.locale}",
            f"locales: [{proposal.locale}, {other}]",
            "timezone: Asia/Shanghai",
            "currency: CNY",
            "channels: {inbox: built_in}",
        ],
    )


def files_of(proposal: Proposal) -> dict[str, str]:
    """Return a file for each form and each import, by its path in the project."""
    files = {f"forms/{form.id}.yaml": _form(form) for form in proposal.forms}
    return files | {f"imports/{each.id}.yaml": _import(each) for each in proposal.imports}


def _laid_out(path: str, lines: Sequence[str]) -> str:
    return format_file(path, ("\n".join(lines) + "\n").encode()).data.decode()


def _form(form: FormProposal) -> str:
    lines = [f"form: {form.id}", f"label: {_label(form.label)}", f"title: {_text(form.title)}", "fields:"]
    lines += [f"  {each.id}: {_flow(_field(each))}" for each in form.fields]
    for each in form.lines:
        lines += _lines(each)
    if form.unique:
        lines.append(f"unique: [{', '.join(_list(names) for names in form.unique)}]")
    listed = {
        "columns": _list(form.columns),
        "filters": _list(form.filters) if form.filters else None,
        "sort": form.sort,
    }
    lines += ["list:", *(f"  {key}: {value}" for key, value in listed.items() if value is not None)]
    return _laid_out(f"forms/{form.id}.yaml", lines)


def _lines(rows: LinesProposal) -> Iterator[str]:
    yield f"  {rows.id}:"
    yield "    type: lines"
    yield f"    label: {_label(rows.label)}"
    yield "    fields:"
    for each in rows.fields:
        yield f"      {each.id}: {_flow(_field(each))}"


def _field(each: FieldProposal) -> Iterator[tuple[str, str]]:
    yield "type", each.type
    if each.target is not None:
        yield "to", each.target
    yield "label", _label(each.label)
    for name, value in each.options.items():
        if not (name == "scale" and value == _USUAL_SCALES.get(each.type)):
            yield name, _list(value) if isinstance(value, list) else str(value)
    if each.is_required:
        yield "required", "true"
    if each.is_unique:
        yield "unique", "true"
    if each.search:
        yield "search", _list(each.search)


_USUAL_SCALES = {"money": 2, "percent": 4}


def _import(each: ImportProposal) -> str:
    lines = []
    if each.fills_others:
        lines.append("# orderkit: allow OK8303 another sheet makes the records, this one adds their lines")
    lines += [f"import: {each.id}", f"label: {_label(each.label)}", f"for: {each.form}"]
    if each.sheet is not None:
        lines.append(f"sheet: {_text(each.sheet)}")
    if each.match:
        lines.append(f"match: {_list(each.match)}")
    lines += ["columns:", *(f"  {path}: {_text(heading)}" for path, heading in each.columns)]
    if each.values:
        lines.append("values:")
        for path, meant in each.values.items():
            pairs = ((_text(said), _text(option)) for said, option in meant.items())
            lines.append(f"  {path}: {_flow(pairs)}")
    where = None if each.totals is None else _without(*each.totals)
    if where is not None:
        lines.append(f"where: {_text(where)}")
    return _laid_out(f"imports/{each.id}.yaml", lines)


def _without(heading: str, texts: Sequence[str]) -> str | None:
    """Return the condition that leaves rows of totals out; None where a quote in a word would end it."""
    if not all(_SIMPLE.fullmatch(text) for text in (heading, *texts)):
        return None
    listed = ", ".join(f"'{text}'" for text in texts)
    return f"row['{heading}'] == null or row['{heading}'] not in [{listed}]"


def _label(label: Label) -> str:
    return _flow((language, _text(text)) for language, text in label.items())


def _flow(pairs: Iterator[tuple[str, str]] | Mapping[str, str]) -> str:
    given = pairs.items() if isinstance(pairs, Mapping) else pairs
    return "{" + ", ".join(f"{key}: {value}" for key, value in given) + "}"


def _list(values: Sequence[object]) -> str:
    return "[" + ", ".join(_text(str(value)) for value in values) + "]"


def _text(text: str) -> str:
    """Return a text as YAML reads it back, in quotes wherever it is more than plain words."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return '"' + "".join(_ESCAPES.get(each) or _printable(each) for each in text) + '"'


def _printable(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
