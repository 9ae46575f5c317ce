"""How the page tells what somebody else changed meanwhile, and offers what there is to choose from."""

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from orderkit.engine.records import Draft, RecordView
from orderkit.model.forms import Field, Form
from orderkit.model.labels import text_of
from orderkit.web.display.fields import FieldValue, FieldView, FieldViews
from orderkit.web.display.moments import shown_at
from orderkit.web.editing.merging import CHOICE, Clash


@dataclass(frozen=True, slots=True, kw_only=True)
class ClashView:
    """What somebody else changed meanwhile. `choice` names the pair of buttons where one has to choose.

    `mine` is what was typed; `text` and `shown` are what stands there now.
    """

    label: str
    before: str
    after: str
    who: str
    time: str
    mine: str
    name: str
    choice: str
    text: str
    shown: str


def clash_views(
    form: Form,
    clashes: Iterable[Clash],
    record: RecordView,
    draft: Draft,
    views: FieldViews,
    *,
    zone: ZoneInfo,
) -> tuple[ClashView, ...]:
    """Return what the page shows of each change. `record` is as it stands now, `draft` as it was typed."""
    found: list[ClashView] = []
    for clash in clashes:
        field = form.by_id.get(clash.name)
        theirs = None if field is None else _field(form, field, record, views)
        mine = None if field is None else _field(form, field, draft, views)
        found.append(
            ClashView(
                label=text_of(clash.label, views.locale),
                before=clash.before,
                after=clash.after,
                who=clash.actor,
                time=shown_at(clash.at, zone, views.locale),
                mine="" if mine is None else mine.shown,
                name=clash.name,
                choice=f"{CHOICE}{clash.name}" if clash.is_disputed else "",
                text=clash.after if theirs is None else theirs.text,
                shown=clash.after if theirs is None else theirs.shown,
            )
        )
    return tuple(found)


def _field(form: Form, field: Field, given: RecordView | Draft, views: FieldViews) -> FieldView:
    value = FieldValue(value=given.values.get(field.id), title=given.titles.get(field.id))
    return views.view(form, field, value)
