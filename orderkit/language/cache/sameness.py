"""Which changes of a file change no finding: comments, blank space, and texts for people.

Everything else may matter to anything: a field may be read in another file, a number may leave a hole
between two tiers, and what a pass looks at is the pass's business. So nothing here knows what passes
do; it only knows what no pass sees, and what none may make a finding of.
"""

import re
from collections.abc import Iterable, Mapping
from enum import Enum

from orderkit.language.cache.entry import Entry
from orderkit.language.findings import Finding
from orderkit.language.source import MappingNode, Node, ScalarNode, SequenceNode, load_file
from orderkit.language.source.directory import TEMPLATE_SUFFIX
from orderkit.language.spec import KINDS
from orderkit.language.spec.readers import LabelText, ListOf, MapOf
from orderkit.language.spec.words import Nested, Words

# More changed files than these are read faster all at once.
MOST = 20
_SPEAKS_TO_US = re.compile(rb"#\s*orderkit\s*:")


class Sameness(Enum):
    """How much of a file is as it was."""

    WORDS = "all but comments and blank space"
    MEANING = "all but texts for people, comments and blank space"
    NOTHING = "not enough to say anything"


def still_holds(entry: Entry, files: Mapping[str, bytes], changed: Iterable[str]) -> bool:
    """Whether what was found then would be found now.

    Texts for people appear in what is said of others (`客户` is a label; write the id `customer`), so with
    those changed it holds only where nothing was found. A place in a changed file may have moved.
    """
    paths = set(changed)
    if len(paths) > MOST or any(_places(finding) & paths for finding in entry.found):
        return False
    for path in paths:
        was = entry.file(path)
        sameness = Sameness.NOTHING if was is None else compared(path, was, files[path])
        if sameness is Sameness.NOTHING or (sameness is Sameness.MEANING and entry.found):
            return False
    return True


def _places(finding: Finding) -> set[str]:
    return {finding.path, *(note.span.path for note in finding.notes if note.span is not None)}


def compared(path: str, old: bytes, new: bytes) -> Sameness:
    """Return how much of a file is as it was. What cannot be read without a finding is not."""
    if path.endswith(TEMPLATE_SUFFIX) or _SPEAKS_TO_US.search(old) or _SPEAKS_TO_US.search(new):
        # What is a comment in YAML is text in a template.
        return Sameness.NOTHING
    before, after = _document(path, old), _document(path, new)
    if before is None or after is None:
        return Sameness.NOTHING
    if _shown(before, None) == _shown(after, None):
        return Sameness.WORDS
    words = _words_of(before)
    if words is None or _shown(before, words) != _shown(after, words):
        return Sameness.NOTHING
    return Sameness.MEANING


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


def _shown(node: Node, reader: object) -> object:
    """Return all that passes can tell of a node but where it stands, without what `reader` reads as prose."""
    if isinstance(reader, LabelText):
        return _without_prose(node)
    if isinstance(node, ScalarNode):
        return node.text, node.style
    if isinstance(node, SequenceNode):
        item = reader.item if isinstance(reader, ListOf) else None
        return node.is_flow, [_shown(each, item) for each in node.items]
    return node.is_flow, [
        (key.text, key.style, _shown(value, _reader_of(key.text, reader))) for key, value in node.entries
    ]


def _without_prose(node: Node) -> object:
    if isinstance(node, MappingNode):
        return node.is_flow, [(key.text, key.style, _without_prose(value)) for key, value in node.entries]
    if isinstance(node, ScalarNode) and not node.is_empty and not node.is_broken and node.text:
        return "text"
    return _shown(node, None)


def _reader_of(key: str, reader: object) -> object:
    """Return how a map's value is read, where that is known; what is not known counts as it stands."""
    words = reader
    if isinstance(words, MapOf):
        return words.item
    if isinstance(words, ListOf) and words.or_one:
        words = words.item
    if isinstance(words, Nested):
        words = words.words if isinstance(words.words, Words) else words.words()
    if not isinstance(words, Words) or key not in words.by_name:
        return None
    return words.by_name[key].reader
