"""Which changes of a file change no finding: comments, blank space, texts for people, and right rules of a form.

Everything else may matter to anything: a field may be read in another file, a number may leave a hole
between two tiers, and what a pass looks at is the pass's business. So nothing here knows what passes
do; it only knows what no pass sees, what none may make a finding of, and which rules nobody looks at but
those who check them (`compile.rules` says which, and checks them).
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from typing import Any

from orderkit.language.cache.entry import Entry
from orderkit.language.findings import Finding
from orderkit.language.source import MappingNode, Node, ScalarNode, SequenceNode, load_file
from orderkit.language.source.directory import TEMPLATE_SUFFIX, is_asset
from orderkit.language.spec import KINDS, Key
from orderkit.language.spec.kinds.form import CHECK_THAT, FORM
from orderkit.language.spec.parts.field import CHECK, FIELD, READONLY_IF, REQUIRED_IF, VISIBLE_IF
from orderkit.language.spec.parts.field import FIELDS as ROWS
from orderkit.language.spec.readers import LabelText, ListOf, MapOf
from orderkit.language.spec.words import Nested, Words

# More changed files than these are read faster all at once.
MOST = 20
# What a form demands and shows. Nobody else looks at what these say, but for which fields they read.
FIELD_RULES = (CHECK, VISIBLE_IF, REQUIRED_IF, READONLY_IF)
RULES = (*FIELD_RULES, CHECK_THAT)

_LINES = MapOf(Nested(FIELD))

RulesCheck = Callable[[str, bytes, Mapping[str, bytes]], bool]
_SPEAKS_TO_US = re.compile(rb"#\s*orderkit\s*:")


class Sameness(Enum):
    """How much of a file is as it was."""

    WORDS = "all but comments and blank space"
    MEANING = "all but texts for people, comments and blank space"
    RULES = "all but rules of a form that nobody else looks at, texts for people, comments and blank space"
    NOTHING = "not enough to say anything"


def still_holds(
    entry: Entry, files: Mapping[str, bytes], changed: Iterable[str], are_right: RulesCheck
) -> bool:
    """Whether what was found then would be found now.

    Texts for people appear in what is said of others (`客户` is a label; write the id `customer`), so with
    those changed it holds only where nothing was found. A place in a changed file may have moved.
    `are_right` is asked about a form whose rules changed: its path, its file as it was, and all files.
    """
    paths = set(changed)
    if len(paths) > MOST or any(_places(finding) & paths for finding in entry.found):
        return False
    ruled = []
    for path in paths:
        was = entry.file(path)
        sameness = Sameness.NOTHING if was is None else compared(path, was, files[path])
        if sameness is Sameness.NOTHING or (sameness is not Sameness.WORDS and entry.found):
            return False
        if was is not None and sameness is Sameness.RULES:
            ruled.append((path, was))
    return all(are_right(path, was, files) for path, was in ruled)


def _places(finding: Finding) -> set[str]:
    return {finding.path, *(note.span.path for note in finding.notes if note.span is not None)}


def compared(path: str, old: bytes, new: bytes) -> Sameness:
    """Return how much of a file is as it was. What cannot be read without a finding is not."""
    if (
        path.endswith(TEMPLATE_SUFFIX)
        or is_asset(path)
        or _SPEAKS_TO_US.search(old)
        or _SPEAKS_TO_US.search(new)
    ):
        # What is a comment in YAML is text in a template.
        return Sameness.NOTHING
    before, after = _document(path, old), _document(path, new)
    if before is None or after is None:
        return Sameness.NOTHING
    if _shown(before, None) == _shown(after, None):
        return Sameness.WORDS
    words = _words_of(before)
    if words is None:
        return Sameness.NOTHING
    if _shown(before, words) == _shown(after, words):
        return Sameness.MEANING
    is_ruled = words is FORM and _shown(before, words, RULES) == _shown(after, words, RULES)
    return Sameness.RULES if is_ruled else Sameness.NOTHING


def _document(path: str, data: bytes) -> Node | None:
    outcome = load_file(path, data)
    file = outcome.value
    return file.documents[0] if file is not None and not outcome.found and len(file.documents) == 1 else None


def _words_of(document: Node) -> Words | None:
    """Return the words of the one kind that a document declares."""
    if not isinstance(document, MappingNode):
        return None
    kinds = [KINDS[key.text] for key, _ in document.entries if key.text in KINDS]
    return kinds[0] if len(kinds) == 1 else None


def _shown(node: Node, reader: object, rules: Sequence[Key[ScalarNode]] = ()) -> object:
    """Return all that passes can tell of a node but where it stands.

    What `reader` reads as prose is left out, and what stands under one of the `rules`.
    """
    if isinstance(reader, LabelText):
        return _without_prose(node)
    if isinstance(node, ScalarNode):
        return node.text, node.style
    if isinstance(node, SequenceNode):
        item = reader.item if isinstance(reader, ListOf) else None
        return "list", node.is_flow, [_shown(each, item, rules) for each in node.items]
    if isinstance(reader, MapOf):
        return (
            "map",
            node.is_flow,
            [(key.text, key.style, _shown(value, reader.item, rules)) for key, value in node.entries],
        )
    words = _words_in(reader)
    return (
        "map",
        node.is_flow,
        [
            (
                key.text,
                key.style,
                _shown_under(None if words is None else words.by_name.get(key.text), value, rules),
            )
            for key, value in node.entries
        ],
    )


def _shown_under(key: Key[Any] | None, value: Node, rules: Sequence[Key[ScalarNode]]) -> object:
    """Return what is shown of a key's value; what is not known counts as it stands."""
    if any(key is each for each in rules) and isinstance(value, ScalarNode) and not value.is_empty:
        return "rule"
    if key is ROWS:
        return _shown(value, _LINES, rules)
    return _shown(value, None if key is None else key.reader, rules)


def _without_prose(node: Node) -> object:
    if isinstance(node, MappingNode):
        return node.is_flow, [(key.text, key.style, _without_prose(value)) for key, value in node.entries]
    if isinstance(node, ScalarNode) and not node.is_empty and not node.is_broken and node.text:
        return "text"
    return _shown(node, None)


def _words_in(reader: object) -> Words | None:
    """Return the words of a map that is read so, where that is known."""
    if isinstance(reader, ListOf) and reader.or_one:
        reader = reader.item
    if isinstance(reader, Nested):
        reader = reader.words if isinstance(reader.words, Words) else reader.words()
    return reader if isinstance(reader, Words) else None
