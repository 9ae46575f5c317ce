"""What a file says as plain data: mappings, lists, texts, and None where nothing stands.

For those who hand on what was written without reading it. A text stays as it is: `0012`, `on`, `1.10`.
"""

from orderkit.language.source.nodes import MappingNode, Node, ScalarNode, SequenceNode


def plain(node: Node) -> object:
    """Return a node and all below it as plain data."""
    match node:
        case ScalarNode():
            return None if node.is_empty else node.text
        case SequenceNode(items=items):
            return [plain(item) for item in items]
        case MappingNode(entries=entries):
            return {key.text: plain(value) for key, value in entries}
