"""The bar that a list shows once records of it are ticked: what may be done to them."""

from dataclasses import dataclass

from orderkit.engine import printing
from orderkit.engine.access import Action, decide
from orderkit.engine.bulk import MOST_RECORDS
from orderkit.engine.runtime import Unit
from orderkit.model.forms import Form
from orderkit.web.making.buttons import OfferView, list_offer_views
from orderkit.web.printing.views import PrintView, print_views
from orderkit.web.rendering.texts import Speaker


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionBar:
    """What may be done to several records of a form; an empty address: nobody lets this person do that.

    `query` is the state of the list, which "all that match" refers to; with `has_more` there are more of
    them than the page shows.
    """

    edit_url: str
    move_url: str
    delete_url: str
    offers: tuple[OfferView, ...]
    prints: tuple[PrintView, ...]
    query: str
    has_more: bool
    most: int = MOST_RECORDS


def selection_bar(
    unit: Unit, form: Form, t: Speaker, *, list_url: str, has_more: bool
) -> SelectionBar | None:
    """Return the bar for a person; None where they may do nothing to several records."""
    url = f"/forms/{form.id}/bulk"
    may = {
        action: bool(decide(unit.person, action, form.id, unit=unit))
        for action in (Action.UPDATE, Action.DELETE)
    }
    has_life = form.id in unit.project.workflows_by_form
    offers = list_offer_views(unit, form, unit.locale)
    prints = print_views(printing.list_documents(unit, form.id), form, unit.locale, t)
    if not (any(may.values()) or has_life or offers or prints):
        return None
    return SelectionBar(
        edit_url=f"{url}/edit" if may[Action.UPDATE] else "",
        move_url=f"{url}/move" if has_life else "",
        delete_url=f"{url}/delete" if may[Action.DELETE] else "",
        offers=offers,
        prints=prints,
        query=list_url.partition("?")[2],
        has_more=has_more,
    )
