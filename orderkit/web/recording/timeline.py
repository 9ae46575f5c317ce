"""What happened to a record and what was said about it, newest first, a page at a time.

The audit, the steps of workflows and the comments are one line of events; each is asked for what is older than
an instant, and what happened at one instant is never torn apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from orderkit.engine import comments, following, records
from orderkit.engine.comments import Comment
from orderkit.engine.records import HistoryEntry
from orderkit.engine.runtime import Channel, Unit
from orderkit.model.forms import FormId
from orderkit.model.labels import text_of
from orderkit.web.display.moments import shown_at
from orderkit.web.display.sizes import shown_size
from orderkit.web.rendering.texts import Speaker

FEW_CHANGES = 3
PAGE_SIZE = 20
# Of these the record itself says all there is to say.
_WHOLE = frozenset({"created", "deleted", "restored"})
# Pages are what everybody uses; the other doors are worth a word.
_CHANNELS = frozenset({each.value for each in Channel} - {Channel.PAGE.value})
_MARKS = {
    "created": ("plus", "move"),
    "updated": ("pencil", "plain"),
    "deleted": ("trash", "bad"),
    "restored": ("trash-off", "move"),
    "computed": ("refresh", "plain"),
    "printed": ("printer", "plain"),
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
    "hand_over": ("user", "plain"),
    "remind": ("clock", "plain"),
    "overdue": ("clock", "bad"),
    "escalate": ("user", "bad"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """One changed value."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedView:
    """A file that came with a comment."""

    url: str
    name: str
    size: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidView:
    """What a comment says. Empty addresses are ways this person may not go."""

    id: int
    parts: tuple[tuple[str, bool], ...]
    files: tuple[AttachedView, ...]
    is_removed: bool
    is_edited: bool
    edit_url: str
    remove_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineItem:
    """One event. `tone` is `move`, `good`, `bad` or `plain`; `said` is set for a comment."""

    who: str
    behalf: str
    what: str
    channel: str
    time: str
    iso: str
    mark: str
    tone: str
    comment: str = ""
    changes: tuple[ChangeView, ...] = ()
    is_long: bool = False
    said: SaidView | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineView:
    """A page of events, and what this person may add. `earlier` are the ways to what is older: a page, a part."""

    items: tuple[TimelineItem, ...]
    earlier_url: str
    earlier_part: str
    comment_url: str
    people_url: str
    follow_url: str
    is_following: bool
    longest: int


def timeline_view(
    unit: Unit, form: FormId, record_id: int, t: Speaker, *, before: datetime | None = None
) -> TimelineView:
    """Return the events that this reader may see. Raises NotFound when they may not see the record."""
    entries = records.history(unit, form, record_id, limit=PAGE_SIZE + 1, before=before, whole=_WHOLE)
    said = comments.comments(unit, form, record_id, limit=PAGE_SIZE + 1, before=before)
    events: list[HistoryEntry | Comment] = [*entries, *said]
    events.sort(key=_at, reverse=True)
    shown, rest = _page(events)
    url = f"/forms/{form}/{record_id}"
    older = urlencode({"before": _at(shown[-1]).isoformat()}) if rest else ""
    return TimelineView(
        items=tuple(_item(unit, event, url, t) for event in shown),
        earlier_url=f"{url}?{older}#timeline" if older else "",
        earlier_part=f"{url}/timeline?{older}" if older else "",
        comment_url=f"{url}/comments",
        people_url=f"{url}/people",
        follow_url=f"{url}/follow",
        is_following=following.is_following(unit, form, record_id),
        longest=comments.LONGEST_TEXT,
    )


def _at(event: HistoryEntry | Comment) -> datetime:
    return event.created_at if isinstance(event, Comment) else event.at


def _page(
    events: Sequence[HistoryEntry | Comment],
) -> tuple[Sequence[HistoryEntry | Comment], Sequence[HistoryEntry | Comment]]:
    """Return the events of one page, and the others; those of one instant stay together."""
    end = PAGE_SIZE
    while 0 < end < len(events) and _at(events[end]) == _at(events[end - 1]):
        end += 1
    return events[:end], events[end:]


def _item(unit: Unit, event: HistoryEntry | Comment, url: str, t: Speaker) -> TimelineItem:
    return _said(unit, event, url, t) if isinstance(event, Comment) else _happened(unit, event, t)


def _happened(unit: Unit, entry: HistoryEntry, t: Speaker) -> TimelineItem:
    mark, tone = _MARKS.get(entry.verb, ("circle-dot", "plain"))
    changes = tuple(
        ChangeView(
            label=text_of(change.label, unit.locale),
            before=change.before,
            after=change.after,
        )
        for change in entry.changes
    )
    is_said = entry.channel in _CHANNELS and entry.verb != "computed"
    return TimelineItem(
        who=entry.actor,
        behalf=t("record.behalf", name=entry.on_behalf_of) if entry.on_behalf_of else "",
        what=text_of(entry.label, unit.locale),
        channel=t(f"timeline.by_{entry.channel}") if is_said else "",
        time=shown_at(entry.at, unit.zone, unit.locale),
        iso=entry.at.isoformat(),
        mark=mark,
        tone=tone,
        comment=entry.comment or "",
        changes=changes,
        is_long=len(changes) > FEW_CHANGES,
    )


def _said(unit: Unit, comment: Comment, url: str, t: Speaker) -> TimelineItem:
    own = f"{url}/comments/{comment.id}"
    return TimelineItem(
        who=comment.author,
        behalf="",
        what=t("timeline.removed") if comment.is_removed else t("timeline.commented"),
        channel="",
        time=shown_at(comment.created_at, unit.zone, unit.locale),
        iso=comment.created_at.isoformat(),
        mark="message",
        tone="plain",
        said=SaidView(
            id=comment.id,
            parts=comment.parts,
            files=tuple(
                AttachedView(url=f"/files/{each.id}", name=each.name, size=shown_size(each.size))
                for each in comment.files
            ),
            is_removed=comment.is_removed,
            is_edited=comment.edited_at is not None,
            edit_url=f"{own}/edit" if comment.may_edit else "",
            remove_url=f"{own}/remove" if comment.may_remove else "",
        ),
    )
