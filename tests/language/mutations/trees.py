"""YAML as a tree that can be changed, written again, and asked where each of its nodes went."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from orderkit.language.source import MappingNode, Node, ScalarNode, SequenceNode, load_file

Path = tuple[int, ...]


@dataclass(eq=False)
class Tree:
    """One node. A map has `keys`, one for each of `parts`; a list has parts only; a scalar has a text."""

    text: str = ""
    is_plain: bool = True
    keys: list[str] | None = None
    parts: list["Tree"] | None = None
    # A key with its value counts as one node of the map; what is at fault may be either.
    at: tuple[int, int] = field(default=(0, 0))

    @property
    def kind(self) -> str:
        """What it is: `map`, `list` or `scalar`."""
        if self.parts is None:
            return "scalar"
        return "list" if self.keys is None else "map"

    def copy(self) -> "Tree":
        """Return an independent copy."""
        parts = None if self.parts is None else [part.copy() for part in self.parts]
        return Tree(self.text, self.is_plain, None if self.keys is None else [*self.keys], parts)


def read_tree(path: str, data: bytes) -> Tree:
    """Return the tree of a file that can be read."""
    file = load_file(path, data).value
    assert file is not None
    (document,) = file.documents
    return _tree(document)


def _tree(node: Node) -> Tree:
    match node:
        case ScalarNode():
            return Tree(text=node.text, is_plain=not node.style)
        case SequenceNode():
            return Tree(parts=[_tree(item) for item in node.items])
        case MappingNode():
            return Tree(
                keys=[key.text for key, _ in node.entries], parts=[_tree(value) for _, value in node.entries]
            )


def paths(tree: Tree, path: Path = ()) -> Iterator[Path]:
    """Yield the path of every node below the root: at each step the index of a part."""
    for index, part in enumerate(tree.parts or ()):
        yield (*path, index)
        yield from paths(part, (*path, index))


def at(tree: Tree, path: Path) -> Tree:
    """Return the node at a path."""
    for index in path:
        assert tree.parts is not None
        tree = tree.parts[index]
    return tree


def words_in(tree: Tree) -> Iterator[str]:
    """Yield every key and text of a node."""
    yield from tree.keys or ()
    if tree.parts is None:
        yield tree.text
    for part in tree.parts or ():
        yield from words_in(part)


def write_tree(tree: Tree) -> str:
    """Return the tree as YAML in block style. Sets `at` of each node to its lines, from 1, keys included."""
    lines: list[str] = []
    _write(tree, 0, lines)
    return "\n".join(lines) + "\n"


def _write(tree: Tree, depth: int, lines: list[str]) -> None:
    begin = len(lines) + 1
    for index, part in enumerate(tree.parts or ()):
        first = len(lines) + 1
        head = f"{'  ' * depth}{'-' if tree.keys is None else _key(tree.keys[index])}"
        if part.parts is None:
            lines.append(f"{head} {_scalar(part)}".rstrip())
        elif not part.parts:
            lines.append(f"{head} {'[]' if part.keys is None else '{}'}")
        else:
            lines.append(head)
            _write(part, depth + 1, lines)
        part.at = (first, len(lines))
    tree.at = (begin, max(begin, len(lines)))


def _key(text: str) -> str:
    return f"{_quoted(text) if text.strip() != text or not text or text[0] in _SIGNS else text}:"


def _scalar(tree: Tree) -> str:
    if tree.is_plain and (not tree.text or (tree.text[0] not in _SIGNS and "\n" not in tree.text)):
        return tree.text
    return _quoted(tree.text)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


_SIGNS = "!&*{}[]|>@`\"'%#,?"
