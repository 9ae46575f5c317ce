"""The groups of a list on its page: what each is called, what it comes to, and where its records are asked for.

The address says by which fields (`group=status,customer`); behind `in` stands the way into a group, a
value for each level: `in==quoted`, or nothing for the records in which nothing stands.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import monotonic
from urllib.parse import urlencode

from orderkit.engine import lists, records
from orderkit.engine.lists import Arrangement
from orderkit.engine.records import Groups, Query
from orderkit.engine.runtime import Unit
from orderkit.fields.choice import ChoiceOptions
from orderkit.model.errors import NotFound
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Boolean, Record
from orderkit.model.forms import Field, FieldId, Form
from orderkit.model.labels import text_of
from orderkit.web.display.fields import FieldViews
from orderkit.web.display.hues import hues_of
from orderkit.web.listing.address import ListAddress
from orderkit.web.listing.reading import Parameter
from orderkit.web.listing.sums import SumCell, sum_cells, summed_fields
from orderkit.web.rendering.texts import Speaker

MOST_OPENED = 60
# What an answer needs to work out of groups may take so long together, however many of them are open.
SECONDS = 2.0
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_ID = re.compile(r"[0-9]{1,18}")
_OPENED = re.compile(r"([0-9a-f]{1,2000}(?:-[0-9a-f]{1,2000}){0,3})(?:\.([0-9]{1,5}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupView:
    """One group. `open_url` brings what is in it: its records, or groups of its own with `has_inner`.

    `list_url` is the list of its records alone; `outer` names the group that it is in.
    """

    name: str
    outer: str
    label: str
    hue: str
    count: str
    cells: tuple[SumCell, ...]
    open_url: str
    list_url: str
    has_inner: bool
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupedView:
    """The groups of one level; `is_cut`: there are more than are shown."""

    groups: tuple[GroupView, ...]
    is_cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedGroup:
    """A group that its reader has open on the page, with so many records."""

    name: str
    way: tuple[str, ...]
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupingChoice:
    """A field by which the list may be grouped."""

    name: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupingPanel:
    """The panel that says by what the list is grouped."""

    choices: tuple[GroupingChoice, ...]
    first: str
    second: str
    label: str


class GroupViews:
    """Makes the groups of one list for one answer, whose time for it begins here."""

    def __init__(
        self,
        unit: Unit,
        form: Form,
        address: ListAddress,
        arrangement: Arrangement,
        *,
        views: FieldViews,
        t: Speaker,
    ) -> None:
        self.unit, self.form, self.views, self.t = unit, form, views, t
        self.address = address.with_cursor(None)
        self.arrangement = arrangement
        self.fields = tuple(form.by_id[name] for name in address.group if lists.may_compare(unit, form, name))
        self._deadline = monotonic() + SECONDS

    @property
    def seconds_left(self) -> float:
        """How long the groups of this answer may still take; 0 when the time is over."""
        return max(0.0, self._deadline - monotonic())

    def within(self, way: Sequence[str]) -> tuple[tuple[FieldId, Scalar], ...]:
        """Return the groups that a way leads into. Raises NotFound."""
        if len(way) > len(self.fields):
            raise NotFound
        pairs = zip(self.fields, way, strict=False)
        return tuple((field.id, _key(field, text)) for field, text in pairs)

    def level(self, query: Query, way: Sequence[str]) -> GroupedView | None:
        """Return the groups behind a way; None when there was no time to work them out."""
        field = self.fields[len(way)]
        within = self.within(way)
        seconds = self.seconds_left
        if not seconds:
            return None
        found = records.groups(
            self.unit,
            replace(query, within=within),
            field.id,
            summed_fields(self.form, self.arrangement),
            seconds=seconds,
        )
        return None if found is None else self._view(field, found, way)

    def open_url(self, way: Sequence[str], cursor: str | None = None) -> str:
        """Return where it is asked for what is in a group, from a place in it on."""
        url = self.address.with_cursor(cursor).url(f"/forms/{self.form.id}/group")
        return f"{url}&{urlencode([('in', part) for part in way])}"

    def panel(self) -> GroupingPanel:
        """Return the panel above the list."""
        chosen = [each.id for each in self.fields]
        return GroupingPanel(
            choices=tuple(
                GroupingChoice(name=each.id, label=self.views.label(each))
                for each in self.form.fields
                if records.is_groupable(each) and lists.may_compare(self.unit, self.form, each.id)
            ),
            first=chosen[0] if chosen else "",
            second=chosen[1] if len(chosen) > 1 else "",
            label=" / ".join(self.views.label(each) for each in self.fields),
        )

    def _view(self, field: Field, found: Groups, way: Sequence[str]) -> GroupedView:
        keys = [each.key for each in found.groups]
        labels = self._labels(field, keys)
        hues = hues_of(self.unit.project, field) if isinstance(field.options, ChoiceOptions) else {}
        outer = name_of(way)
        views = []
        for each in found.groups:
            here = (*way, _text(each.key))
            views.append(
                GroupView(
                    name=name_of(here),
                    outer=outer,
                    label=labels.get(each.key, "") or self.t("list.group_empty"),
                    hue=hues.get(each.key, "") if isinstance(each.key, str) else "",
                    count=f"{each.totals.count:,}",
                    cells=sum_cells(self.form, self.arrangement, self.views, each.totals.sums),
                    open_url=self.open_url(here),
                    list_url=self._alone(here).url(f"/forms/{self.form.id}"),
                    has_inner=len(here) < len(self.fields),
                    level=len(here),
                )
            )
        order = _order(field, keys, labels)
        by_key = dict(zip(keys, views, strict=True))
        return GroupedView(groups=tuple(by_key[key] for key in order), is_cut=found.is_cut)

    def _labels(self, field: Field, keys: Sequence[Scalar]) -> dict[Scalar, str]:
        if isinstance(field.value_type, Boolean):
            return {True: self.t("list.yes"), False: self.t("list.no")}
        if field.target is not None:
            ids = [key for key in keys if isinstance(key, int)]
            titles = records.titles(self.unit, field.target, ids)
            return {each: titles.get(each, f"#{each}") for each in ids}
        if isinstance(field.options, ChoiceOptions):
            return {each.value: text_of(each.label, self.unit.locale) for each in field.options.options}
        return {key: str(key) for key in keys if key is not None}

    def _alone(self, way: Sequence[str]) -> ListAddress:
        """Return the list of the records of one group, for browsers without scripts and new tabs."""
        named = {field.id for field in self.fields[: len(way)]}
        kept = [
            each for each in self.address.parameters if each.group or each.name.split(".")[0] not in named
        ]
        for field, text in zip(self.fields, way, strict=False):
            word = "empty" if not text else "during" if records.is_by_month(field) else ""
            name = f"{field.id}.{word}" if word else field.id
            kept.append(Parameter((), name, text.removeprefix("=") if text else "true"))
        return replace(self.address, parameters=tuple(kept), group=self.address.group[len(way) :])


def read_opened(texts: Sequence[str]) -> tuple[OpenedGroup, ...]:
    """Return the groups that a page says it has open: `3d7175.50` is the name of one with 50 records of it."""
    found = []
    for match in filter(None, map(_OPENED.fullmatch, texts[:MOST_OPENED])):
        try:
            way = tuple("" if part == "0" else bytes.fromhex(part).decode() for part in match[1].split("-"))
        except ValueError:
            continue
        found.append(OpenedGroup(name=match[1], way=way, rows=int(match[2] or 0)))
    return tuple(found)


def name_of(way: Sequence[str]) -> str:
    """Return how a page calls the group to which a way leads."""
    return "-".join(part.encode().hex() or "0" for part in way)


def _text(key: Scalar) -> str:
    if key is None:
        return ""
    return f"={str(key).lower() if isinstance(key, bool) else key}"


def _key(field: Field, given: str) -> Scalar:
    """Return the key that a text of an address stands for. Raises NotFound."""
    if not given:
        return None
    text = given.removeprefix("=")
    if isinstance(field.value_type, Boolean):
        return text == "true"
    if isinstance(field.value_type, Record):
        if not _ID.fullmatch(text):
            raise NotFound
        return int(text)
    if records.is_by_month(field) and not _MONTH.fullmatch(text):
        raise NotFound
    return text


def _order(field: Field, keys: Sequence[Scalar], labels: dict[Scalar, str]) -> list[Scalar]:
    """Return the keys as people expect them: months from the newest, options as written, else by name."""
    given = [key for key in keys if key is not None]
    if records.is_by_month(field):
        given.sort(key=str, reverse=True)
    elif isinstance(field.options, ChoiceOptions):
        places = {each.value: index for index, each in enumerate(field.options.options)}
        given.sort(key=lambda key: places.get(str(key), len(places)))
    else:
        given.sort(key=lambda key: labels.get(key, ""))
    found: list[Scalar] = [*given]
    return [*found, None] if None in keys else found
