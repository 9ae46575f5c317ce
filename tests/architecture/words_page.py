"""Makes `docs/reference/words.md` from the tables that the compiler reads with: `python -m tests.architecture.words_page`."""

from collections.abc import Iterator, Mapping
from typing import Any

from orderkit.catalog import Catalog, built_in
from orderkit.language.spec import readers
from orderkit.language.spec.kinds import KINDS
from orderkit.language.spec.meanings import Meaning
from orderkit.language.spec.words import Nested, Reader, Words
from tests.architecture.repository import ROOT

PAGE = ROOT / "docs" / "reference" / "words.md"
HEAD = """\
# Words

Every word that may stand in a project's YAML, made by `make generate` from the tables that the compiler reads with.
How they work together is told in the [tutorial](../tutorial/first-form.md), formulas in [Expressions](expressions.md), and choices that may surprise in [Choices of the language](language-choices.md).
"""


def page(catalog: Catalog | None = None) -> str:
    """Return the page."""
    lines = [HEAD]
    for kind, words in KINDS.items():
        lines += [f"## {kind}", "", *table(words), ""]
    lines += ["## Parts", "", "Maps that stand inside the kinds above.", ""]
    for words in sorted({id(each): each for each in inner()}.values(), key=name_of):
        lines += [f"### {name_of(words)}", "", *table(words), ""]
    lines += ["## Field types", "", *field_types(catalog or built_in()), ""]
    return "\n".join(lines).rstrip() + "\n"


def table(words: Words) -> list[str]:
    """Return the table of one map's words."""
    lines = ["| word | takes | means | 含义 |", "|---|---|---|---|"]
    for key in words.keys:
        needed = " (required)" if key.required else ""
        about = {language: text.replace("|", "\\|") for language, text in key.about.items()}
        lines.append(f"| `{key.name}`{needed} | {takes(key.reader)} | {about['en']} | {about['zh']} |")
    later = [*words.later, *words.shown_later]
    if later:
        lines += ["", f"Not in this version: {', '.join(f'`{name}`' for name in later)}."]
    return lines


def takes(reader: Reader[Any]) -> str:
    """Return what may stand behind a word."""
    match reader:
        case Nested():
            name = name_of(words_of(reader))
            return f"[{name.replace('_', ' ')}](#{name})"
        case readers.ListOf(item=item, or_one=or_one):
            return f"{takes(item)}, or a list" if or_one else f"list of {takes(item)}"
        case readers.MapOf(item=item):
            return f"map of {takes(item)}"
        case readers.OneOf(words=words):
            return ", ".join(f"`{word}`" for word in words)
        case readers.Whole(least=least, most=most):
            return f"{least} to {most}"
        case readers.Flag():
            return "true or false"
        case readers.AsWritten(meaning=meaning):
            return plain(meaning)
        case readers.Deferred(meaning=meaning, shapes=shapes):
            return plain(meaning) if meaning is not None else ", or ".join(map(takes, shapes)) or "value"
        case readers.LabelText():
            return "label"
        case readers.Duration():
            return "duration"
        case _:
            return "text"


def plain(meaning: Meaning) -> str:
    """Return a meaning as a word."""
    return str(meaning.text["en"]).removeprefix("a ").removeprefix("an ")


def inner() -> Iterator[Words]:
    """Yield the words of every map inside the kinds, each once."""
    seen: set[int] = set()
    waiting = list(KINDS.values())
    while waiting:
        for key in waiting.pop().keys:
            for words in nested(key.reader):
                if id(words) not in seen:
                    seen.add(id(words))
                    waiting.append(words)
                    yield words


def nested(reader: Reader[Any]) -> Iterator[Words]:
    """Yield the words that a reader reads maps by."""
    match reader:
        case Nested():
            yield words_of(reader)
        case readers.ListOf(item=item) | readers.MapOf(item=item):
            yield from nested(item)
        case readers.Deferred(shapes=shapes):
            for each in shapes:
                yield from nested(each)


def words_of(reader: Nested) -> Words:
    """Return the words of a map inside another; words that hold themselves are a function."""
    return reader.words if isinstance(reader.words, Words) else reader.words()


def name_of(words: Words) -> str:
    """Return how a map is called on this page."""
    return words.name["en"].replace(" ", "_")


def field_types(catalog: Catalog) -> list[str]:
    """Return the table of field types."""
    lines = ["| type | means | 含义 | options of its own |", "|---|---|---|---|"]
    for name, field_type in sorted(catalog.fields.items()):
        options: Mapping[str, Any] = field_type.Options.model_fields
        listed = ", ".join(f"`{option}`" for option in options) or "–"
        about = field_type.description
        lines.append(f"| `{name}` | {about['en']} | {about['zh']} | {listed} |")
    return lines


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
