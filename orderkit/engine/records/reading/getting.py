"""One record, or titles of many, as this reader may see them."""

from collections.abc import Iterable, Mapping

from orderkit.engine.records.views import RecordView
from orderkit.engine.runtime import Unit
from orderkit.model.forms import FormId


def get(unit: Unit, form_id: FormId, record_id: int) -> RecordView:
    """Return one record with its lines. Raises NotFound when there is none, or it may not be seen."""
    raise NotImplementedError


def titles(unit: Unit, form_id: FormId, ids: Iterable[int]) -> Mapping[int, str]:
    """Return the titles of records, whoever asks: a title is shown to who may read the reference."""
    raise NotImplementedError
