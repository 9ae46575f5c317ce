"""Bugs that people ran into, kept so that an administrator finds the one whose reference somebody tells.

Kept is where in the program it was, and not what the exception said, nor what was sent: either may hold what
somebody entered. The whole of it stands in the log of the server, under the same reference.
"""

import traceback
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import delete, insert, select

from orderkit.database.schema.system_tables import incident as incidents
from orderkit.engine.runtime import SYSTEM, Channel, Runtime, Unit

log = structlog.get_logger(__name__)

MOST_KEPT = 200
_MOST_FRAMES = 12
_LONGEST_PLACE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One bug. `kind` is the class of the exception, `frames` end where it was raised."""

    id: int
    reference: str
    at: datetime
    channel: str
    place: str
    kind: str
    frames: tuple[str, ...]


def note_incident(
    runtime: Runtime, error: BaseException, *, reference: str, channel: Channel, place: str
) -> None:
    """Keep a bug; the oldest one gives way. What is already going wrong is not made worse by failing here."""
    frames = traceback.extract_tb(error.__traceback__)[-_MOST_FRAMES:]
    try:
        with runtime.write(SYSTEM, channel) as unit:
            made = insert(incidents).values(
                reference=reference,
                at=unit.now,
                channel=channel,
                place=place[:_LONGEST_PLACE],
                kind=type(error).__name__[:_LONGEST_PLACE],
                frames=[f"{_short(each.filename)}:{each.lineno} {each.name}" for each in frames],
            )
            newest = unit.connection.execute(made.returning(incidents.c.id)).scalar_one()
            unit.connection.execute(delete(incidents).where(incidents.c.id <= newest - MOST_KEPT))
    except Exception:
        log.exception("incident_not_kept", action="incidents.note", reference=reference)


def recent_incidents(
    unit: Unit, *, reference: str = "", before: int | None = None, limit: int = 20
) -> tuple[Incident, ...]:
    """Return incidents, newest first: all of them, or those whose reference begins like this."""
    found = select(incidents).order_by(incidents.c.id.desc()).limit(limit)
    if reference:
        found = found.where(incidents.c.reference.startswith(reference, autoescape=True))
    if before is not None:
        found = found.where(incidents.c.id < before)
    return tuple(
        Incident(
            id=row.id,
            reference=row.reference,
            at=row.at,
            channel=row.channel,
            place=row.place,
            kind=row.kind,
            frames=tuple(row.frames),
        )
        for row in unit.connection.execute(found)
    )


def _short(path: str) -> str:
    """Return a path from its package on: where the program is installed says nothing about the bug."""
    parts = Path(path).parts
    for root in ("site-packages", "orderkit"):
        if root in parts:
            at = len(parts) - 1 - parts[::-1].index(root)
            return "/".join(parts[at if root == "orderkit" else at + 1 :])
    return "/".join(parts[-2:])
