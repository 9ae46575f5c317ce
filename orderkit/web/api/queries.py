"""Query strings of lists: `?status=ready&ordered_on.from=2026-01-01&q=…&sort=-total&limit=20&fields=…`.

A name is a field, or a field with an operator behind a dot; a field given several times matches any of
the values. Before it may stand the groups in which it does: `any.1.status=ready`, `any.1.all.2.total.from=5`
(`listing.nesting`). A field that is called like one of our own words is written with its operator: `sort.eq=…`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orderkit.catalog import Catalog
from orderkit.engine.records import Condition, Filter, Operator, Query
from orderkit.engine.runtime import Person
from orderkit.fields.field_type import ColumnKind, Invalid
from orderkit.model.errors import Problem
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Many
from orderkit.model.forms import Field, Form, SortKey
from orderkit.model.labels import Label, label
from orderkit.web.api.problems import BadRequest, did_you_mean
from orderkit.web.listing.nesting import MOST_DEPTH, Path, nested, split_name

WORDS = ("q", "sort", "limit", "cursor", "fields", "view", "count")
DEFAULT_LIMIT = 50
MAX_LIMIT = 200
LONGEST_SHOWN_NAME = 60
ME = "me"

_OPERATORS = {operator.value: operator for operator in Operator}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRequest:
    """What a list request asks for: the engine's query, which fields to show, and whether to count."""

    query: Query
    only: frozenset[str] | None
    is_counted: bool


def list_request(
    form: Form, parameters: Sequence[tuple[str, str]], catalog: Catalog, person: Person
) -> ListRequest:
    """Read a query string. Raises BadRequest with every problem, each named by its parameter."""
    reading = _Reading(form, catalog, person)
    own = {name: value for name, value in parameters if name in WORDS}
    only = reading.fields(own.get("fields"))
    lines = {collection.id for collection in form.lines}
    query = Query(
        form=form.id,
        filters=reading.filters(parameters),
        view=reading.view(own.get("view")),
        search=own.get("q", "").strip() or None,
        sort=reading.sort(own.get("sort")),
        cursor=own.get("cursor") or None,
        limit=reading.limit(own.get("limit")),
        columns=tuple(each for each in reading.columns if only is None or each in only),
        with_lines=only is not None and not only.isdisjoint(lines),
    )
    is_counted = reading.boolean("count", own.get("count"))
    reading.finish()
    return ListRequest(query=query, only=only, is_counted=is_counted)


def read_limit(text: str) -> int:
    """Return how many rows a page shall have. Raises BadRequest for a number out of range."""
    if text.isdecimal() and text.isascii() and len(text) < 6 and 1 <= int(text) <= MAX_LIMIT:
        return int(text)
    message = label(zh=f"limit 须在 1 到 {MAX_LIMIT} 之间", en=f"`limit` must be from 1 to {MAX_LIMIT}")
    problem = Problem(path="limit", code="out_of_range", message=message)
    raise BadRequest("bad_query", message, problems=[problem])


class _Reading:
    """Reads parameters and remembers what is wrong with them, until `finish` says it all."""

    def __init__(self, form: Form, catalog: Catalog, person: Person) -> None:
        self.form = form
        self.catalog = catalog
        self.person = person
        self.columns = [field.id for field in form.fields if field.type != "lines"]
        self.problems: list[Problem] = []

    def filters(self, parameters: Sequence[tuple[str, str]]) -> tuple[Condition, ...]:
        wanted: dict[Path, dict[tuple[str, Operator], list[str]]] = {}
        for name, value in parameters:
            if name in WORDS:
                continue
            path, own = split_name(name)
            field_id, _, word = own.partition(".")
            if len(path) > MOST_DEPTH:
                self.wrong(
                    name[:LONGEST_SHOWN_NAME],
                    "too_deep",
                    label(
                        zh=f"条件组最多嵌套 {MOST_DEPTH} 层",
                        en=f"groups stand at most {MOST_DEPTH} deep in one another",
                    ),
                )
                continue
            operator = _OPERATORS.get(word or "eq")
            if field_id not in self.columns:
                self.unknown(name, field_id, [*self.columns, *WORDS])
            elif operator is None:
                self.wrong(
                    name,
                    "unknown_operator",
                    label(zh=f"没有比较方式 {word}", en=f"there is no operator `{word}`"),
                    label(zh=f"可用：{', '.join(_OPERATORS)}", en=f"one of {', '.join(_OPERATORS)}"),
                )
            else:
                texts = value.split(",") if operator in {Operator.ONE_OF, Operator.NONE_OF} else [value]
                group = wanted.setdefault(path, {})
                group.setdefault((field_id, operator), []).extend(texts)
        return nested({path: self.conditions(path, group) for path, group in wanted.items()})

    def conditions(
        self, path: Path, wanted: Mapping[tuple[str, Operator], Sequence[str]]
    ) -> tuple[Filter, ...]:
        at = "".join(step.prefix for step in path)
        filters = []
        for (field_id, operator), texts in wanted.items():
            if operator is Operator.EQUAL and list(texts) == [""]:
                filters.append(Filter(field=field_id, operator=Operator.EMPTY, values=(True,)))
                continue
            values = tuple(self.value(self.form.by_id[field_id], operator, text, at) for text in texts)
            is_any = operator is Operator.EQUAL and len(values) > 1
            filters.append(
                Filter(field=field_id, operator=Operator.ONE_OF if is_any else operator, values=values)
            )
        return tuple(filters)

    def value(self, field: Field, operator: Operator, text: str, at: str) -> Scalar:
        if operator is Operator.EMPTY:
            return self.boolean(f"{at}{field.id}.empty", text)
        if not text.strip():
            message = label(zh=f"{field.id} 缺少值", en=f"`{field.id}` has no value to compare with")
            self.wrong(f"{at}{field.id}.{operator.value}", "required", message)
            return None
        if operator in {Operator.CONTAINS, Operator.DURING, Operator.MINE}:
            return text
        if field.target == "user" and text == ME:
            me = self.person.id
            return (me,) if me is not None and isinstance(field.value_type, Many) else me
        field_type = self.catalog.fields[field.type]
        if field_type.column is ColumnKind.DATETIME and _DAY.fullmatch(text):
            field_type = self.catalog.fields["date"]
        value = field_type.from_json(field.options, text)
        if isinstance(value, Invalid):
            self.wrong(at + field.id, "wrong_type", value.message, value.expected)
            return None
        return value

    def sort(self, text: str | None) -> tuple[SortKey, ...]:
        keys = []
        for word in (text or "").split(","):
            field_id = word.strip().removeprefix("-")
            if field_id in self.columns:
                keys.append(SortKey(field=field_id, descending=word.strip().startswith("-")))
            elif field_id:
                self.unknown("sort", field_id, self.columns)
        return tuple(keys)

    def fields(self, text: str | None) -> frozenset[str] | None:
        if not text:
            return None
        known = {*self.columns, *(collection.id for collection in self.form.lines)}
        wanted = {word.strip() for word in text.split(",")} - {""}
        for each in sorted(wanted - known):
            self.unknown("fields", each, sorted(known))
        return frozenset(wanted)

    def view(self, text: str | None) -> str | None:
        known = [view.id for view in self.form.list.views]
        if text and text not in known:
            message = label(zh=f"没有视图 {text}", en=f"there is no view `{text}`")
            self.wrong("view", "unknown_view", message, did_you_mean(text, known))
        return text or None

    def limit(self, text: str | None) -> int:
        try:
            return DEFAULT_LIMIT if text is None else read_limit(text)
        except BadRequest as error:
            self.problems.extend(error.problems)
            return DEFAULT_LIMIT

    def boolean(self, name: str, text: str | None) -> bool:
        if text not in {None, "true", "false"}:
            message = label(zh=f"{name} 须是 true 或 false", en=f"`{name}` must be true or false")
            self.wrong(name, "wrong_type", message)
        return text == "true"

    def unknown(self, parameter: str, name: str, known: Sequence[str]) -> None:
        message = label(zh=f"没有字段 {name}", en=f"there is no field `{name}`")
        self.wrong(parameter, "unknown_field", message, did_you_mean(name, known))

    def wrong(self, parameter: str, code: str, message: Label, help_: Label | None = None) -> None:
        self.problems.append(Problem(path=parameter, code=code, message=message, help=help_))

    def finish(self) -> None:
        number = len(self.problems)
        if number == 0:
            return
        several = label(zh=f"查询参数有 {number} 处错误", en=f"{number} parameters of the query are wrong")
        message = self.problems[0].message if number == 1 else several
        raise BadRequest("bad_query", message, problems=self.problems)
