"""What has changed in a record since its reader last looked: marked where it stands, with what stood there before."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.background import BackgroundTask

from orderkit.engine.following.looks import SinceLook, changes_since_look, is_look_due, note_look
from orderkit.engine.runtime import Unit
from orderkit.model.errors import NotFound
from orderkit.web.display.moments import shown_at
from orderkit.web.request.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One changed value."""

    label: str
    before: str
    after: str
    by: str
    time: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsView:
    """What has changed since `since`; `by_path` says it of fields (`total`) and cells (`lines.7.price`)."""

    since: str
    changes: tuple[Change, ...]
    by_path: Mapping[str, Change]


NO_NEWS = NewsView(since="", changes=(), by_path={})


def news_view(visit: Visit, unit: Unit, form_id: str, record_id: int) -> NewsView:
    """Return what is new to the reader, who has something to decide about the record."""
    found = changes_since_look(unit, form_id, record_id)
    return NO_NEWS if found is None or not found.news else _view(visit, found)


def look_noted(visit: Visit, unit: Unit, form_id: str, record_id: int) -> BackgroundTask | None:
    """Return what notes the look once the page has been sent, if it is to be noted; a page fetched ahead is no look."""
    if visit.is_ahead or not is_look_due(unit, form_id, record_id):
        return None

    def note() -> None:
        try:
            with visit.writing() as writing:
                note_look(writing, form_id, record_id)
        except NotFound:
            # It was deleted, or is no longer for them, while they looked: there is nothing to note.
            return

    return BackgroundTask(note)


def _view(visit: Visit, found: SinceLook) -> NewsView:
    by_path = {
        each.path: Change(
            label=visit.text(each.label),
            before=each.before or visit.t("record.news_nothing"),
            after=each.after or visit.t("record.news_nothing"),
            by=each.by,
            time=shown_at(each.at, visit.zone, visit.locale),
        )
        for each in found.news
    }
    return NewsView(
        since=shown_at(found.looked_at, visit.zone, visit.locale),
        changes=tuple(by_path.values()),
        by_path=by_path,
    )
