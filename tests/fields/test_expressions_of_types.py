"""Expressions over several values, addresses, JSON, times and durations: SQL gives the answers of Python."""

from collections.abc import Iterator
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from orderkit.database.expressions import SqlScope, TableRow, compile_value
from orderkit.engine import records, report
from orderkit.engine.rows import environment_of, rows_of
from orderkit.model.expressions.browser.locality import is_local, page_of
from orderkit.model.expressions.nodes import Get, Root
from orderkit.model.expressions.types import Record
from orderkit.model.project import Project
from tests.support.clock import FakeClock
from tests.support.databases import Databases
from tests.support.office import Office, Staff, open_office
from tests.support.projects import project

# What is asked, its type, and the answers for a full and for an empty record.
QUESTIONS: tuple[tuple[str, str, Any, Any], ...] = (
    ("'red' in kinds", "boolean", True, False),
    ("'green' in kinds", "boolean", False, False),
    ("'blue' not in kinds", "boolean", False, True),
    ("word in kinds", "boolean", False, False),
    ("len(kinds)", "integer", 2, 0),
    ("kinds == null", "boolean", False, True),
    ("kinds == other", "boolean", True, None),
    ("me in watchers", "boolean", True, False),
    ("boss in watchers", "boolean", False, False),
    ("len(watchers) > 1", "boolean", False, False),
    ("home.city", "text", "南京市", None),
    ("home.district == null", "boolean", True, True),
    ("concat(home.province, home.street)", "text", "江苏省中山路1号", None),
    ("data.buyer.name", "text", "李强", None),
    ("data.items[1].sku", "text", "B", None),
    ("data.price * 2", "decimal", "2.50", None),
    ("data.paid", "boolean", True, None),
    ("data.missing == null", "boolean", True, True),
    ("'b' in data.tags", "boolean", True, False),
    ("opens < closes", "boolean", True, None),
    ("text(opens)", "text", "08:30:00", None),
    ("hours > other_hours", "boolean", True, None),
    ("text(hours)", "text", "1d2h30min5s", None),
    ("number(hours) / 60", "decimal", "1590.08", None),
    ("coalesce(hours, other_hours) == null", "boolean", False, True),
)
YAML = f"""\
form: thing
title: "{{word}} {{home}} {{opens}} {{hours}}"
fields:
  word: {{type: text}}
  kinds: {{type: choices, options: [red, blue, green]}}
  other: {{type: choices, options: [red, blue, green]}}
  watchers: {{type: users}}
  boss: {{type: user}}
  home: {{type: address}}
  data: {{type: json}}
  opens: {{type: time}}
  closes: {{type: time}}
  hours: {{type: duration}}
  other_hours: {{type: duration}}
{chr(10).join(f'  q{number}: {{type: {kind}, virtual: "{text}"}}' for number, (text, kind, _, _) in enumerate(QUESTIONS))}
  tagged: {{type: choices, options: [red, blue, green], default: [blue, red]}}
  mine: {{type: users, default: =me}}
---
form: product
title: "{{name}}"
fields: {{name: {{type: text}}, measure: {{type: choice, options: {{kg: 公斤, t: 吨}}}}}}
---
form: sale
title: "{{word}}"
fields:
  word: {{type: text}}
  currency: {{type: choice, options: [USD, CNY]}}
  lines:
    type: lines
    fields:
      product: {{type: ref, to: product}}
      qty: {{type: decimal, unit: product.measure}}
      weight: {{type: decimal, unit: kg}}
      price: {{type: money, currency: =sale.currency}}
  total: {{type: money, currency: =currency, compute: sum(lines.price)}}
---
report: sorts
from: thing
dimensions: {{kinds: {{expr: kinds}}, watchers: {{expr: watchers}}, hours: {{expr: hours}}, city: {{expr: home.city}}}}
measures: {{things: {{agg: count, expr: id}}, minutes: {{agg: sum, expr: number(hours) / 60}}}}
"""


@pytest.fixture(scope="session")
def things() -> Project:
    return project(*YAML.split("\n---\n"))


@pytest.fixture
def office(things: Project, databases: Databases, dialect: str, tmp_path: Path) -> Iterator[Office]:
    mark = databases.mark()
    database = databases.make(things, dialect)
    staff = (Staff(login="root", roles=("admin",)), Staff(login="ann"))
    yield open_office(things, database, tmp_path / "files", FakeClock(), staff)
    databases.clear(mark)


@pytest.fixture
def ids(office: Office) -> tuple[int, int]:
    """A full and an empty record."""
    full = office.create(
        "root",
        "thing",
        {
            "word": "red|blue",
            "kinds": ("blue", "red"),
            "other": ["red", "blue"],
            "watchers": (office.ids["root"],),
            "boss": office.ids["ann"],
            "home": "江苏省|南京市||中山路1号",
            "data": {
                "buyer": {"name": "李强"},
                "items": [{"sku": "A"}, {"sku": "B"}],
                "price": 1.25,
                "paid": True,
                "tags": ["a", "b"],
            },
            "opens": time(8, 30),
            "closes": time(17),
            "hours": timedelta(days=1, hours=2, minutes=30, seconds=5),
            "other_hours": timedelta(hours=2),
        },
    )
    return full, office.create("root", "thing", {})


def shown(value: Any) -> Any:
    return str(value) if isinstance(value, int | str) and not isinstance(value, bool) else value


@pytest.mark.parametrize("number", range(len(QUESTIONS)), ids=[question[0] for question in QUESTIONS])
def test_sql_and_python_answer_alike(
    office: Office, things: Project, ids: tuple[int, int], number: int
) -> None:
    _, kind, full, empty = QUESTIONS[number]
    form = things.form_by_id["thing"]
    field = form.by_id[f"q{number}"]
    with office.look("root") as unit:
        rows = [rows_of(unit).row("thing", each) for each in ids]
        in_python = [row.get(field.id) for row in rows if row is not None]
        database = unit.runtime.database
        table = database.tables["thing"]
        scope = SqlScope(
            project=things,
            tables=database.tables,
            dialect=database.dialect,
            rows={"record": TableRow("thing", table)},
            constants=environment_of(unit),
        )
        asked = compile_value(Get(Root("record", Record("thing")), field.id, field.value_type), scope)
        in_sql = list(unit.connection.execute(sa.select(asked).order_by(table.c.id)).scalars())
    assert in_python == in_sql
    expected = [full, empty]
    assert [shown(each) if kind == "text" else each for each in in_python] == expected or [
        None if each is None else format(each, "f" if kind == "decimal" else "") for each in in_python
    ] == [None if each is None else str(each) for each in expected]


def test_a_title_prints_them_alike(office: Office, ids: tuple[int, int]) -> None:
    with office.look("root") as unit:
        assert rows_of(unit).title("thing", ids[0]) == "red|blue 江苏省南京市中山路1号 08:30 1d2h30min5s"
        found = records.page(unit, records.Query(form="thing", search="江苏省南京市中山路"))
        assert [row.id for row in found.rows] == [ids[0]]


def test_a_default_names_several(office: Office, ids: tuple[int, int]) -> None:
    assert office.value("thing", ids[1], "tagged") == ("red", "blue")
    assert office.value("thing", ids[1], "mine") == (office.ids["root"],)


def test_the_browser_answers_for_these_types_by_itself(things: Project) -> None:
    form = things.form_by_id["thing"]
    asked = {
        QUESTIONS[int(field.id[1:])][0]: field.virtual for field in form.fields if field.virtual is not None
    }
    assert len(asked) == len(QUESTIONS)
    assert [text for text, each in asked.items() if not is_local(each, page_of(form, ()))] == []


def test_a_unit_and_a_currency_stand_behind_their_numbers(office: Office) -> None:
    product = office.create("root", "product", {"name": "钢", "measure": "kg"})
    line = {"product": product, "qty": 3, "weight": 2, "price": 5}
    sale = office.create("root", "sale", {"currency": "USD"}, {"lines": [line, {"qty": 1}]})
    with office.look("root") as unit:
        view = records.get(unit, "sale", sale)
        first, second = view.lines["lines"]
        draft = records.draft(unit, "sale", sale, {"currency": "CNY"})
    assert view.units == {"total": "USD"}
    assert first.units == {"qty": "公斤", "weight": "kg", "price": "USD"}
    assert second.units == {"weight": "kg", "price": "USD"}
    assert draft.units == {"total": "CNY"}


@pytest.mark.parametrize(
    ("dimension", "full"),
    [("kinds", "red、blue"), ("watchers", "root"), ("hours", "1天2小时30分钟5秒"), ("city", "南京市")],
)
def test_a_report_groups_by_them(office: Office, ids: tuple[int, int], dimension: str, full: str) -> None:
    with office.look("root") as unit:
        table = report.run(unit, "sorts", by=(dimension,), measures=("things", "minutes"))
        assert {row.cells[0].text for row in table.rows} == {full, "（空）"}
    assert len(ids) == 2
