"""What a long trial makes only once: the records that many parts of a file refer to and that do not exist yet."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

from orderkit.engine import pacing
from orderkit.engine.importing import run as run_module
from orderkit.engine.importing.result import Stage
from orderkit.engine.records import Create, apply, can_stand_alone
from tests.engine.importing.trading import Shop, told, write_xlsx
from tests.support.clock import FakeClock
from tests.support.databases import Databases
from tests.support.office import open_office
from tests.support.projects import project

HEADINGS = ("单号", "客户编码", "客户名称", "日期", "产品", "数量", "单价")


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ALONE_ROWS", "FIRST_ROWS", "MOST_ROWS"):
        monkeypatch.setattr(run_module, name, 4)
    monkeypatch.setattr(pacing, "LONGEST_SECONDS", 1_000)


@contextmanager
def lookups(shop: Shop, table: str) -> Iterator[list[str]]:
    """Collect the questions whether a code of this form is taken: one for each time that records are judged."""
    asked: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith(f"SELECT {table}.id, {table}.code \nFROM") and "WHERE" in statement:
            asked.append(statement)

    engine = shop.office.runtime.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def history(shop: Shop, count: int, **last: object) -> Path:
    """Write orders that all refer to one customer and one product that do not exist."""
    rows = [
        dict(zip(HEADINGS, (f"H{n}", "NEW", "新客户", "2026-03-01", "X1", 1, 2), strict=True))
        for n in range(count)
    ]
    rows[-1].update(last)
    return write_xlsx(
        shop.folder / "history.xlsx", {"历史": [HEADINGS, *(tuple(each.values()) for each in rows)]}
    )


def test_a_record_that_every_part_refers_to_is_judged_once(any_shop: Shop) -> None:
    with lookups(any_shop, "product") as few:
        assert any_shop.load(history(any_shop, 4), "history", dry_run=True).is_clean
    with lookups(any_shop, "product") as many:
        assert any_shop.load(history(any_shop, 24), "history", dry_run=True).is_clean
    assert len(few) == len(many) > 0
    assert any_shop.count("order", "customer", "product") == (0, 3, 2)


def test_later_parts_see_of_it_what_the_first_one_made(shop: Shop) -> None:
    """The list price, a default of the product, is copied to lines that have no price; `active` allows the customer."""
    path = history(shop, 12, 单价="")
    result = shop.load(path, "history")
    assert (result.is_clean, result.created, dict(result.made)) == (True, 12, {"customer": 1, "product": 1})
    assert shop.stored("order.lines", "price")[-1] == (0,)


def test_what_is_wrong_in_a_later_part_is_still_found(shop: Shop) -> None:
    result = shop.load(history(shop, 12, 日期=""), "history")
    assert [code for _, code, _ in told(result.problems)] == ["required"]
    assert shop.count("order", "customer", "product") == (0, 3, 2)


def test_somebody_else_who_makes_it_meanwhile_is_told_as_before(shop: Shop) -> None:
    """What the first part of the trial could make, a later one cannot any more."""

    def interfere(stage: Stage, done: int, total: int) -> None:
        if stage is Stage.TRYING and done == 4:
            with shop.office.act(None) as unit:
                apply(unit, [Create(form="product", values={"code": "X1", "name": "X1"})])

    result = shop.load(history(shop, 12), "history", on_progress=interfere)
    assert {each.code for each in result.problems} == {"not_unique"}
    assert shop.count("order") == (0,)


COUNTED = project(
    """
form: category
label: {zh: 类别, en: Category}
title: "{name}"
fields:
  name: {type: text, label: {zh: 名称, en: Name}, required: true, unique: true}
  products: {type: integer, label: {zh: 产品数, en: Products}, compute: "count(items)"}
""",
    """
form: item
label: {zh: 产品, en: Item}
title: "{name}"
fields:
  name: {type: text, label: {zh: 名称, en: Name}, required: true, unique: true}
  category: {type: ref, to: category, label: {zh: 类别, en: Category}, reverse: items}
""",
    """
form: paper
label: {zh: 单据, en: Paper}
number: "P-{seq:4}"
title: "{number}"
fields:
  note: {type: text, label: {zh: 备注, en: Note}}
""",
)


def test_only_records_of_which_nothing_else_comes_are_made_again_without_judging(
    databases: Databases, shop: Shop
) -> None:
    with shop.office.look(None) as unit:
        found = {form: can_stand_alone(unit, form) for form in ("customer", "product", "order")}
    assert found == {"customer": True, "product": True, "order": False}
    database = databases.make(COUNTED, "sqlite")
    office = open_office(COUNTED, database, shop.folder / "files", FakeClock(), ())
    with office.look(None) as unit:
        assert [can_stand_alone(unit, form) for form in ("category", "item", "paper")] == [True, False, False]
