"""The last bugs that people ran into, for administrators: found by the reference that somebody tells."""

from dataclasses import dataclass

from starlette.responses import Response

from orderkit.engine import access
from orderkit.engine.incidents import MOST_KEPT, recent_incidents
from orderkit.web.display.moments import shown_at
from orderkit.web.request.visit import Visit

TEMPLATE = "pages/admin_errors.html"
PAGE_SIZE = 20
LONGEST_REFERENCE = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRow:
    """One bug; `frames` end where it was raised."""

    reference: str
    time: str
    place: str
    kind: str
    frames: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminErrorsPage:
    """The newest bugs, or those of a reference. `kept` says how many there may be."""

    reference: str
    rows: tuple[IncidentRow, ...]
    kept: int
    next_url: str


def show_errors(visit: Visit) -> Response:
    """Show the bugs."""
    reference = visit.query.get("reference", "").strip()[:LONGEST_REFERENCE]
    with visit.reading() as unit:
        access.require_administrator(unit)
        found = recent_incidents(unit, reference=reference, before=visit.before(), limit=PAGE_SIZE + 1)
        page = AdminErrorsPage(
            reference=reference,
            rows=tuple(
                IncidentRow(
                    reference=each.reference,
                    time=shown_at(each.at, visit.zone, visit.locale),
                    place=each.place,
                    kind=each.kind,
                    frames=each.frames,
                )
                for each in found[:PAGE_SIZE]
            ),
            kept=MOST_KEPT,
            next_url=f"/admin/errors?before={found[PAGE_SIZE - 1].id}"
            if len(found) > PAGE_SIZE and not reference
            else "",
        )
        return visit.show(unit, TEMPLATE, page, current="admin")
