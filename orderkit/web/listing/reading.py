"""What the address of a list says about its fields, as conditions: `f.status=quoted`, `f.total.from=100`.

A name is a field, or a field with a word behind a dot; behind `f.` stands what holds by itself, behind
`any.1.` and `all.1.` what belongs to a group, and behind `any.1.all.2.` what belongs to a group in it
(`nesting`). Each group joins otherwise than what it stands in, and one whose word says something else is left out;
`none` is the opposite of `any`, `notall` that of `all`. Read leniently, written back in one way: what a form of the page sends (`f.status.how=not`, `f.day.last=14`) becomes `f.status.not=…` and `f.day.during=last_14_days`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from starlette.datastructures import QueryParams

from orderkit.catalog import Catalog
from orderkit.engine.periods import period_of
from orderkit.engine.records import Condition, Filter, Group, Operator, Whose
from orderkit.fields.field_type import Invalid
from orderkit.fields.moments import read_day
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Address, Date, DateTime, File, Json, Many, Number, Text
from orderkit.model.forms import Field, Form, SystemRole
from orderkit.web.listing.nesting import MOST_DEPTH, MOST_GROUPS, Path, Step, split_name, steps_by_group

PREFIX = "f."
MOST_VALUES = 100
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DAYS = re.compile(r"[1-9][0-9]{0,3}")
# A period is a name here, so that it stays what it says: two days are written with `from` and `to`.
_PERIOD = re.compile(r"[a-z0-9_-]{1,20}", re.IGNORECASE)
_NAMED_BY_FORMS = frozenset({SystemRole.NONE, SystemRole.NUMBER, SystemRole.STATE})
_OF_NO_USE = frozenset({SystemRole.ID, SystemRole.REVISION})
_SOME_DAY = date(2026, 1, 1)


GroupPath = tuple[tuple[int, bool], ...]
"""The way to a group: at each level its number, and whether it is negated. Empty: in no group."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One part of the address that means something."""

    group: GroupPath
    name: str
    text: str


def filterable(form: Form) -> tuple[Field, ...]:
    """Return what a list may be filtered by: what the form names, its other stored fields, those of orderkit."""
    named = [form.by_id[field_id] for field_id in form.list.filters]
    names = frozenset(form.list.filters)
    rest = [field for field in form.fields if field.is_stored and field.id not in names]
    own = [field for field in rest if field.system in _NAMED_BY_FORMS]
    others = (field for field in rest if field.system not in _NAMED_BY_FORMS | _OF_NO_USE)
    return (*named, *own, *others)


def read_filters(
    query: QueryParams, form: Form, catalog: Catalog, *, is_any: bool
) -> tuple[tuple[Parameter, ...], tuple[Condition, ...]]:
    """Return the parameters that mean something, and the conditions that they stand for together."""
    reading = _Reading(_given(query), form, catalog, is_any=is_any)
    parameters, conditions = reading.group((), ())
    if is_any and conditions:
        return parameters, (Group(conditions=conditions, is_any=True),)
    return parameters, conditions


def joins_any(depth: int, *, is_any: bool) -> bool:
    """Return whether one condition is enough in a group so deep: each group joins otherwise than what it stands in."""
    return is_any is (depth % 2 == 0)


def field_named(parameter: str) -> str | None:
    """Return the field that a parameter of an address filters by, if it is a filter."""
    path, rest = _place_of(parameter)
    return None if path is None else rest.partition(".")[0]


def is_range(field: Field) -> bool:
    """Return whether a field is filtered by a lower and an upper bound."""
    return isinstance(field.value_type, Date | DateTime | Number)


def is_text(field: Field) -> bool:
    """Return whether a field is filtered by a part of what stands in it."""
    return isinstance(field.value_type, Text | Address)


def has_values(field: Field) -> bool:
    """Return whether there is more to ask of a field than whether something stands in it."""
    of = field.value_type.of if isinstance(field.value_type, Many) else field.value_type
    return not isinstance(of, File | Json)


def whose(field: Field) -> tuple[Whose, ...]:
    """Return what of the reader's own a field may be asked for."""
    return {"user": (Whose.ME, Whose.DEPARTMENT), "department": (Whose.DEPARTMENT,)}.get(
        field.target or "", ()
    )


_Found = tuple[str, str, Filter]
_Given = dict[str, dict[str, list[str]]]


class _Reading:
    """Reads what stands in groups, and writes each of them anew: counted from one, joined as its depth says."""

    def __init__(self, given: dict[Path, _Given], form: Form, catalog: Catalog, *, is_any: bool) -> None:
        self.given, self.form, self.catalog, self.is_any = given, form, catalog, is_any
        self.steps = steps_by_group(given)

    def group(self, raw: Path, path: GroupPath) -> tuple[tuple[Parameter, ...], tuple[Condition, ...]]:
        """Return what stands in the group that the address calls `raw`, as that of `path`."""
        found = list(_scope(self.given.get(raw, {}), self.form, self.catalog))
        fields = _by_field(found)
        is_any = joins_any(len(path), is_any=self.is_any)
        parameters = [Parameter(path, name, text) for name, text, _ in found]
        conditions: list[Condition] = (
            [_together(each) for each in fields] if is_any else [one for each in fields for one in each]
        )
        number = 1
        for step in self._fitting(raw, len(path) + 1)[:MOST_GROUPS]:
            inner = (*path, (number, step.is_negated))
            within, parts = self.group((*raw, step), inner)
            if parts:
                parameters += within
                conditions.append(
                    Group(
                        conditions=parts,
                        is_any=joins_any(len(inner), is_any=self.is_any),
                        is_negated=step.is_negated,
                    )
                )
                number += 1
        return tuple(parameters), tuple(conditions)

    def _fitting(self, raw: Path, depth: int) -> list[Step]:
        """Return the groups in a group whose word says how a page joins them; others would ask for something else."""
        is_any = joins_any(depth, is_any=self.is_any)
        return [step for step in self.steps.get(raw, ()) if step.joins_any is is_any]


def _given(query: QueryParams) -> dict[Path, _Given]:
    """Return the texts of an address by group, field and word."""
    given: dict[Path, _Given] = {}
    for name in query:
        path, rest = _place_of(name)
        if path is not None:
            field_id, _, word = rest.partition(".")
            given.setdefault(path, {}).setdefault(field_id, {})[word] = query.getlist(name)[:MOST_VALUES]
    return given


def _place_of(parameter: str) -> tuple[Path | None, str]:
    """Return the groups in which a filter stands, and the rest of its name; None for what is no filter."""
    if parameter.startswith(PREFIX):
        return (), parameter.removeprefix(PREFIX)
    path, rest = split_name(parameter)
    return (path, rest) if 0 < len(path) <= MOST_DEPTH else (None, rest)


def _scope(given: _Given, form: Form, catalog: Catalog) -> Iterator[_Found]:
    """Yield name, text and condition of every part of one group that means something."""
    if not given:
        return
    for field in filterable(form):
        if field.id in given:
            yield from _field(field, given[field.id], catalog)


def _field(field: Field, given: dict[str, list[str]], catalog: Catalog) -> Iterator[_Found]:
    for word, operator, values in _words(field, given, catalog):
        if values:
            name = f"{field.id}.{word}" if word else field.id
            wanted = Filter(field=field.id, operator=operator, values=tuple(values.values()))
            yield from ((name, text, wanted) for text in values)


def _words(
    field: Field, given: dict[str, list[str]], catalog: Catalog
) -> Iterator[tuple[str, Operator, dict[str, Scalar]]]:
    """Yield word, operator and values by their texts, in the order of the address."""
    if is_range(field):
        if isinstance(field.value_type, Date | DateTime):
            yield "during", Operator.DURING, dict(_periods(given))
        yield "from", Operator.AT_LEAST, dict(_read(field, given.get("from", ()), catalog))
        yield "to", Operator.AT_MOST, dict(_read(field, given.get("to", ()), catalog))
    elif is_text(field):
        yield "", Operator.CONTAINS, dict(_read(field, given.get("", ()), catalog))
    elif has_values(field):
        plain, excluded = given.get("", []), given.get("not", [])
        if given.get("how") == ["not"]:
            plain, excluded = [], [*plain, *excluded]
        yield "", Operator.ONE_OF, dict(_read(field, plain, catalog))
        yield "not", Operator.NONE_OF, dict(_read(field, excluded, catalog))
    own = whose(field)
    yield "mine", Operator.MINE, {text: text for text in given.get("mine", ()) if text in own}
    empty = [text for text in given.get("empty", ()) if text in {"true", "false"}]
    yield "empty", Operator.EMPTY, {text: text == "true" for text in empty[:1]}


def _periods(given: dict[str, list[str]]) -> Iterator[tuple[str, Scalar]]:
    days = [text for text in given.get("last", ()) if text.isascii() and _DAYS.fullmatch(text)]
    for text in [*given.get("during", ()), *(f"last_{days}_days" for days in days)][-1:]:
        # Which days these are is asked whenever the list is read; here only whether it is a period.
        if _PERIOD.fullmatch(text) and text != "all" and period_of(text, _SOME_DAY) is not None:
            yield text, text


def _read(field: Field, texts: Iterable[str], catalog: Catalog) -> Iterable[tuple[str, Scalar]]:
    """Yield the texts that mean something for the field, each with its value."""
    # A part of a phone number or an address is looked for as it is typed.
    reader = catalog.fields["text" if is_text(field) else field.type]
    options = reader.Options() if is_text(field) else field.options
    for text in texts:
        # A bare day is a day, not its first moment.
        is_day = isinstance(field.value_type, DateTime) and _DAY.fullmatch(text)
        value = read_day(text) if is_day else reader.parse(options, text)
        if value is not None and not isinstance(value, Invalid):
            yield text, value


def _by_field(found: Sequence[_Found]) -> list[list[Filter]]:
    by_field: dict[str, list[Filter]] = {}
    for _, _, wanted in found:
        filters = by_field.setdefault(wanted.field, [])
        if wanted not in filters:
            filters.append(wanted)
    return list(by_field.values())


def _together(filters: Sequence[Filter]) -> Condition:
    """Return what one field is asked as one condition: both bounds of a range, whatever it is joined with."""
    return filters[0] if len(filters) == 1 else Group(conditions=tuple(filters), is_any=False)
