"""What a row rule costs that lets 10 % through: a list of 1,000,000 orders (`ORDERKIT_BENCH_ORDERS`), with the index
that `check` proposes for it, against the same list of somebody whose role reads everything.
"""

import os
import re
from collections.abc import Iterator

import sqlalchemy as sa

from benchmarks.filling import fill_orders
from benchmarks.measuring import Measured, Result, by_turns, compared
from benchmarks.pages import Browser, cursor_beyond, signed_in
from benchmarks.shops import DIALECTS, EXAMPLE, Shop, shop
from orderkit.catalog import built_in
from orderkit.engine import records
from orderkit.engine.access.people import people_of
from orderkit.engine.accounts import find_person, make_user
from orderkit.engine.runtime import SYSTEM, Channel, Person
from orderkit.language.compile import compile_project
from orderkit.language.findings import Outcome
from orderkit.language.source.directory import read_directory
from orderkit.model.project import Project

ORDERS = int(os.environ.get("ORDERKIT_BENCH_ORDERS", "1000000"))
SELLERS = 10
PAGE = 50
WANTED = 1.5
COLUMNS = ("number", "customer", "total", "balance", "need_by", "salesperson", "status")
LIST = "/forms/order"
# The seller's own pages end at a tenth of all.
DEEP = max(2, min(1_000, ORDERS // SELLERS // PAGE - 1))
READING = re.compile(r"(?m)^(  order: .*? read: )(?:\"[^\"]*\"|true)")


def measure() -> Iterator[Measured]:
    """Yield the first page and a deep one on both databases, and what they cost without the index."""
    project = with_proposed_index()
    for dialect in DIALECTS:
        with shop(dialect, project=project, kept=f"rules-{ORDERS}") as opened:
            _fill(opened)
            everything = _user(opened, "everything", "everything")
            with signed_in(opened, opened.seller) as ruled, signed_in(opened, everything) as free:
                yield from _pages(opened, ruled, free, "", WANTED)
                yield from _read(opened, everything, "", WANTED)
                index = "order__salesperson__ordered_on__id_idx"
                with opened.runtime.database.write() as connection:
                    connection.exec_driver_sql(f"DROP INDEX {index}")
                yield from _pages(opened, ruled, free, ", without the index", None)
                yield from _read(opened, everything, ", without the index", None)
                with opened.runtime.database.write() as connection:
                    connection.exec_driver_sql(
                        f'CREATE INDEX {index} ON "order" (salesperson, ordered_on, id)'
                    )


def _fill(opened: Shop) -> None:
    sellers = [opened.seller, *(_user(opened, f"seller{each}", "sales") for each in range(1, SELLERS))]
    # Each day has orders of every seller: who reads a tenth finds it spread over the whole list.
    fill_orders(opened, ORDERS, lambda number: {"salesperson": sellers[(number // 2000 + number) % SELLERS]})


def with_proposed_index() -> Project:
    """Return the example whose salespeople read their own orders, with what `check` proposes for that."""
    files = dict(read_directory(EXAMPLE))
    sales = READING.sub(r'\1"salesperson == me"', files["roles/sales.yaml"].decode())
    everything = READING.sub(r"\1true", sales).replace("role: sales", "role: everything")
    files |= {"roles/sales.yaml": sales.encode(), "roles/everything.yaml": everything.encode()}
    found = [
        each for each in _compiled(files).found if each.code.name == "row-rule-without-index" and each.help
    ]
    (proposed,) = re.findall(r"`(indexes: .*?)`", (found[0].help or {})["en"])
    files["forms/order.yaml"] += f"\n{proposed}\n".encode()
    outcome = _compiled(files)
    assert outcome.value is not None
    assert not [each for each in outcome.found if each.code is found[0].code]
    return outcome.value


def _compiled(files: dict[str, bytes]) -> Outcome[Project | None]:
    return compile_project(files, built_in())


def _user(opened: Shop, login: str, role: str) -> int:
    with opened.runtime.write(SYSTEM, Channel.COMMAND) as unit:
        known = find_person(unit, login)
        if known is not None and known.id is not None:
            return known.id
        return make_user(unit, login=login, name=login, roles=[role])


def _pages(opened: Shop, ruled: Browser, free: Browser, how: str, wanted: float | None) -> Iterator[Measured]:
    for name, before in (("first page", 0), (f"page {DEEP:,}", (DEEP - 1) * PAGE)):
        mine = _path(ruled, opened, before, opened.seller)
        all_ = _path(free, opened, before, None)
        ours, baseline, rounds = by_turns(
            lambda mine=mine: ruled.get(mine),  # type: ignore[misc]
            lambda all_=all_: free.get(all_),  # type: ignore[misc]
            seconds=8,
        )
        yield Result(
            name=f"row rule: {name} of a tenth of {ORDERS:,} orders{how}: {opened.dialect}",
            ours="HTML, by the rule",
            baseline="HTML, by `read: true`",
            our_seconds=ours,
            baseline_seconds=baseline,
            rounds=rounds,
            wanted=wanted,
        )


def _read(opened: Shop, everything: int, how: str, wanted: float | None) -> Iterator[Measured]:
    """Yield what the rows and their count take without the page around them, which costs both the same."""
    with opened.runtime.read(SYSTEM, Channel.PAGE) as unit:
        people = people_of(unit, [opened.seller, everything])
    query = records.Query(form="order", columns=COLUMNS)

    def read(person: Person) -> None:
        with opened.runtime.read(person, Channel.PAGE) as unit:
            assert len(records.page(unit, query).rows) == PAGE
            records.count(unit, query)

    yield compared(
        f"row rule: first page and count of a tenth of {ORDERS:,} orders, engine only{how}: {opened.dialect}",
        ("by the rule", lambda: read(people[opened.seller])),
        ("by `read: true`", lambda: read(people[everything])),
        seconds=8,
        wanted=wanted,
    )


def _path(browser: Browser, opened: Shop, before: int, seller: int | None) -> str:
    """Return the address of the page that has so many rows before it."""
    if not before:
        return LIST
    order = opened.runtime.database.tables["order"]
    query = sa.select(order.c.ordered_on, order.c.id).order_by(order.c.ordered_on.desc(), order.c.id.desc())
    if seller is not None:
        query = query.where(order.c.salesperson == seller)
    with opened.runtime.database.read() as connection:
        day, record = connection.execute(query.offset(before - 1).limit(1)).one()
    return f"{LIST}?cursor={cursor_beyond(browser, LIST, (day, record))}"
