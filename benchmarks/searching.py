"""Two-character Chinese words in the notes of 1,000,000 orders, under a salesperson's row rule, against `LIKE`.

Each kind of word stands in so many orders that it is rare or common; every call searches for another one.
"""

import itertools
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa

from benchmarks.measuring import Figure, Measured, Result, compared
from benchmarks.shops import DIALECTS, Shop, order, shop
from orderkit.engine import records, search
from orderkit.engine.accounts import find_person
from orderkit.engine.index.filling import fill
from orderkit.engine.runtime import SYSTEM, Channel, Person

ORDERS = int(os.environ.get("ORDERKIT_BENCH_ORDERS", "1000000"))
CHUNK = 10_000
COLUMNS = ("number", "customer", "total", "balance", "need_by", "salesperson", "status")
# How many words of each kind there are, and which share of the orders has each: 50 have a rare one.
KINDS = {
    "rare": (200, 50 / ORDERS),
    "uncommon": (50, 0.002),
    "common": (20, 0.02),
    "in every third": (3, 0.33),
}
FILLER = "请尽快安排发货到付现金自提仓库包装加固按图施工样品确认后生产注意防潮轻拿放"


def measure() -> Iterator[Measured]:
    """Yield the searches on both databases, and what filling the index takes."""
    for dialect in DIALECTS:
        with shop(dialect) as opened, shop(dialect, is_indexed=False) as without:
            yield _created(opened, without)
        with shop(dialect, is_indexed=False) as opened:
            words = _words()
            _fill(opened, words)
            start = time.perf_counter()
            count = fill(opened.runtime)
            took = (time.perf_counter() - start) / count * 1e6
            yield Figure(name=f"search: filling the index: {dialect}", value=took, unit="µs a record")
            with opened.runtime.database.write() as connection:
                connection.exec_driver_sql("ANALYZE")
            yield from _measured(opened, words)


def _created(opened: Shop, without: Shop) -> Measured:
    def create(place: Shop) -> Callable[[], object]:
        body = order(place.ids("customer")[0], place.ids("product"))
        return lambda: place.caller.call("POST", "/api/v1/order", body)

    return compared(
        f"create an order with 5 lines, with the search index: {opened.dialect}",
        ("API", create(opened)),
        ("API without the index", create(without)),
        seconds=20,
    )


def _measured(opened: Shop, words: dict[str, list[str]]) -> Iterator[Measured]:
    seller = _seller(opened)
    for kind, known in words.items():
        ours = _times(known, lambda word: _page(opened, seller, word))
        bare = _times(known[:5], lambda word: _bare(opened, word), rounds=5)
        yield Result(
            name=f"search {ORDERS:,} orders for a word, {kind}: {opened.dialect}",
            ours="engine.records.page",
            baseline="LIKE by hand",
            our_seconds=statistics.median(ours),
            baseline_seconds=statistics.median(bare),
            rounds=len(ours),
            note=f"p95 {_p95(ours):.1f} ms (wanted: 50)",
        )
    for name, known in (("a rare word", words["rare"]), ("a common one", words["common"])):
        everywhere = _times(known, lambda word: _everywhere(opened, seller, word))
        yield Figure(
            name=f"search over all forms for {name}, p95: {opened.dialect}",
            value=_p95(everywhere),
            unit="ms",
            note=f"median {statistics.median(everywhere) * 1e3:.1f} ms",
        )


def _times(words: list[str], call: Callable[[str], object], rounds: int = 60) -> list[float]:
    call(words[-1])
    found = []
    for word in itertools.islice(itertools.cycle(words), rounds):
        start = time.perf_counter()
        call(word)
        found.append(time.perf_counter() - start)
    return found


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)] * 1e3


def _words() -> dict[str, list[str]]:
    """Return words of two characters by kind, none of which shares a character with another."""
    characters = (chr(code) for code in range(0x4E00, 0x9FFF) if chr(code) not in FILLER)
    return {
        kind: [next(characters) + next(characters) for _ in range(count)]
        for kind, (count, _) in KINDS.items()
    }


def _fill(opened: Shop, words: dict[str, list[str]]) -> None:
    table, chance = opened.runtime.database.tables["order"], random.Random(1)
    customers, (person, *_) = opened.ids("customer"), opened.ids("user")
    now = opened.runtime.clock.now()
    with opened.runtime.database.write() as connection:
        for start in range(0, ORDERS, CHUNK):
            rows = []
            for number in range(start, start + CHUNK):
                said = "".join(chance.sample(FILLER, 12)) + "，".join(
                    chance.choice(some)
                    for kind, some in words.items()
                    if chance.random() < KINDS[kind][1] * len(some)
                )
                day = date(2020, 1, 1) + timedelta(days=number % 2000)
                rows.append(
                    {
                        "number": f"B{number:07}",
                        "owner": person,
                        "created_at": now,
                        "created_by": person,
                        "updated_at": now,
                        "updated_by": person,
                        "revision": 1,
                        "customer": customers[number % len(customers)],
                        "ordered_on": day,
                        "need_by": day + timedelta(days=10),
                        "salesperson": opened.seller if number % 2 else None,
                        "total": Decimal(1),
                        "received": Decimal(0),
                        "balance": Decimal(1),
                        "status": "done",
                        "note": said,
                    }
                )
            connection.execute(sa.insert(table), rows)


def _page(opened: Shop, person: Person, word: str) -> None:
    with opened.runtime.read(person, Channel.PAGE) as unit:
        query = records.Query(form="order", columns=COLUMNS, search=word)
        assert records.page(unit, query).rows


def _everywhere(opened: Shop, person: Person, word: str) -> None:
    with opened.runtime.read(person, Channel.PAGE) as unit:
        assert search.everywhere(unit, word)


def _bare(opened: Shop, word: str) -> None:
    orders = opened.runtime.database.tables["order"]
    query = (
        sa.select(orders.c.id, *(orders.c[name] for name in COLUMNS))
        .where(orders.c.salesperson == opened.seller, orders.c.note.contains(word, autoescape=True))
        .order_by(orders.c.ordered_on.desc(), orders.c.id.desc())
        .limit(51)
    )
    with opened.runtime.database.read() as connection:
        assert connection.execute(query).all()


def _seller(opened: Shop) -> Person:
    with opened.runtime.read(SYSTEM, Channel.PAGE) as unit:
        found = find_person(unit, "seller")
    assert found is not None
    return found
