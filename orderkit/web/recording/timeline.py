"""What happened to a record, newest first: its audit and its workflow's steps in one line of events."""

from dataclasses import dataclass

from orderkit.engine import records
from orderkit.engine.records import HistoryEntry, RecordView
from orderkit.engine.runtime import Unit
from orderkit.model.forms import Form
from orderkit.model.labels import text_of
from orderkit.web.display.moments import shown_at
from orderkit.web.rendering.texts import Speaker

FEW_CHANGES = 3
_MARKS = {
    "created": ("plus", "move"),
    "updated": ("pencil", "plain"),
    "deleted": ("trash", "bad"),
    "computed": ("refresh", "plain"),
    "start": ("player-play", "move"),
    "do": ("arrow-right", "move"),
    "did": ("arrow-right", "move"),
    "approve": ("check", "good"),
    "approved": ("checks", "good"),
    "reject": ("x", "bad"),
    "rejected": ("circle-x", "bad"),
    "return": ("arrow-back-up", "bad"),
    "returned": ("arrow-back-up", "bad"),
    "withdrawn": ("arrow-back-up", "plain"),
    "restart": ("rotate", "plain"),
    "reapprove": ("rotate", "plain"),
    "migrate": ("rotate", "plain"),
    "rebuild": ("rotate", "plain"),
    "skip": ("checks", "plain"),
    "assign": ("user", "plain"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """One changed value."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineItem:
    """One event. `tone` is `move`, `good`, `bad` or `plain`."""

    who: str
    behalf: str
    what: str
    time: str
    iso: str
    mark: str
    tone: str
    comment: str
    changes: tuple[ChangeView, ...]
    is_long: bool


def timeline_items(
    unit: Unit, form: Form, record: RecordView, locale: str, t: Speaker
) -> tuple[TimelineItem, ...]:
    """Return the events that this reader may see."""
    return tuple(_item(unit, entry, locale, t) for entry in records.history(unit, form.id, record.id))


def _item(unit: Unit, entry: HistoryEntry, locale: str, t: Speaker) -> TimelineItem:
    mark, tone = _MARKS.get(entry.verb, ("circle-dot", "plain"))
    changes = tuple(
        ChangeView(
            label=text_of(change.label, locale),
            before=change.before,
            after=change.after,
        )
        for change in entry.changes
        if entry.verb != "created"
    )
    return TimelineItem(
        who=entry.actor,
        behalf=t("record.behalf", name=entry.on_behalf_of) if entry.on_behalf_of else "",
        what=text_of(entry.label, locale),
        time=shown_at(entry.at, unit.runtime.timezone, locale),
        iso=entry.at.isoformat(),
        mark=mark,
        tone=tone,
        comment=entry.comment or "",
        changes=changes,
        is_long=len(changes) > FEW_CHANGES,
    )
