"""The life of a record as a picture: a part of the record's page that comes when somebody asks for it."""

from dataclasses import dataclass

from starlette.responses import Response

from orderkit.engine import records
from orderkit.web.pages.record_list import form_of
from orderkit.web.recording.life import LifeView, life_views
from orderkit.web.request.visit import Visit

TEMPLATE = "pages/life.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class LifePart:
    """The lives of one record."""

    url: str
    lives: tuple[LifeView, ...]


def show_life(visit: Visit) -> Response:
    """Show where a record stands in its life. Raises NotFound when there is none, or it may not be seen."""
    with visit.reading() as unit:
        form = form_of(unit, visit.name("form"))
        record = records.get(unit, form.id, visit.number("id"))
        part = LifePart(
            url=f"/forms/{form.id}/{record.id}/life", lives=tuple(life_views(visit, unit, form.id, record))
        )
    return visit.part(TEMPLATE, part)
