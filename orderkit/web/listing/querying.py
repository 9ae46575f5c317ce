"""What the engine is asked for where a list stands at an address."""

from dataclasses import replace

from orderkit.engine.records import Query
from orderkit.model.forms import Form
from orderkit.web.listing.address import ListAddress


def whole_query(form: Form, address: ListAddress) -> Query:
    """Return the query of a list in the state of an address, from its beginning: for exports, boards, bulk."""
    return Query(
        form=form.id,
        filters=address.filters,
        view=address.view,
        search=address.search or None,
        sort=address.sort,
    )


def query_at(form: Form, address: ListAddress) -> Query:
    """Return the query of a list in the state of an address, from the place that it names."""
    return replace(whole_query(form, address), cursor=address.cursor)
