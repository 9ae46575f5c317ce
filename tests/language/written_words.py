"""Which words of the language some files write: keys of every map, words of actions, options of types.

It follows the declared words down the nodes as `check` does, but reads no values; where a place takes
several shapes, every shape that the node fits counts.
"""

from collections.abc import Iterator, Mapping, Sequence

from orderkit.actions.action_type import ActionType, Word
from orderkit.catalog import built_in
from orderkit.language.source import MappingNode, Node, ScalarNode, SequenceNode, load_file
from orderkit.language.spec import KINDS, Key, Words
from orderkit.language.spec.meanings import Meaning
from orderkit.language.spec.parts import action as action_words
from orderkit.language.spec.parts import field
from orderkit.language.spec.readers import DO_ACTION, Deferred, ListOf, MapOf
from orderkit.language.spec.words import Nested

ACTIONS = built_in().actions
_MOMENTS = (Meaning.DO_ACTION, Meaning.AFTER_ACTION)
_SHAPES: Mapping[Word, object] = {
    Word.ROWS: Nested(action_words.SELECTION),
    Word.RECORDS: Nested(action_words.SELECTION),
    Word.BRANCHES: ListOf(Nested(action_words.BRANCH)),
    Word.PARALLEL: Nested(action_words.PARALLEL),
    Word.DELAY: Nested(action_words.DELAY),
    Word.ACTIONS: ListOf(DO_ACTION, or_one=True),
    Word.NESTED: ListOf(DO_ACTION, or_one=True),
}


class WrittenWords:
    """The words that files write: `keys` themselves, and pairs of owner and word for actions and options."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.keys: list[Key[object]] = []
        self.of_actions: set[tuple[str, str]] = set()
        self.of_types: set[tuple[str, str]] = set()
        for path, text in files.items():
            if path.endswith(".yaml"):
                file = load_file(path, text).value
                assert file is not None, path
                self._file(file.documents[0])

    def __contains__(self, key: Key[object]) -> bool:
        return any(key is each for each in self.keys)

    def _file(self, root: Node) -> None:
        assert isinstance(root, MappingNode)
        names = [key.text for key, _ in root.entries]
        kind = next(name for name in names if name in KINDS and not _is_a_word_beside(name, names))
        self._map(KINDS[kind], root)

    def _map(self, words: Words, node: MappingNode) -> None:
        if field.TYPE in words.keys:
            self._field(node)
        for key, value in node.entries:
            known = words.by_name.get(key.text)
            if known is not None:
                self.keys.append(known)
                self._read(DO_ACTION_LIST if known is action_words.BRANCH_ACTIONS else known.reader, value)
            elif words.more is not None:
                self._read(words.more, value)

    def _field(self, node: MappingNode) -> None:
        type_ = node.get("type")
        if isinstance(type_, ScalarNode):
            self.of_types |= {(type_.text, key.text) for key, _ in node.entries}

    def _read(self, reader: object, node: Node) -> None:
        match reader:
            case Nested():
                words = _words(reader)
                if isinstance(node, MappingNode) and _fits(words, node):
                    self._map(words, node)
                elif isinstance(node, ScalarNode) and words.shorthand is not None:
                    self.keys.append(words.shorthand)
            case ListOf(item=item):
                for each in node.items if isinstance(node, SequenceNode) else (node,):
                    self._read(item, each)
            case MapOf(item=item) if isinstance(node, MappingNode):
                for _, value in node.entries:
                    self._read(item, value)
            case Deferred(meaning=meaning, shapes=shapes):
                if meaning in _MOMENTS and isinstance(node, MappingNode):
                    self._action(node)
                for shape in shapes:
                    self._read(shape, node)

    def _action(self, node: MappingNode) -> None:
        type_ = action_of([key.text for key, _ in node.entries])
        for key, value in node.entries:
            if key.text in type_.words:
                self.of_actions.add((type_.name, key.text))
                self._read(_SHAPES.get(type_.words[key.text]), value)


DO_ACTION_LIST = ListOf(DO_ACTION, or_one=True)


def action_of(names: Sequence[str]) -> ActionType:
    """Return the action that a map with these keys is."""
    (found,) = {name for name in names if name in ACTIONS and set(names) <= _words_of(ACTIONS[name], names)}
    return ACTIONS[found]


def _words_of(type_: ActionType, names: Sequence[str]) -> set[str]:
    return {*type_.words, *(names if type_.more is not None else ())}


def _is_a_word_beside(name: str, names: Sequence[str]) -> bool:
    return any(name in KINDS[other].by_name for other in names if other in KINDS and other != name)


def _words(reader: Nested) -> Words:
    return reader.words if isinstance(reader.words, Words) else reader.words()


def _fits(words: Words, node: MappingNode) -> bool:
    return words.takes_more or all(key.text in words.by_name for key, _ in node.entries)


def all_words() -> list[Words]:
    """Return every map of the language, those within actions among them."""
    found = [
        *KINDS.values(),
        action_words.SELECTION,
        action_words.BRANCH,
        action_words.PARALLEL,
        action_words.DELAY,
    ]
    for words in found:
        found += [inner for inner in _inner(words) if not any(inner is known for known in found)]
    return found


def _inner(words: Words) -> Iterator[Words]:
    readers: list[object] = [key.reader for key in words.keys]
    readers += [] if words.more is None else [words.more]
    while readers:
        match readers.pop():
            case Nested() as reader:
                yield _words(reader)
            case ListOf(item=item) | MapOf(item=item):
                readers.append(item)
            case Deferred(shapes=shapes):
                readers += shapes
