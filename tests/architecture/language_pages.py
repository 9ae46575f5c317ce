"""Makes the pages of `docs/reference/language/` about kinds: one a kind, every key of every map on it."""

from collections.abc import Iterator
from typing import Any

from orderkit.language.source import MappingNode, load_file, read_directory
from orderkit.language.spec import KINDS, Key, Words, kinds_among
from orderkit.language.spec.meanings import Meaning
from orderkit.language.spec.parts import field as field_words
from orderkit.language.spec.readers import (
    AsWritten,
    Deferred,
    Duration,
    Flag,
    LabelText,
    ListOf,
    MapOf,
    OneOf,
    PlainText,
    Shaped,
    Whole,
)
from orderkit.language.spec.words import Nested, Reader
from tests.architecture.repository import ROOT
from tests.language.literate import cases_of

EXAMPLE = ROOT / "examples" / "order-management"
MADE = "Made from the words of the language by `make generate`.\n"
LINKS = {
    Meaning.EXPRESSION: "../expressions.md",
    Meaning.DO_ACTION: "actions.md",
    Meaning.AFTER_ACTION: "actions.md",
    Meaning.WHO: "../codes/OK4001.md",
}
HEADINGS = "| key | reads | default | 说明 | what it is | example |\n|---|---|---|---|---|---|"


class Pages:
    """The pages; a map that stands on several is described on the first and linked from the others."""

    def __init__(self) -> None:
        self.homes: dict[int, str] = {}
        self.maps: dict[str, list[Words]] = {}
        for kind, words in KINDS.items():
            self.maps[kind] = []
            waiting = [words]
            while waiting:
                for inner in inner_words(waiting.pop(0)):
                    if id(inner) not in self.homes:
                        self.homes[id(inner)] = f"{kind}.md#{anchor(inner)}"
                        self.maps[kind].append(inner)
                        waiting.append(inner)

    def all(self) -> dict[str, str]:
        """Return the page of each kind, and the one that lists them, by file name."""
        pages = {f"{kind}.md": self.page(kind, words) for kind, words in KINDS.items()}
        return {**pages, "README.md": index()}

    def page(self, kind: str, words: Words) -> str:
        """Return the page of one kind."""
        assert words.about is not None
        parts = [f"# {kind} · {words.name['zh']}\n\n{MADE}\n{sentence(words.about)}\n"]
        parts += [f"In the example: {', '.join(links)}.\n"] if (links := examples_of(kind)) else []
        parts += self.section(words)
        for inner in self.maps[kind]:
            parts.append(f"## {inner.name['en']} · {inner.name['zh']}\n")
            parts += self.section(inner)
        return "\n".join([*parts, *complete_example(kind)])

    def section(self, words: Words) -> Iterator[str]:
        """Yield what is said of one map."""
        if words.shorthand is not None:
            yield f"A value in place of the map stands for `{words.shorthand.name}`.\n"
        yield "\n".join([HEADINGS, *(self.row(key) for key in words.keys)]) + "\n"
        if field_words.TYPE in words.keys:
            yield "Further keys are the options of the [field type](field-types.md).\n"
        if words.more is not None:
            yield f"Every other key is a name of the project; under it: {self.reads(words.more)}.\n"
        if words.later:
            yield f"Not in this version: {names(words.later)}.\n"

    def row(self, key: Key[Any]) -> str:
        """Return the line of a key."""
        default = "**required**" if key.required else code(default_of(key))
        cells = (
            code(key.name),
            self.reads(key.reader),
            default,
            key.about["zh"],
            key.about["en"],
            code(f"{key.name}: {example_of(key)}"),
        )
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

    def reads(self, reader: Reader[Any]) -> str:
        """Return how a value is read."""
        match reader:
            case AsWritten():
                return self.meant(reader.meaning)
            case PlainText():
                return "a text"
            case Flag():
                return "`true` or `false`"
            case Whole():
                return f"a whole number, {reader.least} to {reader.most:,}"
            case OneOf():
                return names(reader.words)
            case Duration():
                return "a duration"
            case Shaped():
                return reader.about["en"]
            case LabelText():
                return "a label"
            case ListOf():
                item = self.reads(reader.item)
                return f"{item}, or a list of such" if reader.or_one else f"a list: {item}"
            case MapOf():
                return f"a map, under each name: {self.reads(reader.item)}"
            case Nested():
                words = words_of(reader)
                return f"[{words.name['en']}]({self.homes[id(words)]})"
            case Deferred(meaning=None, shapes=()):
                return "anything"
            case Deferred():
                shapes = [self.reads(shape) for shape in reader.shapes]
                return " or ".join(shapes + ([self.meant(reader.meaning)] if reader.meaning else []))
        raise AssertionError(reader)

    def meant(self, meaning: Meaning) -> str:
        """Return what something is meant as, with a link to where it is described."""
        link = LINKS.get(meaning)
        return f"[{meaning.text['en']}]({link})" if link else meaning.text["en"]


def words_of(reader: Nested) -> Words:
    """Return the words that a nested map is read by."""
    return reader.words if isinstance(reader.words, Words) else reader.words()


def inner_words(words: Words) -> Iterator[Words]:
    """Yield the maps that stand directly in a map, in the order of its keys."""
    readers = [key.reader for key in words.keys] + ([words.more] if words.more is not None else [])
    while readers:
        match readers.pop(0):
            case Nested() as nested:
                yield words_of(nested)
            case ListOf() | MapOf() as several:
                readers.insert(0, several.item)
            case Deferred() as deferred:
                readers[:0] = deferred.shapes


def default_of(key: Key[Any]) -> str:
    """Return what holds where a key is absent, as written in YAML."""
    return key.default or ("false" if isinstance(key.reader, Flag) else "")


def example_of(key: Key[Any]) -> str:
    """Return an example of a key's value, as written in YAML."""
    return key.example or ("true" if isinstance(key.reader, Flag) else "")


def index() -> str:
    """Return the page that lists the kinds."""
    rows = [
        f"| [`{kind}`]({kind}.md) | {(words.about or {})['zh']} | {(words.about or {})['en']} |"
        for kind, words in KINDS.items()
    ]
    return f"""# The words of the language

{MADE}
One object, one file: exactly one key of a file is a kind, its value the id.

| kind | 说明 | what it is |
|---|---|---|
{chr(10).join(rows)}

Beside the kinds: [field types](field-types.md), [actions](actions.md), [connectors](connectors.md), [expressions](../expressions.md), and [what `check` says](../codes.md).

## In an editor

`schemas/` holds a JSON Schema for each kind, and `orderkit.json` for files of any kind; `orderkit schema DIR` writes them where you want them.
An editor with a YAML language server then completes keys and explains them, with this line at the top of a file:

```yaml
# yaml-language-server: $schema=../schemas/orderkit.json
```

A schema says less than `orderkit check`, which also knows what names refer to and whether expressions fit.
"""


def examples_of(kind: str) -> list[str]:
    """Return links to the first files of a kind in the example project."""
    found = []
    for path, data in read_directory(EXAMPLE).items():
        file = load_file(path, data).value
        documents = () if file is None else file.documents
        if any(isinstance(each, MappingNode) and each.key(kind) is not None for each in documents):
            found.append(f"[{path}](../../../examples/order-management/{path})")
    return found[:3]


def complete_example(kind: str) -> Iterator[str]:
    """Yield the files of the test that writes every word of a kind, where there is one."""
    for page in sorted((ROOT / "tests" / "language").glob("*.md")):
        for case in cases_of(page):
            if "every word" in case.heading and declares(next(iter(case.files.values())), kind):
                yield "## A complete example · 完整的例子\n"
                yield from (f"`{path}`\n```yaml\n{text.rstrip()}\n```\n" for path, text in case.files.items())
                return


def declares(text: str, kind: str) -> bool:
    """Whether a file declares an object of a kind."""
    return kind in kinds_among(line.partition(":")[0] for line in text.splitlines())


def sentence(text: Any) -> str:
    """Return a description in both languages, as sentences."""
    return f"{text['zh']}。\n{text['en'][0].upper()}{text['en'][1:]}."


def names(words: Any) -> str:
    """Return words of the language, set apart from prose."""
    return ", ".join(f"`{word}`" for word in words)


def code(text: str) -> str:
    """Return YAML set apart from prose, or nothing."""
    return f"`` {text} ``" if "`" in text else f"`{text}`" if text else ""


def anchor(words: Words) -> str:
    """Return the anchor that Markdown makes of the heading of a map."""
    return f"{words.name['en']}--{words.name['zh']}".replace(" ", "-")


def pages() -> dict[str, str]:
    """Return the pages by file name."""
    return Pages().all()
