"""A small world for expressions: forms with every type of field, records with every kind of gap, in memory.

The same records stand in databases for the tests that compare SQL with Python.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from orderkit.language.expressions import FieldScope, FormScope, Scope, check_expression, check_template
from orderkit.model.expressions.evaluation import Environment, EvaluationError, evaluate
from orderkit.model.expressions.nodes import Expression, Find, Root
from orderkit.model.expressions.types import Boolean, Json, Number, Record, Type
from orderkit.model.forms import Collection, Field, Form
from orderkit.model.labels import text_of
from orderkit.model.project import Project
from orderkit.model.values.numbers import round_half_up
from tests.database.models import DEPARTMENT, USER, field, form, shop

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 31, 17, 30, tzinfo=UTC)
CNY = {"currency": "CNY"}
TAGS = {"fragile": "易碎", "urgent": "加急", "甲": "甲类"}
KINDS = {"standard": "标准", "custom": "定制", "repair": "返修"}


def _forms() -> list[Form]:
    customer = form(
        "customer",
        field("name"),
        field("level", "integer"),
        field("credit", "money", CNY),
        field("active", "boolean"),
        field("since", "date"),
        field("seat", "address"),
        field("labels", "choices", {"options": TAGS}),
        field("answers_in", "duration"),
        collections=(Collection(id="orders", form="order", via="customer", is_lines=False),),
    )
    order = form(
        "order",
        field("code"),
        field("kind", "choice", {"options": KINDS}),
        field("customer", "ref", {"to": "customer"}),
        field("seller", "user"),
        field("ordered_on", "date"),
        field("need_by", "date"),
        field("placed_at", "datetime", {"timezone": "Asia/Shanghai"}),
        field("qty", "decimal", {"scale": 3}),
        field("fine", "decimal", {"scale": 8}),
        field("total", "money", CNY),
        field("price", "money", {"scale": 4, **CNY}),
        field("rate", "percent"),
        field("count", "integer"),
        field("urgent", "boolean"),
        field("took", "duration"),
        field("opens", "time"),
        field("tags", "choices", {"options": TAGS}),
        field("watchers", "users"),
        field("related", "refs", {"to": "order"}),
        field("ship_to", "address"),
        field("data", "json"),
        field("lines", "lines", {"form": "order.lines"}),
        collections=(
            Collection(id="lines", form="order.lines", via="order", is_lines=True),
            Collection(id="repairs", form="order", via="original", is_lines=False),
        ),
    )
    order = replace(order, fields=(*order.fields, field("original", "ref", {"to": "order"})))
    lines = form(
        "order.lines",
        field("product"),
        field("qty", "decimal", {"scale": 3}),
        field("price", "money", {"scale": 4, **CNY}),
        field("discount", "percent"),
        field("due", "date"),
        field("done", "boolean"),
        field("took", "duration"),
        field("tags", "choices", {"options": TAGS}),
        field("data", "json"),
        parent="order",
    )
    return [DEPARTMENT, USER, customer, order, lines]


# Virtual fields and titles, written as a consultant would.
_VIRTUAL = {
    ("order", "net", "money"): "total * (1 - rate)",
    ("order", "late", "boolean"): "need_by < today() and kind != 'repair'",
    ("order", "weight", "decimal"): "sum(lines.qty * lines.price)",
    ("customer", "owed", "money"): "sum(orders.total)",
}
_TITLES = {
    "customer": "{name}",
    "order": "{code}/{customer}/{kind} {total}",
    "order.lines": "{order}#{product}",
    "user": "{name}",
    "department": "{name}",
}


@cache
def project() -> Project:
    """Return the checked model."""
    forms = {each.id: each for each in _forms()}
    for form_id, name, kind in _VIRTUAL:
        options = CNY if kind == "money" else {}
        forms[form_id] = replace(forms[form_id], fields=(*forms[form_id].fields, field(name, kind, options)))
    scopes = _scopes(forms)
    for form_id, shape in list(forms.items()):
        record = Root("record", Record(form_id))
        scope = Scope(
            forms=scopes,
            implicit=record,
            roots={"this": record, "me": Root("me", Record("user"))},
            timezone=str(ZONE),
        )
        fields = tuple(_with_virtual(form_id, each, scope) for each in shape.fields)
        title = check_template(_TITLES[form_id], scope)
        assert not title.problems, title.problems
        forms[form_id] = replace(shape, fields=fields, title=title.expression)
    return shop(*forms.values())


def _with_virtual(form_id: str, each: Field, scope: Scope) -> Field:
    text = next((t for (f, n, _), t in _VIRTUAL.items() if (f, n) == (form_id, each.id)), None)
    if text is None:
        return each
    checked = check_expression(text, scope, each.value_type)
    assert not checked.problems, checked.problems
    return replace(each, virtual=checked.expression)


def _scopes(forms: Mapping[str, Form]) -> dict[str, FormScope]:
    return {
        form_id: FormScope(
            fields={
                each.id: FieldScope(each.value_type, each.required or isinstance(each.value_type, Boolean))
                for each in shape.fields
            },
            collections={each.id: each.form for each in shape.collections},
            parent=shape.parent,
        )
        for form_id, shape in forms.items()
    }


def scope(form_id: str = "order", **more: Any) -> Scope:
    """Return the scope of a form's own keys."""
    record = Root("record", Record(form_id))
    roots = {
        "this": record,
        "me": Root("me", Record("user")),
        "old": Root("old", Record(form_id)),
        "row": Root("row", Json()),
    }
    return Scope(
        forms=_scopes(project().form_by_id),
        implicit=record,
        roots=roots,
        timezone=str(ZONE),
        **({"has_changes": True} | more),
    )


def expression(text: str, form_id: str = "order", expected: Type | None = None) -> Expression:
    """Return a checked expression; the text must be right."""
    checked = check_expression(text, scope(form_id), expected)
    assert checked.expression is not None, [
        (text[p.start : p.end], p.headline["en"]) for p in checked.problems
    ]
    return checked.expression


Table = dict[int, dict[str, Any]]


class MemoryRow:
    """A record in memory."""

    def __init__(self, store: "MemoryStore", form_id: str, record_id: int) -> None:
        self.store, self.form, self.id = store, form_id, record_id

    def get(self, name: str) -> Any:
        """Return a field; a virtual one as its field keeps it."""
        if name == "id":
            return self.id
        shape = project().form_by_id[self.form].by_id[name]
        if shape.virtual is None:
            return self.store.tables[self.form][self.id].get(name)
        value: Any = evaluate(shape.virtual, self.store.environment(self))
        if isinstance(shape.value_type, Number) and value is not None:
            return round_half_up(value, shape.value_type.scale)
        return value

    def rows(self, name: str) -> Sequence["MemoryRow"]:
        """Return a collection: lines in their order, others by id."""
        found = project().form_by_id[self.form].collection_by_id[name]
        table = self.store.tables[found.form]
        ids = [key for key, values in sorted(table.items()) if values.get(found.via) == self.id]
        if found.is_lines:
            ids.sort(key=lambda key: (table[key]["position"], key))
        return [MemoryRow(self.store, found.form, key) for key in ids]


class MemoryStore:
    """Records in memory, and the environment in which one of them stands."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self.tables = tables

    def row(self, form_id: str, record_id: int) -> MemoryRow | None:
        """Return a record."""
        return MemoryRow(self, form_id, record_id) if record_id in self.tables[form_id] else None

    def find(self, wanted: Find, environment: Environment) -> MemoryRow | None:
        """Return what a `find` means."""
        rows = [MemoryRow(self, wanted.form, key) for key in sorted(self.tables[wanted.form])]
        found = [
            row for row in rows if evaluate(wanted.where, environment.with_root(wanted.row, row)) is True
        ]
        if wanted.by is None:
            if len(found) > 1:
                raise EvaluationError
            return found[0] if found else None
        keyed = [(evaluate(wanted.by, environment.with_root(wanted.row, row)), row) for row in found]
        filled: list[Any] = sorted(
            (pair for pair in keyed if pair[0] is not None),
            key=lambda pair: pair[0],
            reverse=wanted.descending,
        )
        # A sort in reverse keeps equal ones in their order too, so the smaller id still comes first.
        return (filled or keyed)[0][1] if keyed else None

    def title(self, form_id: str, record_id: int) -> str:
        """Return a title."""
        row = self.row(form_id, record_id)
        if row is None:
            return ""
        return str(evaluate(project().form_by_id[form_id].title, self.environment(row)) or "")

    def environment(self, record: MemoryRow | None = None, **roots: Any) -> Environment:
        """Return the environment of a record; `me` is user 1."""
        given = {"me": self.row("user", 1), **roots}
        return Environment(
            roots=given if record is None else {**given, "record": record},
            store=self,
            now=NOW,
            timezone=ZONE,
            choice_label=lambda form_id, name, value: text_of(
                project().form_by_id[form_id].by_id[name].options.by_value[value].label, "zh"
            ),
        )


MORE_NAMES = ("took", "opens", "tags", "watchers", "related", "ship_to", "data")


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


_CUSTOMERS = (
    ("甲公司", 3, "1000.00", True, "2020-02-29"),
    ("Acme Ltd", -2, "0.00", True, "1999-12-31"),
    (None, None, None, False, None),
    ("  Ünï ", 0, "-12.35", False, "2026-03-31"),
)
_ORDERS = (
    # code, kind, customer, seller, ordered_on, need_by, placed_at, qty, fine, total, price, rate, count, urgent, original
    (
        "SO-1",
        "standard",
        1,
        1,
        "2026-01-31",
        "2026-03-31",
        "2026-03-31T15:59:59",
        "1.500",
        "0.00000001",
        "99.99",
        "0.3333",
        "0.1500",
        7,
        True,
        None,
    ),
    (
        "SO-2",
        "custom",
        2,
        None,
        "2024-02-29",
        "2026-04-01",
        "2026-03-31T16:00:00",
        "-2.005",
        "-1.50000000",
        "-0.05",
        "10.0000",
        "0.0000",
        -7,
        False,
        1,
    ),
    (None, None, None, 1, None, None, None, None, None, None, None, None, None, False, None),
    (
        "a%b_c",
        "repair",
        3,
        2,
        "2025-12-31",
        "2025-12-31",
        "2025-06-30T00:00:00.123456",
        "0.000",
        "9999999.12345678",
        "12345678.90",
        "-0.0001",
        "1.0000",
        0,
        True,
        1,
    ),
    (
        "'\"\\",
        "standard",
        1,
        2,
        "1900-01-01",
        "2099-12-31",
        "2000-01-01T00:00:00",
        "1000000.001",
        "0.00000000",
        "0.00",
        "0.0000",
        "-0.2500",
        3,
        False,
        2,
    ),
    (
        "甲",
        "custom",
        4,
        1,
        "2026-03-30",
        None,
        "2026-03-30T23:30:00",
        "0.001",
        None,
        "1.00",
        "7.7777",
        None,
        100000,
        True,
        5,
    ),
    (
        "so-1",
        "repair",
        2,
        None,
        "2026-02-28",
        "2026-03-01",
        None,
        "3.000",
        "2.50000000",
        "100.00",
        "3.0000",
        "0.3333",
        -3,
        False,
        None,
    ),
)
_LINES = (
    # order, position, product, qty, price, discount, due, done
    (1, 1, "bolt", "2.000", "1.2500", "0.0000", "2026-03-01", True),
    (1, 0, "nut", "3.500", "0.0100", "0.1000", None, False),
    (1, 2, None, None, "5.0000", None, "2026-02-01", True),
    (2, 0, "bolt", "-1.000", "2.0000", "0.5000", "2024-02-29", True),
    (4, 0, "甲公司", "0.001", "999999.9999", "0.0500", "2026-03-31", False),
    (4, 1, "bolt", "12.345", "6.7890", "1.0000", "2026-12-31", False),
    (6, 0, "nut", None, None, None, None, True),
)


# What holds several values, spans and data from outside: took, opens, tags, watchers, related, ship_to, data.
_MORE: Mapping[int, tuple[Any, ...]] = {
    1: (timedelta(hours=1, minutes=30), time(8, 30), ("fragile", "urgent"), (1, 2), (2, 3), "江苏省|南京市|玄武区|中山路1号", '{"b":[1,"2",true,null],"n":12.5,"o":{"t":"甲"},"q":"1,234.5","day":"2026-03-01"}'),
    2: (timedelta(0), time(23, 59, 59), ("urgent",), (2,), (1,), "上海市|上海市|浦东新区|世纪大道100号", '["urgent","甲",""]'),
    4: (timedelta(days=36_525), time(0), ("甲",), (1,), (1, 2, 4), "|||中山路1号", '"SO-1"'),
    5: (timedelta(seconds=59), time(8, 30), None, None, None, None, '""'),
    6: (None, None, ("fragile", "urgent", "甲"), (2, 1), (6,), "a|b|c|d", "12345678901234567890"),
    7: (timedelta(hours=1, minutes=30), time(17, 0), ("fragile",), None, (7, 1), "江苏省|昆山市||人民路 8 号", '{"n":1e-07,"o":{"t":"TRUE"},"when":"2026-03-01T20:00:00Z"}'),
}  # fmt: skip


def tables() -> dict[str, Table]:
    """Return all records by form and id."""
    base = {
        "revision": 1,
        "created_at": NOW,
        "updated_at": NOW,
        "owner": None,
        "created_by": None,
        "updated_by": None,
    }
    names = ("code", "kind", "customer", "seller", "ordered_on", "need_by", "placed_at", "qty", "fine", "total", "price", "rate", "count", "urgent", "original")  # fmt: skip
    orders: Table = {}
    for key, values in enumerate(_ORDERS, 1):
        row = {**base, **dict(zip(names, values, strict=True))}
        row["ordered_on"], row["need_by"] = _day(row["ordered_on"]), _day(row["need_by"])
        row["placed_at"] = row["placed_at"] and datetime.fromisoformat(row["placed_at"]).replace(tzinfo=UTC)
        for name in ("qty", "fine", "total", "price", "rate"):
            row[name] = _decimal(row[name])
        more = dict(zip(MORE_NAMES, _MORE.get(key, (None,) * len(MORE_NAMES)), strict=True))
        orders[key] = {**row, **more, "id": key}
    return {
        "department": {1: {**base, "id": 1, "name": "销售部", "parent": None, "head": None}},
        "user": {
            1: {**base, "id": 1, "login": "li", "name": "李", "department": 1, "active": True},
            2: {**base, "id": 2, "login": "wang", "name": "王", "department": None, "active": False},
        },
        "customer": {
            key: {
                **base,
                "id": key,
                "name": name,
                "level": level,
                "credit": _decimal(credit),
                "active": active,
                "since": _day(since),
                "seat": "北京市|北京市|海淀区|" if key == 1 else None,
                "labels": ("urgent",) if key < 3 else None,
                "answers_in": timedelta(hours=key) if key != 3 else None,
            }
            for key, (name, level, credit, active, since) in enumerate(_CUSTOMERS, 1)
        },
        "order": orders,
        "order.lines": {
            key: {
                "id": key,
                "order": parent,
                "position": position,
                "product": product,
                "qty": _decimal(qty),
                "price": _decimal(price),
                "discount": _decimal(discount),
                "due": _day(due),
                "done": done,
                "took": timedelta(minutes=20 * key) if key % 3 else None,
                "tags": (("fragile",), ("urgent", "甲"), None)[key % 3],
                "data": ('{"sku":"bolt","n":3}', None, '{"sku":7}')[key % 3],
            }
            for key, (parent, position, product, qty, price, discount, due, done) in enumerate(_LINES, 1)
        },
    }


def store() -> MemoryStore:
    """Return the records in memory."""
    return MemoryStore(tables())
