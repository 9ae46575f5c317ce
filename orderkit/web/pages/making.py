"""Making records of others: which lines, and how much of each. What was made opens."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from orderkit.engine import records
from orderkit.engine.once import KeyReused
from orderkit.engine.records import Picking
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Conflict, NotFound, Problem, Refused
from orderkit.model.forms import Field, Form
from orderkit.model.labels import label, text_of
from orderkit.web.bulk.choosing import read_chosen
from orderkit.web.making.table import (
    GroupLines,
    Picked,
    TableView,
    picked_in,
    table_view,
    told_by_place,
)
from orderkit.web.pages.record_list import form_of
from orderkit.web.request.once import Done, fresh_mark, mark_of, once
from orderkit.web.request.selection import ids_in_text
from orderkit.web.request.visit import Visit

TEMPLATE = "pages/making.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class MakingPage:
    """A table to pick from. `submit` is what its button says; `problems` are those of no line."""

    title: str
    label: str
    list_url: str
    back_url: str
    back: str
    note: str
    action: str
    submit: str
    ids: str
    revision: str
    kept: str
    table: TableView
    problems: tuple[str, ...]


SENT_BEFORE = Problem(
    path="",
    code="sent_before",
    message=label(
        zh="这一页已经提交过一次，单据已生成；如确需再生成，请核对后重新提交",
        en="this page was sent once already and its records are made; check what is left, then send it again",
    ),
)


def mark_for(visit: Visit, problems: Sequence[Problem]) -> str:
    """Return the mark of the page: the one that was sent, until it stands for something that is done."""
    return fresh_mark() if SENT_BEFORE in problems else mark_of(visit) or fresh_mark()


def show_making(visit: Visit) -> Response:
    """Show what is open of the chosen records."""
    with visit.reading() as unit:
        form = form_of(unit, visit.name("form"))
        ids = read_chosen(visit, unit, form).ids
        found = records.picking(unit, form.id, visit.name("target"), ids)
        return _show(visit, unit, form, found)


def make(visit: Visit) -> Response:
    """Make records of what was picked; then the new one is shown, or their list."""
    ids = ids_in_text(",".join(visit.query.getlist("ids")) or visit.field("ids"))
    with visit.reading() as unit:
        form = form_of(unit, visit.name("form"))
        target = form_of(unit, visit.name("target"))
        picked = picked_in(unit, visit.form, _amounts(unit, form, target))
    try:
        done = _make(visit, form, target, ids, picked)
    except (Refused, KeyReused) as error:
        with visit.reading() as unit:
            found = _still_open(unit, form, target, ids)
            if found is None:
                raise _as_conflict(error) from error
            problems = error.problems if isinstance(error, Refused) else (SENT_BEFORE,)
            return _show(visit, unit, form, found, picked=picked, problems=problems)
    return visit.go(
        done.address, visit.t("making.made_one" if done.address.count("/") > 2 else "making.made_some")
    )


def _make(visit: Visit, form: Form, target: Form, ids: Sequence[int], picked: Picked) -> Done:
    if picked.problems:
        raise Refused(picked.problems)
    has_lines = any(way.source == form.id and way.lines is not None for way in target.create_from)

    def work(unit: Unit) -> str:
        made = records.make(unit, form.id, target.id, ids, picked.amounts if has_lines else None)
        return f"/forms/{target.id}/{made[0].id}" if len(made) == 1 else f"/forms/{target.id}"

    return once(visit, work)


def _as_conflict(error: Refused | KeyReused) -> Refused | Conflict:
    return error if isinstance(error, Refused) else Conflict(SENT_BEFORE.message)


def _still_open(unit: Unit, form: Form, target: Form, ids: Sequence[int]) -> Picking | None:
    """Return what can be picked, for the page that is shown again; None where there is no such page."""
    try:
        found = records.picking(unit, form.id, target.id, ids)
    except Refused:
        return None
    return found if found.has_lines else None


def _show(
    visit: Visit,
    unit: Unit,
    form: Form,
    found: Picking,
    *,
    picked: Picked | None = None,
    problems: tuple[Problem, ...] = (),
) -> Response:
    target = unit.project.form_by_id[found.target]
    sources = [source for group in found.groups for source in group.sources]
    known = {source.id: records.get(unit, form.id, source.id) for source in sources}
    by_place, general = told_by_place(problems, target, visit.locale, visit.t)
    groups = [
        GroupLines(title=", ".join(each.title for each in group.sources), lines=group.lines)
        for group in found.groups
    ]
    one = sources[0].id if len(sources) == 1 else None
    list_url = f"/forms/{form.id}"
    ids = ",".join(str(source.id) for source in sources)
    page = MakingPage(
        title=text_of(found.label, visit.locale),
        label=text_of(form.label, visit.locale),
        list_url=list_url,
        back_url=list_url if one is None else f"{list_url}/{one}",
        back=sources[0].title if one is not None else visit.t("making.several", count=len(sources)),
        note=visit.t("making.groups", count=len(groups), form=text_of(target.label, visit.locale)),
        action=f"{list_url}/make/{target.id}?ids={ids}",
        submit=text_of(found.label, visit.locale),
        ids=ids,
        revision="",
        kept=mark_for(visit, problems),
        table=table_view(unit, known, groups, picked, by_place),
        problems=general,
    )
    status = 409 if SENT_BEFORE in problems else 422 if problems else 200
    return visit.show(unit, TEMPLATE, page, current=f"form:{form.id}", back=page.back_url, status=status)


def _amounts(unit: Unit, form: Form, target: Form) -> list[Field]:
    """Return the numbers that may be typed. Raises NotFound where the form is not made of the other."""
    way = next((each for each in target.create_from if each.source == form.id), None)
    if way is None:
        raise NotFound
    if way.lines is None:
        return []
    rows = unit.project.form_by_id[target.collection_by_id[way.lines.field].form]
    return [rows.by_id[name] for name, _ in way.lines.limit]
