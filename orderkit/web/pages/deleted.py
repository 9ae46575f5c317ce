"""The bin of a form: what was deleted, a look at it, restoring, and removing for good."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from starlette.responses import Response

from orderkit.engine import bin as bins
from orderkit.engine import records
from orderkit.engine.bin import BinEntry
from orderkit.engine.records import Restore
from orderkit.model.labels import text_of
from orderkit.web.display.fields import FieldView, field_views
from orderkit.web.display.moments import shown_at
from orderkit.web.pages.record_list import form_of
from orderkit.web.recording.sections import ReadSection, fact_views, read_sections
from orderkit.web.request.visit import Visit

_DAY = timedelta(days=1)
_LONGEST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class BinRow:
    """One record that can be restored."""

    title: str
    url: str
    who: str
    time: str
    left: str
    restore_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BinPage:
    """What this person could restore. `next_url` is empty on the last page."""

    label: str
    list_url: str
    days: int
    rows: tuple[BinRow, ...]
    next_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BinnedPage:
    """One record of the bin, to read. `purge_url` is empty for who may not remove it for good.

    `left_out` says which values would not come back.
    """

    label: str
    list_url: str
    bin_url: str
    title: str
    note: str
    facts: tuple[FieldView, ...]
    sections: tuple[ReadSection, ...]
    restore_url: str
    purge_url: str
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgePart:
    """The question before a record is removed for good."""

    title: str
    action: str


def show_bin(visit: Visit) -> Response:
    """Show the bin of a form. Raises NotFound for who may never delete from it."""
    with visit.reading() as unit:
        form = form_of(unit, visit.name("form"))
        found = bins.in_bin(unit, form.id, before=visit.before())
        page = BinPage(
            label=text_of(form.label, visit.locale),
            list_url=f"/forms/{form.id}",
            days=bins.days_kept(visit.runtime),
            rows=tuple(_row(visit, form.id, each) for each in found.entries),
            next_url=f"/forms/{form.id}/bin?before={found.next}" if found.next is not None else "",
        )
        return visit.show(unit, "pages/bin.html", page, current=f"form:{form.id}", back=page.list_url)


def show_record(visit: Visit) -> Response:
    """Show a record of the bin."""
    with visit.reading() as unit:
        form = form_of(unit, visit.name("form"))
        entry, record = bins.look(unit, form.id, visit.number("id"))
        views = field_views(unit)
        row = _row(visit, form.id, entry)
        page = BinnedPage(
            label=text_of(form.label, visit.locale),
            list_url=f"/forms/{form.id}",
            bin_url=f"/forms/{form.id}/bin",
            title=entry.title,
            note=visit.t("bin.deleted_by", name=row.who, time=row.time, left=row.left),
            facts=fact_views(form, record, views),
            sections=read_sections(unit.project, form, record, views),
            restore_url=row.restore_url,
            purge_url=f"{row.url}/purge" if entry.may_purge else "",
            left_out=tuple(_left_out(visit, entry)),
        )
        return visit.show(unit, "pages/bin_record.html", page, current=f"form:{form.id}", back=page.bin_url)


def restore(visit: Visit) -> Response:
    """Restore a record, or say why it cannot be."""
    form_id, record_id = visit.name("form"), visit.number("id")
    with visit.writing() as unit:
        entry, _ = bins.look(unit, form_of(unit, form_id).id, record_id)
        records.apply(unit, [Restore(form=form_id, id=record_id)])
    left_out = visit.t("bin.listing").join(_left_out(visit, entry))
    said = visit.t("bin.restored_without", left_out=left_out) if left_out else visit.t("bin.restored")
    return visit.go(f"/forms/{form_id}/{record_id}", said)


def ask_purge(visit: Visit) -> Response:
    """Ask before a record is removed for good."""
    form_id, record_id = visit.name("form"), visit.number("id")
    with visit.reading() as unit:
        entry, _ = bins.look(unit, form_of(unit, form_id).id, record_id)
    action = f"/forms/{form_id}/bin/{record_id}/purge"
    return visit.part("pages/bin_purge.html", PurgePart(title=entry.title, action=action))


def purge(visit: Visit) -> Response:
    """Remove a record for good."""
    form_id, record_id = visit.name("form"), visit.number("id")
    with visit.writing() as unit:
        bins.look(unit, form_of(unit, form_id).id, record_id)
        bins.purge(unit, form_id, record_id)
    return visit.go(f"/forms/{form_id}/bin", visit.t("bin.purged"))


def _left_out(visit: Visit, entry: BinEntry) -> Iterator[str]:
    """Yield the values that do not come back, as `Price: 12`."""
    for each in entry.left_out:
        yield visit.t("bin.value", field=text_of(each.field.label, visit.locale), value=each.value[:_LONGEST])


def _row(visit: Visit, form_id: str, entry: BinEntry) -> BinRow:
    url = f"/forms/{form_id}/bin/{entry.id}"
    # A day that has begun counts.
    left = -((visit.runtime.clock.now() - entry.until) // _DAY)
    return BinRow(
        title=entry.title,
        url=url,
        who=entry.name or visit.t("bin.system"),
        time=shown_at(entry.deleted_at, visit.zone, visit.locale),
        left=visit.t("bin.days_left", count=left) if left > 1 else visit.t("bin.last_day"),
        restore_url=f"{url}/restore",
    )
