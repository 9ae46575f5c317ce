"""The timeline: every step of a record's life, append-only, readable in every language."""

from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.views import TimelineEntry


def timeline(unit: Unit, form_id: str, record_id: int) -> tuple[TimelineEntry, ...]:
    """Return the record's steps, oldest first. The caller has checked that the record may be read."""
    raise NotImplementedError
