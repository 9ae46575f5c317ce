"""Which buttons a person finds on a record and on a list: what may be made of it, and if not, why."""

from collections.abc import Iterator

from orderkit.engine.access import Action, decide
from orderkit.engine.records.documents.laying import load_documents
from orderkit.engine.records.making.merging import why_not_merged
from orderkit.engine.records.making.picking import open_groups, why_not
from orderkit.engine.records.making.shapes import Offer, OfferKind
from orderkit.engine.records.making.splitting import why_not_split
from orderkit.engine.records.reading.getting import readable_row
from orderkit.engine.rows import RecordRow
from orderkit.engine.runtime import Unit
from orderkit.model.forms import CreateFrom, Form, FormId
from orderkit.model.labels import Label, label

_NOTHING_OPEN = label(zh="没有可用的数量了", en="nothing is left to take")


def offers(unit: Unit, form_id: FormId, record_id: int) -> tuple[Offer, ...]:
    """Return what may be made of one record, first what is made of it and then splitting. Raises NotFound."""
    form = unit.project.form_by_id[form_id]
    ways = list(_ways(unit, form_id))
    if not ways and form.split is None:
        return ()
    row = readable_row(unit, form_id, record_id)
    load_documents(unit, form_id, [record_id], lock=False)
    found = [_offer(target, way, why=_why_not_made(unit, target, way, row)) for target, way in ways]
    if form.split is not None and decide(unit.person, Action.UPDATE, form_id, unit=unit):
        why = why_not_split(unit, form, form.split, row)
        found.append(Offer(kind=OfferKind.SPLIT, target=form_id, label=form.split.label, why=why, picks=True))
    return tuple(found)


def list_offers(unit: Unit, form_id: FormId) -> tuple[Offer, ...]:
    """Return what may be made of records chosen in a list; each record is asked when it is chosen."""
    form = unit.project.form_by_id[form_id]
    found = [_offer(target, way, why=None) for target, way in _ways(unit, form_id)]
    if form.merge is not None and decide(unit.person, Action.UPDATE, form_id, unit=unit):
        found.append(Offer(kind=OfferKind.MERGE, target=form_id, label=form.merge.label, takes_many=True))
    return tuple(found)


def merge_problem(unit: Unit, form_id: FormId, record_id: int) -> Label | None:
    """Return why a record may not be merged now. Raises NotFound."""
    form = unit.project.form_by_id[form_id]
    row = readable_row(unit, form_id, record_id)
    return None if form.merge is None else why_not_merged(unit, form, form.merge, row)


def _ways(unit: Unit, form_id: FormId) -> Iterator[tuple[Form, CreateFrom]]:
    """Yield the forms that this person may make of records of a form, and how."""
    for target in unit.project.forms:
        for way in target.create_from:
            if way.source == form_id and decide(unit.person, Action.CREATE, target.id, unit=unit):
                yield target, way


def _offer(target: Form, way: CreateFrom, *, why: Label | None) -> Offer:
    return Offer(
        kind=OfferKind.MAKE,
        target=target.id,
        label=way.label,
        why=why,
        picks=way.lines is not None,
        takes_many=way.many,
    )


def _why_not_made(unit: Unit, target: Form, way: CreateFrom, row: RecordRow) -> Label | None:
    why = why_not(unit, way, row)
    if why is not None or way.lines is None:
        return why
    (group,) = open_groups(unit, target, way, [row.id])
    return None if group.rows else _NOTHING_OPEN
