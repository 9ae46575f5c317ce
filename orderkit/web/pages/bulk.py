"""The questions before something is done to many records: which values, which transition, whether at all.

Each is a page that htmx shows as a sheet over the list; `bulk_run` shows what became of it.
"""

from collections.abc import Collection
from dataclasses import dataclass

from starlette.responses import Response

from orderkit.engine import bulk, records
from orderkit.engine.bulk import Edit, Move, MoveOffer, Remove
from orderkit.engine.records import FieldState, OfferKind
from orderkit.engine.runtime import Unit
from orderkit.engine.zones import options_seen
from orderkit.fields.field_type import Invalid
from orderkit.model.errors import NotFound, Problem
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import Field, Form
from orderkit.model.labels import label, text_of
from orderkit.model.workflow.workflows import Outcome
from orderkit.web.bulk.choosing import Chosen, read_chosen
from orderkit.web.bulk.running import carry_out
from orderkit.web.display.fields import FieldValue, FieldView, FieldViews, field_views
from orderkit.web.editing.decoding import Decoded, decode, may_be_given_to_many
from orderkit.web.editing.sections import problems_by_name
from orderkit.web.pages.record_list import form_of
from orderkit.web.request.once import fresh_mark, mark_of
from orderkit.web.request.visit import Visit

LONGEST_COMMENT = 2000
_GONE = label(
    zh="所选记录现在都不能做这个操作，请刷新后查看",
    en="None of the chosen records allows this now; load the list again",
)
_REQUIRED = label(zh="必填", en="required")
_NOTHING = label(zh="请勾选要修改的字段", en="tick the fields that are to change")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What every question has: how many records it is about, and how they are sent back."""

    form: str
    title: str
    list_url: str
    action: str
    ids: str
    kept: str
    query: str
    count: int
    is_cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SetField:
    """A field that may be given to all; only those that are `is_set` are."""

    view: FieldView
    is_set: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkEditPage:
    """Which fields get which values."""

    asked: Asked
    fields: tuple[SetField, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveChoice:
    """A transition that some of the records allow."""

    label: str
    url: str
    allowed: str
    gives_up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkMovesPage:
    """Which transition."""

    asked: Asked
    choices: tuple[MoveChoice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkMovePage:
    """What a transition asks for, once for all of them."""

    asked: Asked
    to: str
    note: str
    fields: tuple[FieldView, ...]
    comment: str
    problems: tuple[str, ...]
    gives_up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkConfirmPage:
    """Whether really. `note` says what will happen."""

    asked: Asked
    note: str
    submit: str
    is_bad: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a question is asked."""

    visit: Visit
    unit: Unit
    form: Form
    chosen: Chosen
    views: FieldViews


def _place(visit: Visit, unit: Unit) -> _Place:
    form = form_of(unit, visit.name("form"))
    return _Place(visit, unit, form, read_chosen(visit, unit, form), field_views(unit))


def show_edit(visit: Visit) -> Response:
    """Ask which fields get which values."""
    with visit.reading() as unit:
        place = _place(visit, unit)
        return _show_edit(place, Decoded(), frozenset(), ())


def edit(visit: Visit) -> Response:
    """Give the ticked fields their values in every record."""
    with visit.reading() as unit:
        place = _place(visit, unit)
        form, chosen = place.form, place.chosen
        names = {each.id for each in form.fields if may_be_given_to_many(each, unit.runtime.catalog)}
        ticked = frozenset(each for each in visit.form.getlist("set") if each in names)
        decoded = decode(visit.form, form, unit.project, unit.runtime.catalog, is_new=False, zone=unit.zone)
        problems = [each for each in decoded.problems if each.path in ticked]
        if not ticked:
            problems.append(Problem(path="", code="required", message=_NOTHING))
        if problems:
            return _show_edit(place, decoded, ticked, problems)
    values = {name: value for name, value in decoded.values.items() if name in ticked}
    return carry_out(visit, form, Edit(values=values), chosen)


def show_moves(visit: Visit) -> Response:
    """Ask for the transition; once it is named, for what it asks for."""
    with visit.reading() as unit:
        place = _place(visit, unit)
        form, chosen = place.form, place.chosen
        offers = bulk.moves(unit, form.id, chosen.ids)
        if "to" in visit.query:
            offer = _offer(offers, visit.query["to"])
            return _show_move(place, offer, Decoded(), ())
        url = f"/forms/{form.id}/bulk/move"
        page = BulkMovesPage(
            asked=_asked(visit, form, chosen, visit.t("bulk.move"), url),
            choices=tuple(
                MoveChoice(
                    label=visit.text(each.button.label),
                    url=f"{url}?{chosen.query}&to={_name_of(each)}",
                    allowed=visit.t("bulk.allowed", allowed=each.allowed, count=each.looked_at),
                    gives_up=_gives_up(unit, each),
                )
                for each in offers
            ),
        )
        return visit.show(
            unit, "pages/bulk_moves.html", page, current=f"form:{form.id}", back=chosen.list_url
        )


def move(visit: Visit) -> Response:
    """Press the transition on every record."""
    with visit.reading() as unit:
        place = _place(visit, unit)
        form, chosen = place.form, place.chosen
        offer = _offer(bulk.moves(unit, form.id, chosen.ids), visit.field("to"))
        decoded = _answers(unit, visit, offer)
        if decoded.problems:
            return _show_move(place, offer, decoded, decoded.problems)
    pressed = offer.button
    action = Move(
        workflow=pressed.workflow,
        transition=pressed.transition,
        values=decoded.values,
        comment=visit.field("comment")[:LONGEST_COMMENT] or None,
        is_withdrawal=pressed.is_withdrawal,
    )
    return carry_out(visit, form, action, chosen)


def show_delete(visit: Visit) -> Response:
    """Ask before records are deleted."""
    with visit.reading() as unit:
        place = _place(visit, unit)
        form, chosen = place.form, place.chosen
        page = BulkConfirmPage(
            asked=_asked(visit, form, chosen, visit.t("bulk.delete"), f"/forms/{form.id}/bulk/delete"),
            note=visit.t("bulk.delete_note"),
            submit=visit.t("bulk.do_delete"),
            is_bad=True,
        )
        return visit.show(
            unit, "pages/bulk_confirm.html", page, current=f"form:{form.id}", back=chosen.list_url
        )


def delete(visit: Visit) -> Response:
    """Delete every record that may be."""
    with visit.reading() as unit:
        place = _place(visit, unit)
        form, chosen = place.form, place.chosen
    return carry_out(visit, form, Remove(), chosen)


def show_make(visit: Visit) -> Response:
    """Ask before documents are made that need no picking."""
    with visit.reading() as unit:
        place = _place(visit, unit)
        form, chosen = place.form, place.chosen
        target = visit.name("target")
        offer = next(
            (
                each
                for each in records.list_offers(unit, form.id)
                if (each.kind, each.target) == (OfferKind.MAKE, target)
            ),
            None,
        )
        if offer is None:
            raise NotFound
        page = BulkConfirmPage(
            asked=_asked(visit, form, chosen, visit.text(offer.label), f"/forms/{form.id}/make/{target}"),
            note=visit.t("bulk.make_note", form=text_of(unit.project.form_by_id[target].label, visit.locale)),
            submit=visit.text(offer.label),
            is_bad=False,
        )
        return visit.show(
            unit, "pages/bulk_confirm.html", page, current=f"form:{form.id}", back=chosen.list_url
        )


def _asked(visit: Visit, form: Form, chosen: Chosen, title: str, action: str) -> Asked:
    return Asked(
        form=text_of(form.label, visit.locale),
        title=title,
        list_url=chosen.list_url,
        action=action,
        ids=chosen.ids_text,
        kept=mark_of(visit) or fresh_mark(),
        query=chosen.list_url.partition("?")[2],
        count=len(chosen.ids),
        is_cut=chosen.is_cut,
    )


def _show_edit(
    place: _Place,
    decoded: Decoded,
    ticked: Collection[str],
    problems: Collection[Problem],
) -> Response:
    visit, unit, form, chosen = place.visit, place.unit, place.form, place.chosen
    writable = bulk.writable(unit, form.id, chosen.ids)
    by_name, general = problems_by_name(list(problems), decoded, visit.locale)
    fields = tuple(
        SetField(
            view=_view(place, each, decoded, by_name.get(each.id, "")),
            is_set=each.id in ticked,
        )
        for each in form.fields
        if each.id in writable and may_be_given_to_many(each, unit.runtime.catalog)
    )
    page = BulkEditPage(
        asked=_asked(visit, form, chosen, visit.t("bulk.edit"), f"/forms/{form.id}/bulk/edit"),
        fields=fields,
        problems=general,
    )
    status = 422 if problems else 200
    return visit.show(
        unit, "pages/bulk_edit.html", page, current=f"form:{form.id}", back=chosen.list_url, status=status
    )


def _show_move(
    place: _Place,
    offer: MoveOffer,
    decoded: Decoded,
    problems: Collection[Problem],
) -> Response:
    visit, unit, form, chosen = place.visit, place.unit, place.form, place.chosen
    by_name, general = problems_by_name(list(problems), decoded, visit.locale)
    button = offer.button
    page = BulkMovePage(
        asked=_asked(visit, form, chosen, visit.text(button.label), f"/forms/{form.id}/bulk/move"),
        to=_name_of(offer),
        note=visit.t("bulk.allowed", allowed=offer.allowed, count=offer.looked_at),
        fields=tuple(
            _view(
                place,
                each.field,
                decoded,
                by_name.get(each.field.id, ""),
                is_required=each.required and each.is_own,
            )
            for each in button.ask
        ),
        comment=visit.field("comment"),
        problems=general,
        gives_up=_gives_up(unit, offer),
    )
    status = 422 if problems else 200
    return visit.show(
        unit, "pages/bulk_move.html", page, current=f"form:{form.id}", back=chosen.list_url, status=status
    )


def _view(
    place: _Place, field: Field, decoded: Decoded, problem: str, *, is_required: bool = False
) -> FieldView:
    """Return an empty control, or one with what was typed."""
    value = decoded.values.get(field.id)
    title = None
    if field.target is not None and isinstance(value, int):
        title = records.titles(place.unit, field.target, [value]).get(value)
    state = FieldState(is_visible=True, is_required=is_required, is_readonly=False)
    given = FieldValue(
        value=value,
        title=title,
        text=decoded.texts.get(field.id) if problem else None,
        problem=problem,
        state=state,
    )
    return place.views.view(place.form, field, given, name=field.id)


def _answers(unit: Unit, visit: Visit, offer: MoveOffer) -> Decoded:
    """Return what was answered. A field of the form that was left empty keeps what each record has."""
    values: dict[str, Scalar] = {}
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for each in offer.button.ask:
        name, kind = each.field.id, unit.runtime.catalog.fields[each.field.type]
        texts[name] = next((t for t in reversed(visit.form.getlist(name)) if isinstance(t, str)), "")
        value = kind.parse(options_seen(each.field, unit.project, unit.zone), texts[name])
        if isinstance(value, Invalid):
            problems.append(Problem(path=name, code="invalid", message=value.message, help=value.expected))
        elif value is not None:
            values[name] = value
        elif each.required and each.is_own:
            problems.append(Problem(path=name, code="required", message=_REQUIRED))
    return Decoded(values=values, texts=texts, problems=tuple(problems))


def _offer(offers: Collection[MoveOffer], name: str) -> MoveOffer:
    for offer in offers:
        if _name_of(offer) == name:
            return offer
    raise NotFound(_GONE)


def _name_of(offer: MoveOffer) -> str:
    button = offer.button
    verb = "withdraw" if button.is_withdrawal else "do"
    return f"{verb}.{button.workflow}.{button.transition}"


def _gives_up(unit: Unit, offer: MoveOffer) -> bool:
    found = unit.project.workflow_by_id.get(offer.button.workflow)
    transition = None if found is None else found.transition_by_id.get(offer.button.transition)
    if found is None or transition is None:
        return False
    return found.state_by_id[transition.target].final is Outcome.CANCELLED
