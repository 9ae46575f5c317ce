"""Importing a whole workbook of 541,909 lines, against reading it alone. Left out where the file is not there.

Online Retail (UCI) is too large for this repository: `ORDERKIT_BENCH_WORKBOOK` says where it lies.
"""

import os
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import sqlalchemy as sa

from benchmarks.measuring import Figure, Measured, Result
from benchmarks.memory import Memory
from benchmarks.shops import DIALECTS, Shop, shop
from orderkit.engine.importing.reading.limits import Limits
from orderkit.engine.importing.reading.tables import read_sheets
from orderkit.engine.importing.run import run
from orderkit.engine.runtime import SYSTEM

BESIDE = Path(__file__).parents[2] / "shared" / "data" / "online_retail" / "online_retail_derived.xlsx"
WORKBOOK = Path(os.environ.get("ORDERKIT_BENCH_WORKBOOK", BESIDE))


def measure() -> Iterator[Measured]:
    """Yield the processor time, with that of the process that opens the workbook, and the memory."""
    if not WORKBOOK.exists():
        return
    reading = _taken(_read)
    for dialect in DIALECTS:
        with shop(dialect) as opened:
            with Memory() as memory:
                seconds = _taken(lambda opened=opened: _import(opened))
            orders, lines, quantity = _totals(opened)
        yield Result(
            name=f"import a whole workbook: {dialect}",
            ours="import",
            baseline="reading it alone",
            our_seconds=seconds,
            baseline_seconds=reading,
            rounds=1,
            note=f"{orders:,} orders, {lines:,} lines, {quantity:,.0f} pieces; processor time",
            wanted=12,
        )
        yield Figure(
            name=f"import a whole workbook, memory: {dialect}",
            value=memory.peak_megabytes,
            unit="MB",
            note="the importing process; wanted: at most 500",
        )


def _read() -> None:
    assert sum(len(sheet.rows) for sheet in read_sheets(WORKBOOK, sheet=None, limits=Limits())) > 1


def _import(opened: Shop) -> None:
    result = run(opened.runtime, SYSTEM, "online_retail", WORKBOOK)
    assert not result.problems, result.problems[:3]


def _totals(opened: Shop) -> tuple[int, int, float]:
    tables = opened.runtime.database.tables
    order, line = tables["order"], tables["order.lines"]
    with opened.runtime.database.read() as connection:
        orders = connection.execute(sa.select(sa.func.count()).select_from(order)).scalar_one()
        count = sa.select(sa.func.count(), sa.func.sum(line.c.qty)).select_from(line)
        lines, quantity = connection.execute(count).one()
    return orders, lines, float(quantity)


def _taken(work: Callable[[], object]) -> float:
    """Return the processor time of this process and of those that it started and that have ended."""
    start = _spent()
    work()
    return _spent() - start


def _spent() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
