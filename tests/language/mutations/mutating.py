"""One slip in one node, as hands make them: forgotten, pasted twice, swapped, another shape, another word."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tests.language.mutations.trees import Path, Tree, at, paths, read_tree, words_in, write_tree


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A project with one changed node: where that is, and by which words a finding may name it."""

    kind: str
    path: str
    key: str
    files: Mapping[str, bytes]
    lines: tuple[int, int]
    names: frozenset[str]


def mutants(files: Mapping[str, bytes]) -> Iterator["Slip"]:
    """Yield every slip that can be made in the YAML among some files, in a fixed order."""
    for path, data in sorted(files.items()):
        if not path.endswith(".yaml"):
            continue
        tree = read_tree(path, data)
        for where in paths(tree):
            for kind, change in CHANGES.items():
                changed = tree.copy()
                if change(at(changed, where[:-1]), where[-1]):
                    yield Slip(kind, path, where)


@dataclass(frozen=True)
class Slip:
    """A slip that has not been made yet."""

    kind: str
    path: str
    where: Path

    def made(self, files: Mapping[str, bytes]) -> Mutant:
        """Return the project with the slip in it."""
        tree = read_tree(self.path, files[self.path])
        parent = at(tree, self.where[:-1])
        index = self.where[-1]
        assert parent.parts is not None
        before = parent.parts[index]
        key = parent.keys[index] if parent.keys is not None else _owner(tree, self.where)
        names = {key, *words_in(before)}
        CHANGES[self.kind](parent, index)
        text = write_tree(tree)
        last = min(index, len(parent.parts) - 1)
        touched = parent.parts[last] if self.kind != "drop" and last >= 0 else parent
        if self.kind in ("swap", "twice"):
            # Two neighbours are changed; either may be blamed.
            first, second = parent.parts[index].at, parent.parts[index + 1].at
            lines = (min(first[0], second[0]), max(first[1], second[1]))
        else:
            lines = touched.at
        names |= set(words_in(touched)) if self.kind != "drop" else set()
        return Mutant(
            kind=self.kind,
            path=self.path,
            key=key,
            files={**files, self.path: text.encode()},
            lines=lines,
            names=frozenset(name for name in names if name),
        )


def written_anew(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files as the mutants write them, without a slip; templates as they are."""
    return {
        path: write_tree(read_tree(path, data)).encode() if path.endswith(".yaml") else data
        for path, data in files.items()
    }


def _owner(tree: Tree, where: Path) -> str:
    """Return the key of the list that an item is in."""
    name = ""
    for index in where:
        if tree.keys is not None:
            name = tree.keys[index]
        assert tree.parts is not None
        tree = tree.parts[index]
    return name


def _drop(parent: Tree, index: int) -> bool:
    assert parent.parts is not None
    del parent.parts[index]
    if parent.keys is not None:
        del parent.keys[index]
    return True


def _twice(parent: Tree, index: int) -> bool:
    assert parent.parts is not None
    parent.parts.insert(index, parent.parts[index].copy())
    if parent.keys is not None:
        parent.keys.insert(index, parent.keys[index])
    return True


def _swap(parent: Tree, index: int) -> bool:
    """Exchange two values; of a map the keys stay."""
    assert parent.parts is not None
    if index + 1 >= len(parent.parts):
        return False
    parts = parent.parts
    parts[index], parts[index + 1] = parts[index + 1], parts[index]
    return True


def _retype(parent: Tree, index: int) -> bool:
    assert parent.parts is not None
    part = parent.parts[index]
    match part.kind:
        case "scalar":
            parent.parts[index] = Tree(keys=["a"], parts=[Tree(part.text, part.is_plain)])
        case "map":
            parent.parts[index] = Tree(parts=part.parts)
        case _:
            parent.parts[index] = Tree(text="x")
    return True


def _empty(parent: Tree, index: int) -> bool:
    assert parent.parts is not None
    parent.parts[index] = Tree()
    return True


def _misspell(parent: Tree, index: int) -> bool:
    assert parent.parts is not None
    part = parent.parts[index]
    if part.kind != "scalar" or not part.text:
        return False
    parent.parts[index] = Tree(f"{part.text[:-1]}zq", part.is_plain)
    return True


def _misspell_key(parent: Tree, index: int) -> bool:
    if parent.keys is None:
        return False
    parent.keys[index] = f"{parent.keys[index][:-1]}zq"
    return True


CHANGES: Mapping[str, Callable[[Tree, int], bool]] = {
    "drop": _drop,
    "twice": _twice,
    "swap": _swap,
    "retype": _retype,
    "empty": _empty,
    "misspell": _misspell,
    "misspell_key": _misspell_key,
}
