"""The records as they were before a batch, for the questions that are about then and not about now."""

from collections.abc import Iterable

from orderkit.engine.records.documents.document import Document
from orderkit.engine.rows import RecordRow, RowsOfUnit
from orderkit.model.expressions.evaluation import Environment
from orderkit.model.expressions.nodes import Find
from orderkit.model.forms import FormId


class Before:
    """A `RowStore` in which the documents of a batch still are what they were."""

    def __init__(self, rows: RowsOfUnit, documents: Iterable[Document]) -> None:
        self._rows = rows
        self._old = {
            (part.form.id, part.old.id): part.old
            for document in documents
            for _, part in document.parts()
            if part.old is not None
        }

    def row(self, form: FormId, record_id: int) -> RecordRow | None:
        """Return a record as it was."""
        return self._old.get((form, record_id)) or self._rows.row(form, record_id)

    def find(self, wanted: Find, environment: Environment) -> RecordRow | None:
        """Return what a `find` means; what is stored is still what was before."""
        return self._rows.find(wanted, environment)

    def title(self, form: FormId, record_id: int) -> str:
        """Return a record's title."""
        return self._rows.title(form, record_id)
