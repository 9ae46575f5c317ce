"""Records as files: what a reader may take along, under the headings that an import finds again.

`writing` is the way in; a kind of file is one module of `formats`.
"""

from orderkit.engine.exporting.formats import FORMATS, Format
from orderkit.engine.exporting.writing import everything, export, note_exported

__all__ = ["FORMATS", "Format", "everything", "export", "note_exported"]
