"""Printed documents: which there are of a record, who may print them, and what is read for them."""

from orderkit.engine.printing.documents import (
    MOST_PRINTED,
    Printable,
    documents,
    list_documents,
    note_printed,
    printable,
)
from orderkit.engine.printing.reading import Reader

__all__ = [
    "MOST_PRINTED",
    "Printable",
    "Reader",
    "documents",
    "list_documents",
    "note_printed",
    "printable",
]
