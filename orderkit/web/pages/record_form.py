"""Filling in a record: creating and changing it, and what a draft of it would become while one types."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from markupsafe import Markup
from starlette.datastructures import QueryParams
from starlette.responses import JSONResponse, Response

from orderkit.engine import access, records
from orderkit.engine.access import Action, Right
from orderkit.engine.once import KeyReused
from orderkit.engine.records import Create, Draft, LineChange, RecordView, Update
from orderkit.engine.rows import rows_of
from orderkit.engine.runtime import Unit
from orderkit.engine.zones import options_seen
from orderkit.fields.field_type import Invalid
from orderkit.model.errors import Denied, Problem, Refused, Stale
from orderkit.model.expressions.browser import browser_value
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import File, Many
from orderkit.model.forms import Field, Form, SystemRole
from orderkit.model.labels import text_of
from orderkit.web.display.fields import FieldValue, FieldView, FieldViews, field_views
from orderkit.web.editing.clashes import ClashView, clash_views
from orderkit.web.editing.decoding import Decoded, decode, may_be_sent, without_untouched_copies
from orderkit.web.editing.live import live_page, live_script
from orderkit.web.editing.locks import locked_because
from orderkit.web.editing.merging import Clash, chosen_theirs, merge, standing, without
from orderkit.web.editing.sections import EditSection, SectionsEditor, problems_by_name
from orderkit.web.editing.wrong import WrongField, wrong_fields
from orderkit.web.errors import explanation_of
from orderkit.web.pages.record_list import form_of
from orderkit.web.request.once import fresh_mark, mark_of, once
from orderkit.web.request.visit import LONGEST_ID, Visit
from orderkit.web.section_plan import Tab, tabs_of

TEMPLATE = "pages/record_form.html"

_FILES = (File(), Many(File()))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFormPage:
    """A record being filled in. `cancel_url` leads back without saving.

    `topic` is which one, as news of changes name it; of a new one there are none.
    """

    topic: str
    label: str
    list_url: str
    title: str
    is_new: bool
    action: str
    draft_url: str
    resume_url: str
    kept_key: str
    kept: str
    is_attempt: bool
    cancel_url: str
    revision: int
    touched: str
    sections: tuple[EditSection, ...]
    tabs: tuple[Tab[EditSection], ...]
    problems: tuple[str, ...]
    problem_count: int
    wrong: tuple[WrongField, ...]
    live: Markup
    seen: str
    clashes: tuple[ClashView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attempt:
    """What was entered and why it was not saved."""

    decoded: Decoded = field(default_factory=Decoded)
    problems: tuple[Problem, ...] = ()
    general: tuple[str, ...] = ()
    revision: int | None = None
    seen: str = ""
    clashes: tuple[Clash, ...] = ()
    mark: str = ""


def show_new(visit: Visit) -> Response:
    """Show an empty form; the address may fill in fields (`?order=12`)."""
    with visit.reading() as unit:
        form = form_of(unit, visit.name("form"))
        _check_may_create(visit, unit, form)
        decoded = _prefilled(visit.query, form, unit)
        return _show(visit, unit, form, None, _Attempt(decoded=decoded))


def _check_may_create(visit: Visit, unit: Unit, form: Form) -> None:
    decision = access.decide(visit.person, Action.CREATE, form.id, unit=unit)
    if isinstance(decision, access.RefusedAccess):
        raise Denied(decision.why)


def show_edit(visit: Visit) -> Response:
    """Show a record in fields.

    A browser that keeps forms for when it has no line asks ahead of its person, who has done nothing that
    could be refused: it is told that there is nothing to fill in.
    """
    with visit.reading() as unit:
        form = form_of(unit, visit.name("form"))
        if visit.is_ahead and not records.get(unit, form.id, visit.number("id")).may_update:
            return visit.nothing()
        return _show(visit, unit, form, visit.number("id"), _Attempt())


def resume(visit: Visit) -> Response:
    """Show a form with what a browser had kept of it: nothing of it is saved yet."""
    record_id = visit.number("id") if "id" in visit.request.path_params else None
    with visit.reading() as unit:
        form = form_of(unit, visit.name("form"))
        if record_id is None:
            _check_may_create(visit, unit, form)
        decoded = decode(
            visit.form, form, unit.project, unit.runtime.catalog, is_new=record_id is None, zone=unit.zone
        )
        attempt = _Attempt(decoded=decoded, problems=decoded.problems, revision=visit.revision())
        return _show(visit, unit, form, record_id, attempt)


def create(visit: Visit) -> Response:
    """Save a new record, or show what is wrong with it."""
    return _save(visit, None)


def update(visit: Visit) -> Response:
    """Save the changes of a record, or show what is wrong with them."""
    return _save(visit, visit.number("id"))


def answer_draft(visit: Visit) -> Response:
    """Return what would be saved, as JSON for the page: texts, states and problems by the page's names."""
    record_id = visit.number("id") if "id" in visit.request.path_params else None
    with visit.reading() as unit:
        form = form_of(unit, visit.name("form"))
        decoded = decode(
            visit.form, form, unit.project, unit.runtime.catalog, is_new=record_id is None, zone=unit.zone
        )
        draft = _draft(unit, form, record_id, decoded)
        if record_id is not None and _lacks_rows(draft, decoded):
            decoded = standing(decoded, records.get(unit, form.id, record_id))
            draft = _draft(unit, form, record_id, decoded)
        views = field_views(unit)
        system = {each.id for each in form.fields if each.system}
        problems, _ = problems_by_name((*decoded.problems, *draft.problems), decoded, visit.locale)
        document = {
            "values": _draft_values(form, draft, decoded, views),
            "states": {
                decoded.name_of(path): {
                    "visible": state.is_visible,
                    "required": state.is_required,
                    "readonly": state.is_readonly,
                }
                for path, state in draft.states.items()
                if path not in system
            },
            "problems": problems,
        }
    return JSONResponse(document)


def _lacks_rows(draft: Draft, decoded: Decoded) -> bool:
    """Return whether a row was sent that is none of the record's: somebody else has removed it meanwhile."""
    return any(len(rows) != len(draft.lines.get(name, ())) for name, rows in decoded.lines.items())


def _save(visit: Visit, record_id: int | None) -> Response:
    with visit.reading() as unit:
        form = form_of(unit, visit.name("form"))
        decoded = decode(
            visit.form, form, unit.project, unit.runtime.catalog, is_new=record_id is None, zone=unit.zone
        )
        project = unit.project
    decoded = without(decoded, chosen_theirs(visit.form))
    revision = visit.revision()
    attempt: _Attempt
    if decoded.problems:
        attempt = _Attempt(decoded=decoded, problems=decoded.problems, revision=revision)
        return _show_again(visit, form, record_id, attempt, status=422)
    given = without_untouched_copies(decoded, form, project)
    change: Create | Update
    if record_id is None:
        change = Create(form=form.id, values=given.values, lines=given.lines)
    else:
        change = Update(form=form.id, id=record_id, values=given.values, lines=given.lines, revision=revision)

    def work(unit: Unit) -> str:
        (applied,) = records.apply(unit, [change])
        return f"/forms/{form.id}/{applied.id}"

    try:
        done = once(visit, work)
    except Refused as error:
        attempt = _Attempt(decoded=decoded, problems=error.problems, revision=revision)
        if not error.problems:
            attempt = _Attempt(
                decoded=decoded, general=(visit.text(explanation_of(error)),), revision=revision
            )
        return _show_again(visit, form, record_id, attempt, status=422)
    except Stale as error:
        return _show_conflict(visit, form, visit.number("id"), decoded, error)
    except KeyReused:
        # Somebody came back to a form that is saved and typed on: nothing of it is saved unseen.
        told = visit.t("record.sent_before" if record_id is None else "record.sent_before_edit")
        attempt = _Attempt(decoded=decoded, general=(told,), revision=revision, mark=fresh_mark())
        return _show_again(visit, form, record_id, attempt, status=409)
    if visit.wants_json:
        return JSONResponse({"saved": done.address})
    notice = "record.created" if record_id is None else "record.saved"
    return visit.go(done.address, visit.t(notice), saved=mark_of(visit))


def _show_conflict(visit: Visit, form: Form, record_id: int, decoded: Decoded, error: Stale) -> Response:
    """Show what somebody else has saved meanwhile beside what was typed; nothing is overwritten."""
    with visit.reading() as unit:
        record = records.get(unit, form.id, record_id)
        history = records.history(unit, form.id, record_id)
        merged = merge(decoded, history, record, since=visit.seen())
        attempt = _Attempt(
            decoded=merged.decoded,
            general=() if merged.clashes else (visit.text(explanation_of(error)),),
            revision=record.revision,
            seen=_seen(record, unit),
            clashes=merged.clashes,
        )
        return _show(visit, unit, form, record_id, attempt, status=409)


def _seen(record: RecordView, unit: Unit) -> str:
    """Return until when what happened to the record stands on the page."""
    changed = record.values.get("updated_at")
    return (changed if isinstance(changed, datetime) else unit.now).isoformat()


def _show_again(
    visit: Visit, form: Form, record_id: int | None, attempt: _Attempt, *, status: int
) -> Response:
    with visit.reading() as unit:
        return _show(visit, unit, form, record_id, attempt, status=status)


def _show(
    visit: Visit, unit: Unit, form: Form, record_id: int | None, attempt: _Attempt, *, status: int = 200
) -> Response:
    url = f"/forms/{form.id}"
    title, revision, seen, stored = "", 0, "", None
    if record_id is not None:
        record = records.get(unit, form.id, record_id)
        if not record.may_update:
            row = rows_of(unit).row(form.id, record_id)
            decision = access.decide(visit.person, Action.UPDATE, form.id, row, unit=unit)
            if row is None or not isinstance(decision, access.RefusedAccess):
                raise Denied
            raise Denied(locked_because(unit, form, row, decision))
        title, revision, url = record.title, record.revision, f"{url}/{record_id}"
        seen, stored = _seen(record, unit), record
        attempt = replace(attempt, decoded=standing(attempt.decoded, record))
    draft = _draft(unit, form, record_id, attempt.decoded)
    views = field_views(unit)
    by_name, general = problems_by_name(attempt.problems, attempt.decoded, visit.locale)
    line_rights = access.field_rights(unit, form.id, None)
    editor = SectionsEditor(
        project=unit.project,
        views=views,
        form=form,
        draft=draft,
        line_rights=line_rights,
        decoded=attempt.decoded,
        problems=by_name,
    )
    sections = editor.sections()
    page = RecordFormPage(
        topic=f"{form.id}/{record_id}" if record_id is not None else "",
        label=text_of(form.label, visit.locale),
        list_url=f"/forms/{form.id}",
        title=title,
        is_new=record_id is None,
        action=url if record_id is not None else f"{url}/new",
        draft_url=f"{url}/draft",
        resume_url=f"{url}/resume" if record_id is not None else f"{url}/new/resume",
        kept_key=f"{visit.person.id}:{url if record_id is not None else f'{url}/new'}",
        kept=attempt.mark or mark_of(visit) or fresh_mark(),
        is_attempt=visit.request.method == "POST",
        cancel_url=url,
        revision=attempt.revision if attempt.revision is not None else revision,
        touched=" ".join(sorted(attempt.decoded.touched or ())),
        sections=sections,
        tabs=tabs_of(sections),
        problems=(*attempt.general, *general, *_unplaced(by_name, sections, form, visit.locale)),
        problem_count=len(by_name) + len(general),
        wrong=wrong_fields(sections, visit.t),
        seen=attempt.seen or visit.field("seen") or seen,
        clashes=()
        if stored is None
        else clash_views(form, attempt.clashes, stored, draft, views, zone=unit.zone),
        live=live_script(live_page(unit, form, draft, records.live(unit, form.id, record_id), editor.keys())),
    )
    return visit.show(unit, TEMPLATE, page, current=f"form:{form.id}", back=page.cancel_url, status=status)


def _unplaced(
    by_name: dict[str, str], sections: tuple[EditSection, ...], form: Form, locale: str
) -> tuple[str, ...]:
    """Return the problems of fields that the page does not show, so that none is lost."""
    placed = {view.name for section in sections for view in (*section.fields, *section.totals)}
    for section in sections:
        for lines in section.lines:
            placed.add(lines.name)
            placed.update(cell.name for row in lines.rows for cell in row.cells)
    missing: list[str] = []
    for name, text in by_name.items():
        if name not in placed:
            known = form.by_id.get(name)
            missing.append(f"{text_of(known.label, locale)}: {text}" if known is not None else text)
    return tuple(missing)


def _draft(unit: Unit, form: Form, record_id: int | None, decoded: Decoded) -> Draft:
    lines = decoded.lines or None
    return records.draft(unit, form.id, record_id, decoded.values, lines, touched=decoded.touched_paths)


def _draft_values(form: Form, draft: Draft, decoded: Decoded, views: FieldViews) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for each in form.fields:
        if each.id in draft.values and not each.system:
            given = FieldValue(
                value=draft.values[each.id], title=draft.titles.get(each.id), file=draft.files.get(each.id)
            )
            view = views.view(form, each, given)
            # Several values stand in inputs of one name, which a script cannot fill in as one.
            if not isinstance(each.value_type, Many):
                found[each.id] = _told(view, draft.values[each.id])
    for collection in form.lines:
        row_form = views.project.form_by_id[collection.form]
        keys = decoded.keys.get(collection.id, ())
        for key, row in zip(keys, draft.lines.get(collection.id, ()), strict=False):
            for each in row_form.fields:
                if each.id in row.values and not each.system and not isinstance(each.value_type, Many):
                    given = FieldValue(value=row.values[each.id], title=row.titles.get(each.id))
                    view = views.view(row_form, each, given)
                    found[f"{collection.id}.{key}.{each.id}"] = _told(view, row.values[each.id])
    return found


def _told(view: FieldView, value: Scalar) -> dict[str, Any]:
    return {"text": view.text, "shown": view.shown, "value": browser_value(value)}


def _prefilled(query: QueryParams, form: Form, unit: Unit) -> Decoded:
    """Return what the address fills in: single fields, or those of a record to copy (`?copy=7`)."""
    original = query.get("copy", "")
    if original.isdecimal() and len(original) < LONGEST_ID:
        return _copied(records.get(unit, form.id, int(original)), form, unit)
    values: dict[str, Scalar] = {}
    for each in form.fields:
        if each.id in query and may_be_sent(each):
            value = unit.runtime.catalog.fields[each.type].parse(
                options_seen(each, unit.project, unit.zone), query[each.id]
            )
            if not isinstance(value, Invalid):
                values[each.id] = value
    return Decoded(values=values, touched=frozenset(values))


def _copied(record: RecordView, form: Form, unit: Unit) -> Decoded:
    values = {each.id: record.values[each.id] for each in form.fields if _may_copy(each, record)}
    lines: dict[str, tuple[LineChange, ...]] = {}
    keys: dict[str, tuple[str, ...]] = {}
    rights = access.field_rights(unit, form.id, None)
    for collection in form.lines:
        if rights[collection.id] is not Right.WRITE:
            # They see the rows of this record, but may give none to a new one.
            continue
        row_form = unit.project.form_by_id[collection.form]
        rows = record.lines.get(collection.id, ())
        keys[collection.id] = tuple(f"c{index}" for index in range(len(rows)))
        lines[collection.id] = tuple(
            LineChange(
                values={each.id: row.values[each.id] for each in row_form.fields if _may_copy(each, row)}
            )
            for row in rows
        )
    return Decoded(values=values, lines=lines, keys=keys)


def _may_copy(each: Field, record: RecordView) -> bool:
    """Return whether a copy takes a value over: not what is unique, a file, or what only one record has."""
    return (
        may_be_sent(each)
        and not (each.no_copy or each.unique or each.set_once or each.value_type in _FILES)
        and each.system is SystemRole.NONE
        and record.rights.get(each.id, Right.HIDDEN) >= Right.READ
        and record.values.get(each.id) is not None
    )
