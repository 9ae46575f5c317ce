"""Two-character Chinese words in the notes of 1,000,000 orders, under a salesperson's row rule, against `LIKE`.

Each kind of word stands in so many orders that it is rare or common; every call searches for another one.
"""

import itertools
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator

import sqlalchemy as sa

from benchmarks.filling import fill_orders
from benchmarks.measuring import Figure, Measured, Result, compared
from benchmarks.shops import DIALECTS, Shop, order, shop
from orderkit.engine import records, search
from orderkit.engine.accounts import find_person
from orderkit.engine.index.filling import fill
from orderkit.engine.runtime import SYSTEM, Channel, Person

ORDERS = int(os.environ.get("ORDERKIT_BENCH_ORDERS", "1000000"))
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
        with shop(dialect, is_indexed=False, kept=f"notes-{ORDERS}") as opened:
            words = _words()
            _fill(opened, words)
            start = time.perf_counter()
            count = fill(opened.runtime)
            if count:
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
    chance = random.Random(1)

    def varied(_: int) -> dict[str, object]:
        said = "".join(chance.sample(FILLER, 12)) + "，".join(
            chance.choice(some)
            for kind, some in words.items()
            if chance.random() < KINDS[kind][1] * len(some)
        )
        return {"status": "done", "note": said}

    fill_orders(opened, ORDERS, varied)


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
