"""The same edit of 1,000 orders, and the same transition of 200, as one run, against one order after the other.

Both go through the one write path; the run also notes what became of each order.
"""

import itertools
from collections.abc import Iterator

from benchmarks.measuring import Measured, Result, by_turns
from benchmarks.shops import DIALECTS, Shop, order, shop
from orderkit.engine import bulk, records, workflow
from orderkit.engine.access.people import people_of
from orderkit.engine.records import Update
from orderkit.engine.runtime import SYSTEM, Channel

ORDERS = 1_000
MOVED = 200
LEAST = 2


def measure() -> Iterator[Measured]:
    """Yield the time that one order takes, in a run and alone."""
    for dialect in DIALECTS:
        with shop(dialect) as opened:
            yield _edited(opened)
            yield _moved(opened)


def _edited(opened: Shop) -> Measured:
    body = order(opened.ids("customer")[0], opened.ids("product"))
    for _ in range(ORDERS):
        opened.caller.call("POST", "/api/v1/order", body)
    orders = opened.ids("order")
    with opened.runtime.read(SYSTEM, Channel.COMMAND) as unit:
        seller = people_of(unit, [opened.seller])[opened.seller]
    marks = itertools.count(1)

    def together() -> None:
        mark = next(marks)
        edit = bulk.Edit(values={"note": f"together {mark}"})
        with opened.runtime.write(seller, Channel.PAGE) as unit:
            run = bulk.begin(unit, "order", edit, orders, key=f"{mark}")
        bulk.work_off(opened.runtime, seller, run)
        with opened.runtime.read(seller, Channel.PAGE) as unit:
            assert bulk.find_run(unit, run).counts == {bulk.Outcome.DONE: ORDERS}

    def alone() -> None:
        note = f"alone {next(marks)}"
        for each in orders:
            with opened.runtime.write(seller, Channel.PAGE) as unit:
                records.apply(unit, [Update(form="order", id=each, values={"note": note})])

    ours, baseline, rounds = by_turns(together, alone, seconds=20, least=LEAST)
    return Result(
        name=f"bulk: one of {ORDERS:,} orders that get the same note: {opened.dialect}",
        ours="in a run",
        baseline="one after the other",
        our_seconds=ours / ORDERS,
        baseline_seconds=baseline / ORDERS,
        rounds=rounds,
        wanted=0.33,
        note=f"the run: {ours:.1f} s",
    )


def _moved(opened: Shop) -> Measured:
    body = order(opened.ids("customer")[0], opened.ids("product"))
    known = len(opened.ids("order"))
    # An order is quoted once, so each call has its own; the first of each only warms up.
    calls = 2 * (LEAST + 1)
    for _ in range(MOVED * calls):
        opened.caller.call("POST", "/api/v1/order", body)
    fresh = opened.ids("order")[known:]
    batches = iter([fresh[at : at + MOVED] for at in range(0, len(fresh), MOVED)])
    with opened.runtime.read(SYSTEM, Channel.COMMAND) as unit:
        seller = people_of(unit, [opened.seller])[opened.seller]

    def together() -> None:
        orders = next(batches)
        move = bulk.Move(workflow="order_life", transition="quote")
        with opened.runtime.write(seller, Channel.PAGE) as unit:
            run = bulk.begin(unit, "order", move, orders, key=f"quote {orders[0]}")
        bulk.work_off(opened.runtime, seller, run)
        with opened.runtime.read(seller, Channel.PAGE) as unit:
            assert bulk.find_run(unit, run).counts == {bulk.Outcome.DONE: MOVED}

    def alone() -> None:
        for each in next(batches):
            with opened.runtime.write(seller, Channel.PAGE) as unit:
                workflow.do(unit, "order", each, "quote")

    ours, baseline, rounds = by_turns(together, alone, seconds=0, least=LEAST)
    return Result(
        name=f"bulk: one of {MOVED} orders that are quoted: {opened.dialect}",
        ours="in a run",
        baseline="one after the other",
        our_seconds=ours / MOVED,
        baseline_seconds=baseline / MOVED,
        rounds=rounds,
        note="each is judged by what those before it did",
    )
