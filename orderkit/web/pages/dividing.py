"""Splitting a record, on the page for picking, and merging several, after one question."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from starlette.responses import Response

from orderkit.engine import records
from orderkit.engine.access import Right
from orderkit.engine.once import KeyReused
from orderkit.engine.records import Moves, OfferKind, PickLine, Quantity, RecordView
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Conflict, Denied, NotFound, Problem, Refused
from orderkit.model.forms import Field, Form
from orderkit.model.labels import text_of
from orderkit.web.bulk.choosing import read_chosen
from orderkit.web.making.table import GroupLines, Picked, picked_in, table_view, told_by_place
from orderkit.web.pages.making import SENT_BEFORE, TEMPLATE, MakingPage, mark_for
from orderkit.web.pages.record_list import form_of
from orderkit.web.request.once import Done, fresh_mark, once
from orderkit.web.request.selection import ids_in_text
from orderkit.web.request.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class MergePage:
    """The question before records become one: the first of them stays."""

    title: str
    label: str
    list_url: str
    action: str
    ids: str
    kept: str
    into: str
    others: tuple[str, ...]


def show_splitting(visit: Visit) -> Response:
    """Show the lines of a record, of which some may move."""
    with visit.reading() as unit:
        form = _divided(unit, visit)
        record = records.get(unit, form.id, visit.number("id"))
        _check_offered(unit, form, record)
        return _show(visit, unit, form, record, picked=_nothing_yet(), problems=())


def split(visit: Visit) -> Response:
    """Move what was picked to a new record, and show that."""
    with visit.reading() as unit:
        form = _divided(unit, visit)
        record_id = visit.number("id")
        picked = picked_in(unit, visit.form, _amounts(unit, form))
    try:
        done = _split(visit, form, picked)
    except (Refused, KeyReused) as error:
        with visit.reading() as unit:
            record = records.get(unit, form.id, record_id)
            problems = error.problems if isinstance(error, Refused) else (SENT_BEFORE,)
            return _show(visit, unit, form, record, picked=picked, problems=problems)
    return visit.go(done.address, visit.t("making.split_done"))


def ask_merge(visit: Visit) -> Response:
    """Ask before records become one."""
    with visit.reading() as unit:
        form = _merged(unit, visit)
        chosen = read_chosen(visit, unit, form)
        ids = chosen.ids[: records.MOST_SOURCES + 1]
        titles = [records.get(unit, form.id, each).title for each in ids]
        assert form.merge is not None
        page = MergePage(
            title=text_of(form.merge.label, visit.locale),
            label=text_of(form.label, visit.locale),
            list_url=chosen.list_url,
            action=f"/forms/{form.id}/merge",
            ids=",".join(map(str, ids)),
            kept=fresh_mark(),
            into=titles[0] if titles else "",
            others=tuple(titles[1:]),
        )
        return visit.show(unit, "pages/merge.html", page, current=f"form:{form.id}", back=chosen.list_url)


def merge(visit: Visit) -> Response:
    """Make one record of several, and show it."""
    with visit.reading() as unit:
        form = _merged(unit, visit)

    def work(unit: Unit) -> str:
        made = records.merge(unit, form.id, ids_in_text(visit.field("ids")))
        return f"/forms/{form.id}/{made.id}"

    try:
        done = once(visit, work)
    except KeyReused as error:
        raise Conflict(SENT_BEFORE.message) from error
    return visit.go(done.address, visit.t("making.merge_done"))


def _split(visit: Visit, form: Form, picked: Picked) -> Done:
    if picked.problems:
        raise Refused(picked.problems)
    moves: Moves = {row: next(iter(given.values()), None) for row, given in picked.amounts.items()}

    def work(unit: Unit) -> str:
        made = records.split(unit, form.id, visit.number("id"), moves, revision=visit.revision())
        return f"/forms/{form.id}/{made.id}"

    return once(visit, work)


def _divided(unit: Unit, visit: Visit) -> Form:
    form = form_of(unit, visit.name("form"))
    if form.split is None:
        raise NotFound
    return form


def _merged(unit: Unit, visit: Visit) -> Form:
    form = form_of(unit, visit.name("form"))
    if form.merge is None:
        raise NotFound
    return form


def _check_offered(unit: Unit, form: Form, record: RecordView) -> None:
    """Check that there is such a button for this person. Raises NotFound, Denied."""
    found = [each for each in records.offers(unit, form.id, record.id) if each.kind is OfferKind.SPLIT]
    if not found:
        raise NotFound
    if found[0].why is not None:
        raise Denied(found[0].why)


def _nothing_yet() -> Picked:
    """Return the start of a split: nothing is ticked, as most of it stays."""
    return Picked(chosen=frozenset(), amounts={}, texts={}, problems=())


def _amounts(unit: Unit, form: Form) -> list[Field]:
    """Return the number of which a part may move."""
    if form.split is None or form.split.quantity is None:
        return []
    name, _, field = form.split.quantity.partition(".")
    return [unit.project.form_by_id[form.collection_by_id[name].form].by_id[field]]


def _lines(unit: Unit, form: Form, record: RecordView) -> Sequence[PickLine]:
    assert form.split is not None
    quantity = form.split.quantity
    name = quantity.partition(".")[0] if quantity else next((each.id for each in form.lines), "")
    return [
        PickLine(
            source_id=record.id,
            form=row.form,
            row_id=row.id,
            quantities=tuple(_quantity(row, field) for field in _amounts(unit, form)),
        )
        for row in record.lines.get(name, ())
    ]


def _quantity(row: RecordView, field: Field) -> Quantity:
    value = row.values.get(field.id)
    is_seen = row.rights.get(field.id, Right.HIDDEN) >= Right.READ and isinstance(value, int | Decimal)
    held = Decimal(value) if is_seen and isinstance(value, int | Decimal) else None
    return Quantity(field=field, open=held, most=held, preset=held, is_writable=True)


def _show(
    visit: Visit,
    unit: Unit,
    form: Form,
    record: RecordView,
    *,
    picked: Picked,
    problems: Sequence[Problem],
) -> Response:
    assert form.split is not None
    by_place, general = told_by_place(problems, form, visit.locale, visit.t)
    groups = [GroupLines(title=record.title, lines=_lines(unit, form, record))]
    url = f"/forms/{form.id}/{record.id}"
    page = MakingPage(
        title=text_of(form.split.label, visit.locale),
        label=text_of(form.label, visit.locale),
        list_url=f"/forms/{form.id}",
        back_url=url,
        back=record.title,
        note=visit.t("making.split_note"),
        action=f"{url}/split",
        submit=text_of(form.split.label, visit.locale),
        ids="",
        revision=str(record.revision),
        kept=mark_for(visit, problems),
        table=table_view(unit, {record.id: record}, groups, picked, by_place),
        problems=general,
    )
    status = 409 if SENT_BEFORE in problems else 422 if problems else 200
    return visit.show(unit, TEMPLATE, page, current=f"form:{form.id}", back=url, status=status)
