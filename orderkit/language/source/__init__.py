"""What stands in the files: YAML as nodes that know their place, without any meaning yet.

`load_file` reads one file, `read_directory` finds them. What the words mean is `spec`'s business.
"""

from orderkit.language.source.directory import read_directory
from orderkit.language.source.nodes import MappingNode, Node, ScalarNode, SequenceNode
from orderkit.language.source.reading import SourceFile, load_file
from orderkit.language.source.text import SourceText

__all__ = [
    "MappingNode",
    "Node",
    "ScalarNode",
    "SequenceNode",
    "SourceFile",
    "SourceText",
    "load_file",
    "read_directory",
]
