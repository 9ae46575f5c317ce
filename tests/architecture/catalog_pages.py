"""Makes the pages about what the catalog holds: field types, workflow actions, connectors."""

import json
from collections.abc import Iterator, Mapping

from orderkit.actions.action_type import ActionType, Word
from orderkit.catalog import built_in
from orderkit.fields.field_type import Accepts, FieldType
from orderkit.language.schema.options import about_options
from orderkit.model.options import OptionModel
from tests.architecture.language_pages import MADE, code, names, sentence

OPTIONS = "| {what} | default | 说明 | what it is | example |\n|---|---|---|---|---|"


def pages() -> dict[str, str]:
    """Return the pages by file name."""
    return {
        "field-types.md": "\n".join(field_types()),
        "actions.md": "\n".join(actions()),
        "connectors.md": "\n".join(connectors()),
    }


def field_types() -> Iterator[str]:
    """Yield the page of field types."""
    yield f"""# Field types

{MADE}
`type:` of a [field](form.md#field--字段); the keys that every field may have stand there, the options of a type here.
"As people type it" is read the same way on pages and in imports; each line is a test.
"""
    for each in built_in().fields.values():
        yield f"## {each.name} · {each.label['zh']}\n\n{sentence(each.description)}\n"
        options = {"type": each.name, **each.example_options}
        yield f"```yaml\nfields: {{example: {flow(without_form(options))}}}\n```\n"
        yield from options_table(each.Options, "option")
        yield from typed(each)


def typed(field_type: FieldType) -> Iterator[str]:
    """Yield what people may type, and how it is shown again."""
    rows = []
    for each in field_type.examples:
        text = code(json.dumps(each.text, ensure_ascii=False).strip('"'))
        if isinstance(each, Accepts):
            options = field_type.Options.model_validate(field_type.example_options)
            shown = each.shown if each.shown is not None else field_type.show(options, each.value, "zh-CN")
            rows.append(
                f"| {text or 'nothing'} | {code(json.dumps(shown, ensure_ascii=False)[1:-1]) or 'empty'} |"
            )
        else:
            rows.append(f"| {text} | refused |")
    yield "\n".join(["| as people type it | shown |\n|---|---|", *rows]) + "\n"


def actions() -> Iterator[str]:
    """Yield the page of actions."""
    yield f"""# Actions

{MADE}
Actions stand in `do` (in the transaction of the change, or not at all) and in `after` and `on_dead` (once it is done).
"""
    for each in built_in().actions.values():
        places = sorted((f"`{effect.value}`" for effect in each.effect), reverse=True)
        places += ["`on_dead`"] if "`after`" in places else []
        yield f"## {each.name} · {each.label['zh']}\n\n{sentence(each.description)}\nIt stands in {', '.join(sorted(places))}.\n"
        if each.awaits_engine:
            yield "It is checked and kept in the model; nothing carries it out yet in this version.\n"
        rows = [
            f"| `{name}` | {reads(each, name, word)} | {'**required**' if name in each.required else ''} |"
            for name, word in each.words.items()
        ]
        yield "\n".join(["| key | reads | |\n|---|---|---|", *rows]) + "\n"
        if each.more is not None:
            yield f"Every other key is {each.more.value}.\n"


def reads(action: ActionType, name: str, word: Word) -> str:
    """Return how a word of an action is read."""
    return names(action.choices[name]) if word is Word.CHOICE else word.value.replace("|", "\\|")


def connectors() -> Iterator[str]:
    """Yield the page of connectors."""
    yield f"""# Connectors

{MADE}
A [connection](connection.md) names a connector and gives its settings; an [integration](integration.md) calls one of its operations and gives the arguments in `with`.
"""
    for each in built_in().connectors.values():
        yield f"## {each.name} · {each.label['zh']}\n\n{sentence(each.description)}\n"
        if each.awaits_engine:
            yield "It is checked, but not carried out yet in this version.\n"
        yield from options_table(each.Settings, "setting")
        for operation in each.operations.values():
            yield f"### {each.name}: {operation.name} · {operation.label['zh']}\n"
            yield from options_table(operation.Arguments, "argument")
            if operation.Results is not None:
                yield from result_table(operation.Results, "result")
            if operation.gives_rows:
                yield "It can be pulled.\n"
            if operation.Row is not None:
                yield from result_table(operation.Row, "row")


def result_table(options: type[OptionModel], root: str) -> Iterator[str]:
    """Yield a line for each part of what comes back."""
    rows = [f"| `{root}.{name}` | {each.zh} | {each.en} |" for name, each in about_options(options).items()]
    if rows:
        yield "\n".join(["| comes back | 说明 | what it is |\n|---|---|---|", *rows]) + "\n"


def options_table(options: type[OptionModel], what: str) -> Iterator[str]:
    """Yield a line for each option."""
    rows = []
    for name, about in about_options(options).items():
        field = options.model_fields[name]
        default = (
            "**required**"
            if field.is_required()
            else code(default_of(field.get_default(call_default_factory=True)))
        )
        example = code(f"{name}: {about.example}")
        rows.append(
            " | ".join([f"| `{name}`", default, about.zh, about.en, example.replace("|", "\\|")]) + " |"
        )
    if rows:
        yield "\n".join([OPTIONS.format(what=what), *rows]) + "\n"


def default_of(value: object) -> str:
    """Return a default as written in YAML; nothing where there is none."""
    return "" if value in (None, "", (), {}) else flow(value)


def without_form(options: Mapping[str, object]) -> dict[str, object]:
    """Return options without the one that the compiler fills in."""
    rows = {"fields": {"name": {"type": "text"}}} if options["type"] == "lines" else {}
    return {**{key: value for key, value in options.items() if key != "form"}, **rows}


def flow(value: object) -> str:
    """Return a value as YAML on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(each) for each in value) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)
