"""One value of a list, changed where it stands: its own control, the rules of its form, and who was faster.

Nothing but the field of the address is taken from what was sent.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from starlette.responses import Response

from orderkit.engine import access, records
from orderkit.engine.access import Action, Right
from orderkit.engine.records import RecordView, Update
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Denied, NotFound, Refused, Stale
from orderkit.model.forms import Field, Form
from orderkit.model.labels import label
from orderkit.web.display.fields import FieldValue, FieldView, field_views
from orderkit.web.display.moments import shown_at
from orderkit.web.editing.decoding import Decoded, decode
from orderkit.web.editing.merging import Clash, merge
from orderkit.web.editing.sections import problems_by_name
from orderkit.web.errors import explanation_of
from orderkit.web.listing.cells import may_stand_in_cell
from orderkit.web.pages.record_list import form_of
from orderkit.web.request.visit import Visit

TEMPLATE = "pages/cell.html"
_NOT_NOW = label(
    zh="这一项现在不能在列表中修改，请打开记录查看",
    en="This cannot be changed in the list now; open the record",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClashNote:
    """What somebody else has saved there meanwhile."""

    who: str
    time: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CellPart:
    """The control of one value. `clash` is there when there is something to choose."""

    action: str
    revision: int
    seen: str
    field: FieldView
    problem: str
    clash: ClashNote | None


@dataclass(frozen=True, slots=True)
class _Place:
    """The value in question, of a record as it stands now."""

    visit: Visit
    unit: Unit
    form: Form
    field: Field
    record: RecordView


def show_cell(visit: Visit) -> Response:
    """Show the control. Raises NotFound, Denied."""
    with visit.reading() as unit:
        return _part(_place(visit, unit), Decoded())


def save_cell(visit: Visit) -> Response:
    """Save the value; what is wrong with it, or who was faster, stands at the cell."""
    with visit.reading() as unit:
        form, field = _named(visit, unit)
        record_id = visit.number("id")
        decoded = _only(
            field, decode(visit.form, form, unit.project, unit.runtime.catalog, is_new=False, zone=unit.zone)
        )
        if decoded.problems or field.id not in decoded.values:
            return _part(_place(visit, unit), decoded, status=422)
    change = Update(form=form.id, id=record_id, values=decoded.values, revision=visit.revision())
    try:
        try:
            _apply(visit, change)
        except Stale:
            with visit.reading() as unit:
                place = _place(visit, unit)
                clash = _clash(place, decoded)
                if clash is not None:
                    return _part(place, decoded, clash=clash, status=409)
            # What the other has changed is something else: both changes stand, under all rules.
            _apply(visit, replace(change, revision=place.record.revision))
    except Refused as error:
        told = replace(decoded, problems=error.problems)
        general = "" if error.problems else visit.text(explanation_of(error))
        with visit.reading() as unit:
            return _part(_place(visit, unit), told, general=general, status=422)
    return Response(status_code=204) if visit.is_partial else visit.go(f"/forms/{form.id}/{record_id}")


def _place(visit: Visit, unit: Unit) -> _Place:
    form, field = _named(visit, unit)
    return _Place(visit, unit, form, field, records.get(unit, form.id, visit.number("id")))


def _apply(visit: Visit, change: Update) -> None:
    with visit.writing() as unit:
        records.apply(unit, [change])


def _named(visit: Visit, unit: Unit) -> tuple[Form, Field]:
    """Return the field of the address. Raises NotFound for one that nobody may change in a list."""
    form = form_of(unit, visit.name("form"))
    field = form.by_id.get(visit.name("field"))
    if field is None or not may_stand_in_cell(field, unit):
        raise NotFound
    return form, field


def _only(field: Field, decoded: Decoded) -> Decoded:
    name = field.id
    return Decoded(
        values={name: decoded.values[name]} if name in decoded.values else {},
        texts={name: decoded.texts[name]} if name in decoded.texts else {},
        problems=tuple(each for each in decoded.problems if each.path == name),
        touched=frozenset({name}),
    )


def _clash(place: _Place, decoded: Decoded) -> Clash | None:
    """Return what somebody else made of this very value meanwhile, if it is not what was typed."""
    name, record = place.field.id, place.record
    if record.values.get(name) == decoded.values[name]:
        return None
    history = records.history(place.unit, place.form.id, record.id)
    clashes = merge(decoded, history, record, since=place.visit.seen()).clashes
    return next((each for each in clashes if each.name == name and each.is_disputed), None)


def _part(
    place: _Place,
    decoded: Decoded,
    *,
    clash: Clash | None = None,
    general: str = "",
    status: int = 200,
) -> Response:
    visit, unit, form, field, record = place.visit, place.unit, place.form, place.field, place.record
    _check_may_change(place)
    by_name, elsewhere = problems_by_name(decoded.problems, decoded, visit.locale)
    own = by_name.pop(field.id, "")
    others = [f"{_name(form, name, visit)}{text}" for name, text in by_name.items()]
    is_typed = bool(decoded.texts)
    value = decoded.values.get(field.id) if is_typed else record.values.get(field.id)
    draft = records.draft(unit, form.id, record.id, dict(decoded.values), None)
    state = draft.states[field.id]
    given = FieldValue(
        value=value,
        title=draft.titles.get(field.id),
        items=draft.items.get(field.id, ()),
        unit=draft.units.get(field.id, ""),
        text=decoded.texts.get(field.id) if own else None,
        problem=own,
        state=state,
    )
    view = field_views(unit).view(form, field, given, name=field.id, is_cell=True)
    changed = record.values.get("updated_at")
    part = CellPart(
        action=f"/forms/{form.id}/{record.id}/cells/{field.id}",
        revision=record.revision,
        seen=(changed if isinstance(changed, datetime) else unit.now).isoformat(),
        field=view.having(options_url=f"{view.options_url}?record={record.id}") if view.options_url else view,
        problem=" ".join(filter(None, (own, *others, *elsewhere, general))),
        clash=None
        if clash is None
        else ClashNote(
            who=clash.actor,
            time=shown_at(clash.at, unit.zone, visit.locale),
            before=clash.before,
            after=clash.after,
        ),
    )
    return visit.part(TEMPLATE, part, status=status)


def _check_may_change(place: _Place) -> None:
    """Raise Denied where this person may not change the value now: rights, state, or a rule of the form."""
    unit, form, field, record = place.unit, place.form, place.field, place.record
    if not record.may_update:
        decision = access.decide(unit.person, Action.UPDATE, form.id, unit=unit)
        raise Denied(decision.why if isinstance(decision, access.RefusedAccess) else _NOT_NOW)
    state = records.draft(unit, form.id, record.id, {}, None).states.get(field.id)
    is_open = state is not None and state.is_visible and not state.is_readonly
    if record.rights.get(field.id, Right.HIDDEN) is not Right.WRITE or not is_open:
        raise Denied(_NOT_NOW)


def _name(form: Form, path: str, visit: Visit) -> str:
    known = form.by_id.get(path.split(".", 1)[0])
    return "" if known is None else visit.t("bulk.at", field=visit.text(known.label))
