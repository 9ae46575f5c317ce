"""What happened to a record: the audit and its workflows' steps, as this reader may see them."""

from orderkit.engine.records.views import HistoryEntry
from orderkit.engine.runtime import Unit
from orderkit.model.forms import FormId


def history(unit: Unit, form_id: FormId, record_id: int, *, limit: int = 200) -> tuple[HistoryEntry, ...]:
    """Return what happened, newest first. Raises NotFound like `get`."""
    raise NotImplementedError
