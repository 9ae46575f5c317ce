"""Keeping, replacing, renaming and deleting the views of a list, and saying with which one it opens."""

from dataclasses import replace

from starlette.datastructures import QueryParams
from starlette.responses import Response

from orderkit.engine import lists
from orderkit.engine.runtime import Unit
from orderkit.model.errors import NotFound, Refused
from orderkit.model.forms import Form
from orderkit.model.labels import text_of
from orderkit.web.listing.address import ListAddress, read_address
from orderkit.web.listing.kept import opened
from orderkit.web.pages.record_list import form_of
from orderkit.web.request.visit import Visit

LONGEST_QUERY = 8000


def change_views(visit: Visit) -> Response:
    """Do what a button of the panel says; the list comes back in the view that it then has."""
    try:
        with visit.writing() as unit:
            form = form_of(unit, visit.name("form"))
            number, notice = _changed(visit, unit, form)
    except Refused as error:
        why = " ".join(text_of(each.message, visit.locale) for each in error.problems)
        query = QueryParams([*_sent(visit).multi_items(), ("saved", str(_number(visit)))])
        return visit.go(f"/forms/{visit.name('form')}?{query}", why, is_good=False)
    with visit.reading() as unit:
        view = next((each for each in lists.kept_views(unit, form) if each.id == number), None)
        address = (
            opened(unit, form, view).address
            if view is not None
            else _asked(visit, unit, form)
            if visit.field("do") != "delete"
            else ListAddress(saved=0)
        )
    return visit.go(address.url(f"/forms/{form.id}"), visit.t(notice))


def _changed(visit: Visit, unit: Unit, form: Form) -> tuple[int, str]:
    """Return the number of the view to look at, and what to say."""
    number, name = _number(visit), visit.field("name")
    is_shared = visit.field("shared") == "1"
    match visit.field("do"):
        case "new":
            query, arrangement = _query(visit, unit, form), _arrangement(unit, form, number)
            return lists.keep_view(
                unit, form, name, query, arrangement, is_shared=is_shared
            ), "list.view_kept"
        case "replace":
            query, arrangement = _query(visit, unit, form), _arrangement(unit, form, number)
            lists.replace_view(unit, form, number, query, arrangement)
            return number, "list.view_replaced"
        case "rename":
            lists.rename_view(unit, form, number, name, is_shared=is_shared)
            return number, "list.view_renamed"
        case "delete":
            lists.delete_view(unit, form, number)
            return 0, "list.view_deleted"
        case "default":
            lists.open_with(unit, form, visit.field("default"))
            return number, "list.view_default_set"
        case _:
            raise NotFound


def _sent(visit: Visit) -> QueryParams:
    return QueryParams(visit.field("query")[:LONGEST_QUERY])


def _asked(visit: Visit, unit: Unit, form: Form) -> ListAddress:
    address = read_address(_sent(visit), form, unit.runtime.catalog)
    return replace(address, saved=0, cursor=None)


def _query(visit: Visit, unit: Unit, form: Form) -> str:
    """Return the state of the list as it is kept: only what means something, without the place in it."""
    address = read_address(_sent(visit), form, unit.runtime.catalog).with_cursor(None)
    return address.url("").removeprefix("?")


def _arrangement(unit: Unit, form: Form, number: int) -> lists.Arrangement:
    """Return the columns that show now: those of the view that is looked at, if there is one."""
    view = next((each for each in lists.kept_views(unit, form) if each.id == number), None)
    if view is None:
        return lists.arranged(unit, form)
    return lists.arranged(unit, form, view=view.id, written=view.arrangement)


def _number(visit: Visit) -> int:
    text = visit.field("id")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else 0
