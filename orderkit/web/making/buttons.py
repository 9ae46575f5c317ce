"""The buttons that make a record of others, on a record and on a list."""

from dataclasses import dataclass

from orderkit.engine import records
from orderkit.engine.records import Offer, OfferKind
from orderkit.engine.runtime import Unit
from orderkit.model.forms import Form
from orderkit.model.labels import text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferView:
    """One button. `why` says why it is grey; with `picks` it leads to a page, else it makes at once.

    `ids` is what it sends: the record that the page is about, or nothing on a list, where records are chosen.
    """

    label: str
    url: str
    ids: str
    why: str
    picks: bool
    takes_many: bool


def offer_views(unit: Unit, form: Form, record_id: int, locale: str) -> tuple[OfferView, ...]:
    """Return what may be made of one record."""
    return tuple(_view(form, each, locale, record_id) for each in records.offers(unit, form.id, record_id))


def list_offer_views(unit: Unit, form: Form, locale: str) -> tuple[OfferView, ...]:
    """Return what may be made of records chosen in a list; their ids are added to each address.

    There everything is asked before it is done.
    """
    return tuple(_view(form, each, locale, None) for each in records.list_offers(unit, form.id))


def _view(form: Form, offer: Offer, locale: str, record_id: int | None) -> OfferView:
    one = "" if record_id is None else str(record_id)
    address = {
        OfferKind.MAKE: f"/forms/{form.id}/make/{offer.target}",
        OfferKind.SPLIT: f"/forms/{form.id}/{one}/split",
        OfferKind.MERGE: f"/forms/{form.id}/merge",
    }
    url = address[offer.kind]
    if record_id is None and offer.kind is OfferKind.MAKE and not offer.picks:
        url = f"/forms/{form.id}/bulk/make/{offer.target}"
    return OfferView(
        label=text_of(offer.label, locale),
        url=f"{url}?ids={one}" if one and offer.kind is OfferKind.MAKE else url,
        ids=one,
        why=text_of(offer.why, locale) if offer.why is not None else "",
        picks=offer.picks,
        takes_many=offer.takes_many,
    )
