"""What the audit says beside changes of records: who was refused, what left the house, what was done about jobs.

The entries stand under names that no form of a project can have.
"""

import threading
from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from orderkit.engine.audit.entries import Entry, write
from orderkit.engine.runtime import Channel, Person, Runtime, Unit

log = structlog.get_logger(__name__)

EXPORT = "ok_export"
REFUSAL = "ok_refusal"
JOBS = "ok_jobs"

# The same refusal is noted once in this time, and of one person no more than so many.
REFUSED_AGAIN = timedelta(minutes=1)
MOST_REFUSALS = 30
_MOST_KNOWN = 10_000
_LONGEST = 300


def note(unit: Unit, subject: str, verb: str, facts: Mapping[str, object]) -> None:
    """Note something that is no change of a record, in this unit. Facts stay for ever: none may be personal."""
    changes = {name: (None, value) for name, value in facts.items()}
    write(unit, [Entry(form=subject, record_id=0, verb=verb, changes=changes)])


class Refusals:
    """Notes who was refused what, bounded, so that nobody fills the disk by asking. One for a runtime."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[int | None, str, str], datetime] = OrderedDict()
        self._recent: dict[int | None, deque[datetime]] = {}

    def note(
        self,
        runtime: Runtime,
        person: Person,
        channel: Channel,
        *,
        verb: str,
        method: str,
        place: str,
        why: str,
        request_id: str | None,
    ) -> None:
        """Note a refusal in a transaction of its own. The answer does not depend on whether that works.

        Args:
            runtime: whose audit.
            person: who was refused.
            channel: through which door they came.
            verb: `denied`, or `not_found` for a record that is not there, or not for them: both take as long.
            method: what was asked of the place, as HTTP says it.
            place: the address, without its query.
            why: what they were told, in English.
            request_id: under which the log has it.
        """
        try:
            if not self._is_new(person.id, method, place, runtime.clock.now()):
                return
            facts = {"method": method[:_LONGEST], "place": place[:_LONGEST], "why": why[:_LONGEST]}
            # What a token may not do is noted all the same.
            with runtime.write(replace(person, scope=None), channel, request_id=request_id) as unit:
                note(unit, REFUSAL, verb, facts)
        except Exception:
            log.exception("refusal_not_noted", action="audit.refusal", request_id=request_id)

    def _is_new(self, person: int | None, method: str, place: str, now: datetime) -> bool:
        key = (person, method, place)
        with self._lock:
            before = self._known.get(key)
            recent = self._recent.setdefault(person, deque())
            while recent and recent[0] <= now - REFUSED_AGAIN:
                recent.popleft()
            if (before is not None and now < before + REFUSED_AGAIN) or len(recent) >= MOST_REFUSALS:
                return False
            recent.append(now)
            self._known[key] = now
            self._known.move_to_end(key)
            if len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)
            return True
