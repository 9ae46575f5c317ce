"""YAML as the JSON that a schema is checked against: plain scalars are typed as the YAML 1.2 core schema says."""

import re

from orderkit.language.source import Node, ScalarNode, SequenceNode, load_file

_WHOLE = re.compile(r"[-+]?\d+")
_NUMBER = re.compile(r"[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?")
_FLAGS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


def json_value(node: Node) -> object:
    """Return what an editor sees: maps, lists, and scalars with their types."""
    if isinstance(node, ScalarNode):
        return _scalar(node)
    if isinstance(node, SequenceNode):
        return [json_value(item) for item in node.items]
    return {key.text: json_value(value) for key, value in node.entries}


def _scalar(node: ScalarNode) -> object:
    if node.style:
        return node.text
    if node.is_empty:
        return None
    if node.text in _FLAGS:
        return _FLAGS[node.text]
    if _WHOLE.fullmatch(node.text):
        return int(node.text)
    return float(node.text) if _NUMBER.fullmatch(node.text) else node.text


def read_value(text: str) -> Node:
    """Return the node of a value as written behind a key: an example or a default of the words.

    Raises:
        ValueError: it is not YAML.
    """
    outcome = load_file("example.yaml", f"value: {text}\n".encode())
    if outcome.found or outcome.value is None:
        raise ValueError(text)
    (document,) = outcome.value.documents
    assert not isinstance(document, ScalarNode | SequenceNode)
    return document.entries[0][1]
