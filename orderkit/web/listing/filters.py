"""The filters of a list as people see them: what may be chosen, what is chosen, and a word about it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote_plus

from orderkit.engine import access, records
from orderkit.engine.access import Action
from orderkit.engine.periods import PERIOD_NAMES
from orderkit.engine.records import Whose
from orderkit.engine.runtime import Unit
from orderkit.model.expressions.types import Boolean, Choice, Date, DateTime, Many, Number, Record
from orderkit.model.forms import Field, Form
from orderkit.model.labels import text_of
from orderkit.web.display.fields import FieldValue, FieldViews
from orderkit.web.listing.address import ListAddress, opposite
from orderkit.web.listing.nesting import MOST_DEPTH, MOST_GROUPS, split_name, word_of
from orderkit.web.listing.reading import GroupPath, filterable, has_values, joins_any, whose
from orderkit.web.rendering.texts import Speaker

CHOICE, RANGE, DATES, REFERENCE, TEXT, BARE = "choice", "range", "dates", "reference", "text", "bare"
PERIODS = (
    "today",
    "yesterday",
    "this_week",
    "last_week",
    "this_month",
    "last_month",
    "this_quarter",
    "last_quarter",
    "this_year",
    "last_year",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterOption:
    """A value that may be ticked."""

    value: str
    label: str
    hue: str
    is_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterView:
    """One filter. `kind` is `choice`, `range`, `dates`, `reference`, `text`, or `bare`: only empty or not.

    `last` is the number of days in `last_14_days`, `empty` what is asked of emptiness (`true`, `false`),
    `own` what of the reader's own may be asked for. An opened one comes up with its panel open.
    """

    name: str
    label: str
    kind: str
    summary: str
    options: tuple[FilterOption, ...]
    options_url: str
    start: str
    end: str
    text: str
    periods: tuple[FilterOption, ...]
    last: str
    own: tuple[FilterOption, ...]
    empty: str
    is_excluding: bool
    is_opened: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterChoice:
    """A field by which the list may be filtered too, and where it is."""

    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterSet:
    """Filters that belong together, the groups in them, and the fields that may join them.

    `name` is `f.`, `any.1.`; `label` says how they are joined. `group_url` adds a group to them, where one
    more may be; `negate_url` and `remove_url` are those of a group alone.
    """

    name: str
    label: str
    filters: tuple[FilterView, ...]
    groups: tuple["FilterSet", ...]
    more: tuple[FilterChoice, ...]
    group_url: str
    negate_url: str
    negate_label: str
    remove_url: str
    is_opened: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterBar:
    """All filters of a list."""

    own: FilterSet
    is_any: bool
    switch_url: str


class FilterViews:
    """Makes the filters of the list at `path` for one reader. `opened` is what was asked to be shown: `any.1.total`."""

    def __init__(
        self,
        unit: Unit,
        form: Form,
        address: ListAddress,
        views: FieldViews,
        t: Speaker,
        *,
        path: str,
        opened: str,
    ) -> None:
        self.unit = unit
        self.form = form
        self.address = address
        self.views = views
        self.t = t
        self.opened = opened
        steps = split_name(opened)[0]
        # Deeper ones than there may be are nobody's wish: an address may name thousands.
        self.asked = tuple((step.number, step.is_negated) for step in steps if len(steps) <= MOST_DEPTH)
        self.fields = [field for field in filterable(form) if self._may_filter(field.id)]
        self.path = path
        # A list offers some forty fields to filter by: what stands before their names is written once.
        here = address.with_cursor(None).url(path)
        self.beginning = f"{here}&" if "?" in here else f"{here}?"

    def bar(self) -> FilterBar:
        """Return the bar above the list."""
        return FilterBar(
            own=self._set(()),
            is_any=self.address.is_any,
            switch_url=self.address.joined_otherwise().url(self.path),
        )

    def _may_filter(self, field_id: str) -> bool:
        person, form_id = self.unit.person, self.form.id
        return bool(access.decide(person, Action.READ, form_id, field=field_id, unit=self.unit))

    def _set(self, group: GroupPath) -> FilterSet:
        prefix = self.address.prefix(group)
        groups = self._groups_in(group)
        new = (*group, (max((each[-1][0] for each in groups), default=0) + 1, False))
        may_add = len(group) < MOST_DEPTH and new[-1][0] <= MOST_GROUPS
        used = {each.name.split(".")[0] for each in self.address.parameters if each.group == group}
        named = set() if group else set(self.form.list.filters)
        shown, more = [], []
        for field in self.fields:
            is_opened = self.opened == prefix + field.id
            if is_opened or field.id in used or field.id in named:
                shown.append(self._filter(field, group, is_opened=is_opened))
            else:
                url = self._opening(prefix + field.id)
                more.append(FilterChoice(label=self.views.label(field), url=url))
        return FilterSet(
            name=prefix,
            label=self._label(group),
            filters=tuple(shown),
            groups=tuple(map(self._set, groups)),
            more=tuple(more),
            group_url=self._opening(self.address.prefix(new)) if may_add else "",
            negate_url=self._negating(group) if group else "",
            negate_label=self._label(opposite(group)) if group else "",
            remove_url=self.address.without(group).url(self.path) if group else "",
            is_opened=bool(group) and self.opened == prefix,
        )

    def _groups_in(self, group: GroupPath) -> list[GroupPath]:
        """Return the groups in a group, the one among them that was just asked for."""
        found = list(self.address.groups(group))
        inner = self.asked[: len(group) + 1]
        if self.asked[: len(group)] == group and len(self.asked) > len(group) and inner not in found:
            found.append(inner)
        return sorted(found)

    def _label(self, group: GroupPath) -> str:
        is_any = joins_any(len(group), is_any=self.address.is_any)
        word = word_of(joins_any=is_any, is_negated=bool(group) and group[-1][1])
        return self.t(f"list.group_{word}")

    def _negating(self, group: GroupPath) -> str:
        if group in {each.group[: len(group)] for each in self.address.parameters}:
            return self.address.negated(group).url(self.path)
        return self._opening(self.address.prefix(opposite(group)))

    def _opening(self, name: str) -> str:
        return f"{self.beginning}open={quote_plus(name)}"

    def _filter(self, field: Field, group: GroupPath, *, is_opened: bool) -> FilterView:
        def texts(word: str = "") -> tuple[str, ...]:
            return self.address.texts(f"{field.id}.{word}" if word else field.id, group)

        excluded, during = texts("not"), "".join(texts("during"))
        is_last = during.startswith("last_") and during.endswith("_days")
        kind = _kind(field)
        chosen = excluded or texts()
        filter_ = FilterView(
            name=self.address.prefix(group) + field.id,
            label=self.views.label(field),
            kind=kind,
            summary="",
            options=tuple(self._options(field, chosen)),
            options_url=f"/forms/{self.form.id}/options/{field.id}",
            start="".join(texts("from")[:1]),
            end="".join(texts("to")[:1]),
            text="".join(chosen[:1]) if kind == TEXT else "",
            periods=tuple(self._periods(during)) if kind == DATES else (),
            last=during.removeprefix("last_").removesuffix("_days") if is_last else "",
            own=tuple(self._own(field, texts("mine"))),
            empty="".join(texts("empty")),
            is_excluding=bool(excluded),
            is_opened=is_opened,
        )
        return replace(filter_, summary=self._summary(filter_))

    def _options(self, field: Field, chosen: Sequence[str]) -> Iterator[FilterOption]:
        if isinstance(field.value_type, Boolean):
            for value, key in (("true", "list.yes"), ("false", "list.no")):
                yield FilterOption(value=value, label=self.t(key), hue="", is_on=value in chosen)
        elif field.target is not None:
            ids = [int(text) for text in chosen if text.isascii() and text.isdecimal()]
            for each in ids:
                title = records.title(self.unit, field.target, each) or f"#{each}"
                yield FilterOption(value=str(each), label=title, hue="", is_on=True)
        else:
            for option in self.views.view(self.form, field, FieldValue()).options:
                is_on = option.value in chosen
                yield FilterOption(value=option.value, label=option.label, hue=option.hue, is_on=is_on)

    def _periods(self, during: str) -> Iterator[FilterOption]:
        locale = self.unit.locale
        for name in PERIODS:
            yield FilterOption(
                value=name, label=text_of(PERIOD_NAMES[name], locale), hue="", is_on=name == during
            )
        is_last = during.startswith("last_") and during.endswith("_days")
        if during and during not in PERIODS and not is_last:
            yield FilterOption(value=during, label=self._period_label(during), hue="", is_on=True)

    def _period_label(self, during: str) -> str:
        if during in PERIOD_NAMES:
            return text_of(PERIOD_NAMES[during], self.unit.locale)
        way, _, days = during.removesuffix("_days").partition("_")
        return self.t(f"list.days_{way}", days=days) if days.isdecimal() else during

    def _own(self, field: Field, chosen: Sequence[str]) -> Iterator[FilterOption]:
        for each in whose(field):
            if each is Whose.DEPARTMENT and not self._knows_departments(field):
                continue
            yield FilterOption(value=each, label=self.t(f"list.mine_{each}"), hue="", is_on=each in chosen)

    def _knows_departments(self, field: Field) -> bool:
        if self.unit.person.department_id is None:
            return False
        return field.target == "department" or bool(
            access.decide(self.unit.person, Action.READ, "user", field="department", unit=self.unit)
        )

    def _summary(self, of: FilterView) -> str:
        parts = [option.label for option in of.own if option.is_on]
        if of.empty:
            parts.append(self.t("list.is_empty" if of.empty == "true" else "list.is_filled"))
        ticked = [option.label for option in of.options if option.is_on]
        if ticked:
            text = " / ".join(ticked) if len(ticked) <= 2 else self.t("list.chosen", count=len(ticked))
            parts.append(self.t("list.not_chosen", chosen=text) if of.is_excluding else text)
        parts += [option.label for option in of.periods if option.is_on]
        if of.last:
            parts.append(self.t("list.days_last", days=of.last))
        if of.start and of.end:
            parts.append(f"{of.start} – {of.end}")
        elif of.start or of.end:
            parts.append(f"≥ {of.start}" if of.start else f"≤ {of.end}")
        return " / ".join([*parts, of.text] if of.text else parts)


def _kind(field: Field) -> str:
    match field.value_type.of if isinstance(field.value_type, Many) else field.value_type:
        case Date() | DateTime():
            return DATES
        case Number():
            return RANGE
        case Choice() | Boolean():
            return CHOICE
        case Record():
            return REFERENCE
        case _:
            return TEXT if has_values(field) else BARE
