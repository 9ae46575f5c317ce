"""The state of a list as it stands in the address: read leniently, written back canonically.

A part that means nothing (an unknown field, a text that is no date) is left out rather than refused:
addresses are kept, shared and outlive the forms they were made for.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from orderkit.catalog import Catalog
from orderkit.engine.records import Filter, Operator
from orderkit.fields.field_type import Invalid
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Address, Date, DateTime, Number, Text
from orderkit.model.forms import Field, Form, SortKey

PREFIX = "f."
LONGEST_SEARCH = 200
MOST_VALUES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAddress:
    """The state of a list. `parameters` are the filters as texts, in the order of the address."""

    view: str | None = None
    search: str = ""
    sort: tuple[SortKey, ...] = ()
    cursor: str | None = None
    parameters: tuple[tuple[str, str], ...] = ()
    filters: tuple[Filter, ...] = ()

    @property
    def sort_text(self) -> str:
        """The order as it stands in the address: `-total`."""
        return ",".join(("-" if key.descending else "") + key.field for key in self.sort)

    def texts(self, name: str) -> tuple[str, ...]:
        """Return what a filter holds: `status`, `ordered_on.from`."""
        return tuple(value for key, value in self.parameters if key == PREFIX + name)

    def direction_of(self, field: str) -> str:
        """Return how the list is ordered by a field, if it is."""
        for key in self.sort:
            if key.field == field:
                return "descending" if key.descending else "ascending"
        return ""

    def with_cursor(self, cursor: str | None) -> "ListAddress":
        """Return the address of another page of the same list."""
        return replace(self, cursor=cursor)

    def with_view(self, view: str | None) -> "ListAddress":
        """Return the address of another view, with the same search and filters."""
        return replace(self, view=view, cursor=None)

    def sorted_by(self, field: str) -> "ListAddress":
        """Return the address of the list ordered by a field; by the other direction if it is already."""
        descending = self.direction_of(field) == "ascending"
        return replace(self, sort=(SortKey(field=field, descending=descending),), cursor=None)

    def cleared(self) -> "ListAddress":
        """Return the address of the whole list in this order."""
        return ListAddress(sort=self.sort)

    def url(self, path: str) -> str:
        """Return path and query."""
        pairs: list[tuple[str, str]] = []
        if self.view:
            pairs.append(("view", self.view))
        if self.search:
            pairs.append(("q", self.search))
        pairs.extend(self.parameters)
        if self.sort:
            pairs.append(("sort", self.sort_text))
        if self.cursor:
            pairs.append(("cursor", self.cursor))
        return f"{path}?{urlencode(pairs)}" if pairs else path


def read_address(query: QueryParams, form: Form, catalog: Catalog) -> ListAddress:
    """Return the state that a query string stands for, as far as it fits the form."""
    view = query.get("view")
    filters: list[Filter] = []
    parameters: list[tuple[str, str]] = []
    for field_id in form.list.filters:
        field = form.by_id[field_id]
        for operator, name in _names(field):
            read = dict(_read(field, query.getlist(PREFIX + name)[:MOST_VALUES], catalog))
            if read:
                filters.append(Filter(field=field_id, operator=operator, values=tuple(read.values())))
                parameters.extend((PREFIX + name, text) for text in read)
    return ListAddress(
        view=view if any(each.id == view for each in form.list.views) else None,
        search=query.get("q", "").strip()[:LONGEST_SEARCH],
        sort=tuple(_sort_keys(query.get("sort", ""), form)),
        cursor=query.get("cursor") or None,
        parameters=tuple(parameters),
        filters=tuple(filters),
    )


def is_range(field: Field) -> bool:
    """Return whether a field is filtered by a lower and an upper bound."""
    return isinstance(field.value_type, Date | DateTime | Number)


def _names(field: Field) -> tuple[tuple[Operator, str], ...]:
    if is_range(field):
        return (Operator.AT_LEAST, f"{field.id}.from"), (Operator.AT_MOST, f"{field.id}.to")
    if isinstance(field.value_type, Text | Address):
        return ((Operator.CONTAINS, field.id),)
    return ((Operator.ONE_OF, field.id),)


def _read(field: Field, texts: Iterable[str], catalog: Catalog) -> Iterable[tuple[str, Scalar]]:
    """Yield the texts that mean something for the field, each with its value."""
    # A part of a phone number or an address is looked for as it is typed.
    reader = catalog.fields["text" if isinstance(field.value_type, Text | Address) else field.type]
    options = reader.Options() if isinstance(field.value_type, Text | Address) else field.options
    for text in texts:
        value = reader.parse(options, text)
        if value is not None and not isinstance(value, Invalid):
            yield text, value


def _sort_keys(text: str, form: Form) -> Iterable[SortKey]:
    for part in text.split(",")[:3]:
        field = form.by_id.get(part.removeprefix("-"))
        if field is not None and field.is_stored:
            yield SortKey(field=field.id, descending=part.startswith("-"))
