"""Lets the audit know whom pages and the API refused something."""

from collections.abc import Collection

from orderkit.engine.audit.noting import Refusals
from orderkit.engine.runtime import Channel, Person, Runtime
from orderkit.model.errors import Denied, NotFound
from orderkit.web.request.passage import Passage

_OF_A_RECORD = frozenset({"form", "id"})


def note_refused(
    runtime: Runtime,
    person: Person,
    channel: Channel,
    error: Denied | NotFound,
    *,
    method: str,
    path: str,
    names: Collection[str],
    passage: Passage,
) -> None:
    """Note what was denied, and records that are not there, or not for this person: which of the two is not told."""
    if isinstance(error, NotFound) and not _OF_A_RECORD.issubset(names):
        return
    runtime.keep(Refusals, Refusals).note(
        runtime,
        person,
        channel,
        verb="denied" if isinstance(error, Denied) else "not_found",
        method=method,
        place=path,
        why=error.explain.get("en", str(error)),
        request_id=passage.request_id,
    )
