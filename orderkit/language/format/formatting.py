"""Formatting one file, and the proof that nothing but its looks has changed."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import yaml
from yaml._yaml import CParser

from orderkit.language.findings import Finding, Severity
from orderkit.language.format.items import NotLaidOutError, items_of
from orderkit.language.format.order import put_in_order
from orderkit.language.format.writing import write
from orderkit.language.source import MappingNode, Node, ScalarNode, SequenceNode, SourceText, load_file
from orderkit.language.source.comments import comments_of

_MARK = b"\xef\xbb\xbf"
_EXPLICIT_INDENT = re.compile(r"[|>][+-]?[1-9]")
_QUESTION = re.compile(r"(?:^|[\s{\[,])\?[ \t\n]+$")


@dataclass(frozen=True, slots=True)
class Formatted:
    """A file in its canonical form; as it was where it cannot be read, and then with what is found."""

    data: bytes
    found: tuple[Finding, ...] = ()


def format_file(path: str, data: bytes) -> Formatted:
    """Return a file laid out canonically.

    One with errors of YAML is left alone, as is one with anchors, tags, `---`, or an indentation written
    as a number: how they look is somebody's intention.
    """
    outcome = load_file(path, data)
    errors = tuple(each for each in outcome.found if each.code.severity is Severity.ERROR)
    file = outcome.value
    if errors or file is None or len(file.documents) != 1:
        return Formatted(data, errors)
    text = file.source.text
    line_end = "\r\n" if "\r\n" in text else "\n"
    plain = text.replace("\r\n", "\n")
    if "\r" in plain or not _is_plain_yaml(plain):
        return Formatted(data)
    laid_out = _laid_out(path, plain)
    if laid_out is None or not _is_same(path, plain, laid_out):
        return Formatted(data)
    mark = _MARK if data.startswith(_MARK) else b""
    return Formatted(mark + laid_out.replace("\n", line_end).encode())


def _laid_out(path: str, text: str) -> str | None:
    file = load_file(path, text.encode()).value
    root = file.documents[0] if file is not None and file.documents else None
    if not isinstance(root, MappingNode) or root.is_flow or not root.entries:
        return None
    try:
        top = items_of(root, list(comments_of(root.source)))
    except NotLaidOutError:
        return None
    put_in_order(top)
    return write(top)


def _is_plain_yaml(text: str) -> bool:
    """Whether a file has only what can be moved without changing what it means."""
    parser = CParser(text)
    try:
        while (event := parser.get_event()) is not None:
            if not _is_plain(event, text):
                return False
    except yaml.YAMLError:
        return False
    finally:
        parser.dispose()
    return True


def _is_plain(event: Any, text: str) -> bool:
    if isinstance(event, yaml.AliasEvent):
        return False
    if isinstance(event, yaml.DocumentStartEvent | yaml.DocumentEndEvent):
        return not event.explicit
    if isinstance(event, yaml.ScalarEvent | yaml.MappingStartEvent | yaml.SequenceStartEvent):
        if event.anchor is not None or event.tag is not None:
            return False
        start = _start(event)
        if isinstance(event, yaml.ScalarEvent) and event.style in ("|", ">"):
            return not _EXPLICIT_INDENT.match(text, start)
        return not _QUESTION.search(text[max(0, start - 80) : start])
    return True


def _start(event: Any) -> int:
    return int(event.start_mark.index)


def _is_same(path: str, before: str, after: str) -> bool:
    """Whether two versions of a file hold the same values and the same comments."""
    one, other = load_file(path, before.encode()), load_file(path, after.encode())
    if one.value is None or other.value is None:
        return False
    if [_plain(each) for each in one.value.documents] != [_plain(each) for each in other.value.documents]:
        return False
    comments = [
        Counter(comment.text for comment in comments_of(SourceText(path, text))) for text in (before, after)
    ]
    return comments[0] == comments[1] and Counter(each.code for each in one.found) == Counter(
        each.code for each in other.found
    )


def _plain(node: Node) -> object:
    if isinstance(node, ScalarNode):
        return (node.text, bool(node.style))
    if isinstance(node, SequenceNode):
        return [_plain(item) for item in node.items]
    return {key.text: _plain(value) for key, value in node.entries}
