"""What the catalog adds to a schema: the options of fields, the kinds of actions, what connections take."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from orderkit.actions.action_type import ActionType, Effect, Word
from orderkit.language.schema.options import (
    Schema,
    argument_schemas,
    option_schemas,
    required_options,
)
from orderkit.language.spec.kinds import integration
from orderkit.language.spec.meanings import Meaning
from orderkit.language.spec.parts import action as action_words
from orderkit.language.spec.parts import field
from orderkit.language.spec.words import Words

if TYPE_CHECKING:
    from orderkit.language.schema.definitions import Definitions


def complete(definitions: "Definitions", words: Words, schema: Schema) -> None:
    """Add to the schema of a map what follows from its field type, connector or operation."""
    if field.TYPE in words.keys:
        _add_field_types(definitions, schema)
    if integration.CONNECTOR in words.keys:
        _add_connectors(definitions, schema)
    if integration.CALL in words.keys:
        _add_operations(definitions, schema)


def _add_field_types(definitions: "Definitions", schema: Schema) -> None:
    types = definitions.catalog.fields
    schema["properties"]["type"] = {**schema["properties"]["type"], "enum": list(types)}
    cases = []
    for name, each in types.items():
        found = option_schemas(each.Options)
        options: Schema = {"description": f"{each.description['zh']}\n\n{each.description['en']}"}
        if found:
            options["properties"] = found
        if required := required_options(each.Options):
            options["required"] = required
        cases.append(_case("type", {"const": name}, definitions.define(f"field_{name}", options)))
    schema["allOf"] = cases
    schema["unevaluatedProperties"] = False


def _add_connectors(definitions: "Definitions", schema: Schema) -> None:
    connectors = definitions.catalog.connectors
    schema["properties"]["connector"] = {**schema["properties"]["connector"], "enum": list(connectors)}
    schema["allOf"] = [
        _case(
            "connector",
            {"const": name},
            {
                "properties": {
                    "settings": {
                        "properties": option_schemas(each.Settings, from_environment=True),
                        "required": required_options(each.Settings),
                        "additionalProperties": False,
                    }
                },
                "required": ["settings"] if required_options(each.Settings) else [],
            },
        )
        for name, each in connectors.items()
    ]


def _add_operations(definitions: "Definitions", schema: Schema) -> None:
    """Add what an operation takes, and which words go together.

    Connectors may share a name of operations; then it takes what any takes.
    """
    schema["oneOf"] = [{"required": [shape.begins.name]} for shape in integration.SHAPES]
    cases: list[Schema] = [
        {"if": {"required": [shape.begins.name]}, "then": {"required": sorted(shape.needed)}}
        for shape in integration.SHAPES
    ]
    names = sorted({name for each in definitions.catalog.connectors.values() for name in each.operations})
    for name in names:
        same = [
            each.operations[name]
            for each in definitions.catalog.connectors.values()
            if name in each.operations
        ]
        arguments = {key: value for each in same for key, value in argument_schemas(each.Arguments).items()}
        taken = {"with": {"properties": arguments, "additionalProperties": False}}
        keys = ["call", "pull"] if any(each.gives_rows for each in same) else ["call"]
        cases += [
            _case(key, {"type": "string", "pattern": rf"\.{name}$"}, {"properties": taken}) for key in keys
        ]
    schema["allOf"] = cases


def _case(key: str, condition: Schema, then: Schema) -> Schema:
    return {"if": {"properties": {key: condition}, "required": [key]}, "then": then}


def action(definitions: "Definitions", meaning: Meaning) -> Schema:
    """Return a reference to the actions that a place takes."""
    name = meaning.name.lower()
    if name in definitions.found:
        return {"$ref": f"#/$defs/{name}"}
    reference = definitions.define(name, {})
    effect = Effect.IN_TRANSACTION if meaning is Meaning.DO_ACTION else Effect.AFTER_COMMIT
    types = [each for each in definitions.catalog.actions.values() if effect in each.effect]
    definitions.define(name, {"type": "object", "anyOf": list(_actions(definitions, types))})
    return reference


def _actions(definitions: "Definitions", types: Iterable[ActionType]) -> Iterable[Schema]:
    for each in types:
        yield {
            "title": f"{each.label['zh']} / {each.label['en']}",
            "description": f"{each.description['zh']}\n\n{each.description['en']}",
            "properties": {
                key: {"enum": list(each.choices[key])} if word is Word.CHOICE else _word(definitions, word)
                for key, word in each.words.items()
            },
            "required": sorted(each.required),
            "additionalProperties": False if each.more is None else _word(definitions, each.more),
        }


def _word(definitions: "Definitions", word: Word) -> Schema:
    match word:
        case Word.EXPRESSION | Word.CONDITION:
            return definitions.meant(Meaning.EXPRESSION)
        case Word.TEMPLATE:
            return definitions.meant(Meaning.TEMPLATE)
        case Word.VALUE | Word.AMOUNT:
            return definitions.meant(Meaning.VALUE)
        case Word.ASSIGNMENTS | Word.ROW_VALUES | Word.ANSWERS | Word.ARGUMENTS | Word.LEDGER_KEYS:
            return {"type": "object", "additionalProperties": definitions.meant(Meaning.VALUE)}
        case Word.WHO:
            return definitions.meant(Meaning.WHO)
        case Word.TEXT:
            return definitions.meant(Meaning.TEXT)
        case Word.FORM | Word.MESSAGE | Word.TRANSITION | Word.UNDONE | Word.FIELD | Word.CALL | Word.POSTING:
            return definitions.meant(Meaning.NAME)
        case Word.TEXTS | Word.FIELDS:
            name = definitions.meant(Meaning.NAME)
            return {"anyOf": [name, {"type": "array", "items": name}]}
        case Word.ACTIONS:
            after = definitions.meant(Meaning.AFTER_ACTION)
            return {"anyOf": [after, {"type": "array", "items": after}]}
        case _:
            return _block(definitions, word)


def _block(definitions: "Definitions", word: Word) -> Schema:
    match word:
        case Word.NESTED:
            return _nested_actions(definitions)
        case Word.ROWS | Word.RECORDS:
            return {
                "anyOf": [definitions.meant(Meaning.EXPRESSION), definitions.nested(action_words.SELECTION)]
            }
        case Word.BRANCHES:
            return {"type": "array", "items": _branch(definitions)}
        case Word.PARALLEL:
            _branch(definitions)
            return definitions.nested(action_words.PARALLEL)
        case Word.DELAY:
            span = definitions.of(action_words.SPAN)
            return {"anyOf": [span, definitions.nested(action_words.DELAY)]}
        case _:
            raise AssertionError(word)


def _branch(definitions: "Definitions") -> Schema:
    """Return a reference to a branch, whose actions are known here only."""
    reference = definitions.nested(action_words.BRANCH)
    name = reference["$ref"].rsplit("/", 1)[-1]
    definitions.found[name]["properties"]["actions"] = _nested_actions(definitions)
    return reference


def _nested_actions(definitions: "Definitions") -> Schema:
    """Return the schema of actions within others: of either moment, which `check` tells apart."""
    either = {"anyOf": [definitions.meant(Meaning.DO_ACTION), definitions.meant(Meaning.AFTER_ACTION)]}
    return {"anyOf": [either, {"type": "array", "items": either}]}
