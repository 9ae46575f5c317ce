"""What the address of a list says about its fields, as conditions: `f.status=quoted`, `f.total.from=100`.

A name is a field, or a field with a word behind a dot; behind `f.` stands what holds by itself, behind
`any.1.` and `all.1.` what belongs to a group. Read leniently, written back in one way: what a form of the
page sends (`f.status.how=not`, `f.day.last=14`) becomes `f.status.not=…` and `f.day.during=last_14_days`.
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

PREFIX = "f."
MOST_VALUES = 100
MOST_GROUPS = 9
_GROUPED = re.compile(r"(any|all)\.([1-9])\.")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DAYS = re.compile(r"[1-9][0-9]{0,3}")
# A period is a name here, so that it stays what it says: two days are written with `from` and `to`.
_PERIOD = re.compile(r"[a-z0-9_-]{1,20}", re.IGNORECASE)
_NAMED_BY_FORMS = frozenset({SystemRole.NONE, SystemRole.NUMBER, SystemRole.STATE})
_OF_NO_USE = frozenset({SystemRole.ID, SystemRole.REVISION})
_SOME_DAY = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One part of the address that means something. `group` 0 stands for itself."""

    group: int
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
    parameters: list[Parameter] = []
    parts: list[Condition] = []
    number = 0
    for prefix in (PREFIX, *_group_prefixes(query)):
        found = list(_scope(query, prefix, form, catalog))
        if not found:
            continue
        number += prefix != PREFIX
        group = 0 if prefix == PREFIX else number
        parameters += (Parameter(group, name, text) for name, text, _ in found)
        joins_any = is_any if group == 0 else not is_any
        fields = _by_field(found)
        conditions = (
            [_together(each) for each in fields] if joins_any else [one for each in fields for one in each]
        )
        parts += [Group(conditions=tuple(conditions), is_any=joins_any)] if group else conditions
    if is_any and parts:
        return tuple(parameters), (Group(conditions=tuple(parts), is_any=True),)
    return tuple(parameters), tuple(parts)


def field_named(parameter: str) -> str | None:
    """Return the field that a parameter of an address filters by, if it is a filter."""
    grouped = _GROUPED.match(parameter)
    if grouped is None and not parameter.startswith(PREFIX):
        return None
    return parameter[grouped.end() if grouped else len(PREFIX) :].partition(".")[0]


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


def _group_prefixes(query: QueryParams) -> Sequence[str]:
    found = {f"{match[1]}.{match[2]}." for name in query if (match := _GROUPED.match(name))}
    return sorted(found, key=lambda prefix: prefix.split(".")[::-1])[:MOST_GROUPS]


def _scope(query: QueryParams, prefix: str, form: Form, catalog: Catalog) -> Iterator[_Found]:
    """Yield name, text and condition of every part of one group that means something."""
    given: dict[str, dict[str, list[str]]] = {}
    for name in query:
        if name.startswith(prefix):
            field_id, _, word = name.removeprefix(prefix).partition(".")
            given.setdefault(field_id, {})[word] = query.getlist(name)[:MOST_VALUES]
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
