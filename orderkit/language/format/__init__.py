"""Laying a file out as everybody's files look: words in their order, two spaces, comments where they belong.

It works on the text and its nodes and never writes YAML anew: a scalar stays as it was written, a comment
goes with what it belongs to, and the model that comes out is the same.
"""

from orderkit.language.format.formatting import Formatted, format_file

__all__ = ["Formatted", "format_file"]
