"""The state of a list as it stands in the address: read leniently, written back canonically.

A part that means nothing (an unknown field, a text that is no date) is left out rather than refused:
addresses are kept, shared and outlive the forms they were made for.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from orderkit.catalog import Catalog
from orderkit.engine.records import Condition, is_groupable
from orderkit.model.forms import FieldId, Form, SortKey
from orderkit.web.listing.nesting import Step, word_of
from orderkit.web.listing.reading import PREFIX, GroupPath, Parameter, joins_any, read_filters

LONGEST_SEARCH = 200
MOST_LEVELS = 2
ANY = "any"
_ID = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAddress:
    """The state of a list. `parameters` are the filters as texts, in the order of the address.

    `saved` is the number of the kept view that it came from, and 0 where everything was asked for by
    somebody whose list opens with a view.

    With `is_any` it is enough that one of the filters or groups holds; a group then asks for all of its
    own, and otherwise for any; a group in it is joined as the list is, and so on.
    """

    view: str | None = None
    saved: int | None = None
    search: str = ""
    sort: tuple[SortKey, ...] = ()
    group: tuple[FieldId, ...] = ()
    cursor: str | None = None
    is_any: bool = False
    parameters: tuple[Parameter, ...] = ()
    filters: tuple[Condition, ...] = ()

    @property
    def sort_text(self) -> str:
        """The order as it stands in the address: `-total`."""
        return ",".join(("-" if key.descending else "") + key.field for key in self.sort)

    def groups(self, within: GroupPath = ()) -> tuple[GroupPath, ...]:
        """Return the groups that stand directly in a group."""
        depth = len(within)
        inside = (each.group for each in self.parameters if each.group[:depth] == within)
        return tuple(dict.fromkeys(each[: depth + 1] for each in inside if len(each) > depth))

    def texts(self, name: str, group: GroupPath = ()) -> tuple[str, ...]:
        """Return what a filter holds: `status`, `ordered_on.from`."""
        return tuple(each.text for each in self.parameters if (each.group, each.name) == (group, name))

    def prefix(self, group: GroupPath) -> str:
        """Return what stands before the names of a group: `f.`, `any.1.`, `any.1.notall.2.`."""
        steps = (
            Step(number, word_of(joins_any=joins_any(depth, is_any=self.is_any), is_negated=is_negated))
            for depth, (number, is_negated) in enumerate(group, start=1)
        )
        return "".join(step.prefix for step in steps) if group else PREFIX

    def without(self, group: GroupPath) -> "ListAddress":
        """Return the address of the list without a group and all that stands in it."""
        kept = (each for each in self.parameters if each.group[: len(group)] != group)
        return replace(self, parameters=tuple(kept), cursor=None)

    def negated(self, group: GroupPath) -> "ListAddress":
        """Return the address of the list in which a group means the opposite."""
        turned = opposite(group)
        changed = (
            replace(each, group=(*turned, *each.group[len(group) :]))
            if each.group[: len(group)] == group
            else each
            for each in self.parameters
        )
        return replace(self, parameters=tuple(changed), cursor=None)

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
        """Return the address of another view, with the same search and filters unless a kept view brought them."""
        if self.saved:
            return ListAddress(view=view, saved=0)
        return replace(self, view=view, cursor=None)

    def sorted_by(self, field: str) -> "ListAddress":
        """Return the address of the list ordered by a field; by the other direction if it is already."""
        descending = self.direction_of(field) == "ascending"
        return replace(self, sort=(SortKey(field=field, descending=descending),), cursor=None)

    def cleared(self) -> "ListAddress":
        """Return the address of the whole list in this order."""
        return ListAddress(sort=self.sort, group=self.group, saved=None if self.saved is None else 0)

    def joined_otherwise(self) -> "ListAddress":
        """Return the address of the list in which any filter is enough, or all are needed again."""
        return replace(self, is_any=not self.is_any, cursor=None)

    def pairs(self) -> list[tuple[str, str]]:
        """Return what stands behind the `?`."""
        pairs: list[tuple[str, str]] = []
        if self.saved is not None:
            pairs.append(("saved", str(self.saved)))
        if self.view:
            pairs.append(("view", self.view))
        if self.search:
            pairs.append(("q", self.search))
        if self.is_any:
            pairs.append(("match", ANY))
        pairs.extend((self.prefix(each.group) + each.name, each.text) for each in self.parameters)
        if self.sort:
            pairs.append(("sort", self.sort_text))
        if self.group:
            pairs.append(("group", ",".join(self.group)))
        if self.cursor:
            pairs.append(("cursor", self.cursor))
        return pairs

    def outline(self) -> tuple[str, ...]:
        """Return what is asked for without the values, one of which may be somebody's name: `f.total.from`, `sort=-total`."""
        told = (
            replace(self, search="", parameters=(), cursor=None).pairs(),
            [("q", "")] if self.search else [],
            [(self.prefix(each.group) + each.name, "") for each in self.parameters],
        )
        return tuple(
            dict.fromkeys(f"{name}={text}" if text else name for part in told for name, text in part)
        )

    def url(self, path: str) -> str:
        """Return path and query."""
        pairs = self.pairs()
        return f"{path}?{urlencode(pairs)}" if pairs else path


def opposite(group: GroupPath) -> GroupPath:
    """Return the way to the same group, where it means the opposite."""
    number, is_negated = group[-1]
    return (*group[:-1], (number, not is_negated))


def read_address(query: QueryParams, form: Form, catalog: Catalog) -> ListAddress:
    """Return the state that a query string stands for, as far as it fits the form."""
    view, saved = query.get("view"), query.get("saved", "")
    is_any = query.get("match") == ANY
    parameters, filters = read_filters(query, form, catalog, is_any=is_any)
    return ListAddress(
        view=view if any(each.id == view for each in form.list.views) else None,
        saved=int(saved) if _ID.fullmatch(saved) else None,
        search=query.get("q", "").strip()[:LONGEST_SEARCH],
        sort=tuple(_sort_keys(query.get("sort", ""), form)),
        group=tuple(_grouped_by(",".join(query.getlist("group")), form)),
        cursor=query.get("cursor") or None,
        is_any=is_any,
        parameters=parameters,
        filters=filters,
    )


def _grouped_by(text: str, form: Form) -> Iterable[FieldId]:
    known = [form.by_id[name] for name in dict.fromkeys(text.split(",")) if name in form.by_id]
    return (field.id for field in [each for each in known if is_groupable(each)][:MOST_LEVELS])


def _sort_keys(text: str, form: Form) -> Iterable[SortKey]:
    for part in text.split(",")[:3]:
        field = form.by_id.get(part.removeprefix("-"))
        if field is not None and field.is_stored:
            yield SortKey(field=field.id, descending=part.startswith("-"))
