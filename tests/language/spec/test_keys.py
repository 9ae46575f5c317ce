"""Every word is described in both languages, by an example that reads without a finding and fits its schema."""

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from orderkit.actions.action_type import ActionType
from orderkit.catalog import built_in
from orderkit.language.schema import json_value, read_value
from orderkit.language.schema.definitions import Definitions
from orderkit.language.schema.options import about_options
from orderkit.language.spec import KINDS, Key, Reading, Words
from orderkit.language.spec.readers import Deferred, Flag, ListOf, MapOf, plain
from orderkit.language.spec.words import Nested
from orderkit.model.options import OptionModel

CATALOG = built_in()


def inner_words(words: Words) -> Iterator[Words]:
    """Yield the maps that stand directly in a map."""
    readers: list[Any] = [key.reader for key in words.keys]
    readers += [] if words.more is None else [words.more]
    while readers:
        reader = readers.pop()
        if isinstance(reader, Nested):
            yield reader.words if isinstance(reader.words, Words) else reader.words()
        elif isinstance(reader, ListOf | MapOf):
            readers.append(reader.item)
        elif isinstance(reader, Deferred):
            readers += reader.shapes


def all_words() -> list[Words]:
    """Return every map of the language."""
    found = list(KINDS.values())
    for words in found:
        found += [inner for inner in inner_words(words) if not any(inner is known for known in found)]
    return found


KEYS = {f"{words.name['en']}.{key.name}": key for words in all_words() for key in words.keys}
OPTIONS: dict[str, tuple[type[OptionModel], str]] = {
    f"{owner}.{name}": (options, name)
    for owner, options in {
        **{each.name: each.Options for each in CATALOG.fields.values()},
        **{each.name: each.Settings for each in CATALOG.connectors.values()},
        **{
            f"{each.name}.{operation.name}": operation.Arguments
            for each in CATALOG.connectors.values()
            for operation in each.operations.values()
        },
    }.items()
    for name in options.model_fields
    if not (options is CATALOG.fields["lines"].Options and name == "form")
}


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_every_key_is_described_in_chinese_and_english(key: Key[Any]) -> None:
    assert key.about["zh"].strip()
    assert key.about["en"].strip()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_described_in_chinese_and_english(kind: str) -> None:
    about = KINDS[kind].about
    assert about is not None
    assert about["zh"].strip()
    assert about["en"].strip()


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_every_key_has_an_example_that_reads_without_a_finding_and_fits_its_schema(key: Key[Any]) -> None:
    assert key.example or isinstance(key.reader, Flag)
    definitions = Definitions(CATALOG)
    schema = {**definitions.of(key.reader), "$defs": definitions.found}
    for text in filter(None, (key.example, key.default)):
        node = read_value(text)
        reading = Reading()
        key.reader.read(node, reading)
        assert [dict(finding.headline) for finding in reading.found] == []
        assert [error.message for error in Draft202012Validator(schema).iter_errors(json_value(node))] == []


@pytest.mark.parametrize(("options", "name"), OPTIONS.values(), ids=OPTIONS)
def test_every_option_is_described_in_both_languages_by_an_example(
    options: type[OptionModel], name: str
) -> None:
    about = about_options(options)[name]
    assert about.zh
    assert about.en
    assert about.example
    node = read_value(about.example)
    if not about.example.startswith("="):
        adapter = options.__pydantic_validator__
        adapter.validate_assignment(options.model_construct(), name, plain(node))


@pytest.mark.parametrize(
    "described",
    [*CATALOG.fields.values(), *CATALOG.actions.values(), *CATALOG.connectors.values()],
    ids=lambda each: each.name,
)
def test_everything_in_the_catalog_is_described_in_both_languages(described: ActionType) -> None:
    assert described.label["zh"]
    assert described.label["en"]
    assert described.description["zh"]
    assert described.description["en"]
