"""How the page tells what somebody else changed meanwhile, and offers what there is to choose from."""

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from orderkit.engine.records import Draft, DraftLine, RecordView
from orderkit.model.forms import Form
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
        theirs = _stored(form, clash.path, record, views)
        mine = _stored(form, clash.path, draft, views)
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


def _stored(form: Form, path: str, given: RecordView | Draft, views: FieldViews) -> FieldView | None:
    """Return what stands at a path of the audit (`note`, `lines.12.qty`); None where nothing does."""
    collection_id, _, rest = path.partition(".")
    if not rest:
        return _field(form, path, given, views)
    row_id, _, name = rest.partition(".")
    collection = form.collection_by_id.get(collection_id)
    row = next((each for each in given.lines.get(collection_id, ()) if str(each.id) == row_id), None)
    if collection is None or row is None:
        return None
    return _field(views.project.form_by_id[collection.form], name, row, views)


def _field(
    form: Form, name: str, given: RecordView | Draft | DraftLine, views: FieldViews
) -> FieldView | None:
    field = form.by_id.get(name)
    if field is None:
        return None
    return views.view(form, field, FieldValue(value=given.values.get(name), title=given.titles.get(name)))
