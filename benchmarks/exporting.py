"""Exporting many orders as a workbook and as CSV, against the same writer that is given finished values."""

import csv
import os
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, BinaryIO, cast

import xlsxwriter

from benchmarks.filling import fill_orders
from benchmarks.listing import FIELDS
from benchmarks.measuring import Figure, Measured, Result
from benchmarks.memory import Memory
from benchmarks.shops import DIALECTS, Shop, shop
from orderkit.engine.exporting import FORMATS, export
from orderkit.engine.records import Query
from orderkit.engine.runtime import SYSTEM, Channel

ORDERS = int(os.environ.get("ORDERKIT_BENCH_EXPORTED", "500000"))
COLUMNS = tuple(FIELDS.split(","))


def measure() -> Iterator[Measured]:
    """Yield the time and the memory of exporting on both databases."""
    for dialect in DIALECTS:
        with shop(dialect, is_indexed=False) as opened:
            fill_orders(opened, ORDERS)
            for name, bare in (("xlsx", _bare_workbook), ("csv", _bare_text)):
                with TemporaryFile() as target, Memory() as memory:
                    seconds = _taken(lambda target=target, name=name: _export(opened, target, name))
                bare_seconds = _taken(bare)
                yield Result(
                    name=f"export {ORDERS:,} orders as {name}: {dialect}",
                    ours="export",
                    baseline="xlsxwriter alone" if name == "xlsx" else "csv alone",
                    our_seconds=seconds,
                    baseline_seconds=bare_seconds,
                    rounds=1,
                    note=f"{len(COLUMNS)} columns, two of them titles",
                    wanted=3 if name == "xlsx" else None,
                )
                yield Figure(
                    name=f"export {ORDERS:,} orders as {name}, memory: {dialect}",
                    value=memory.peak_megabytes,
                    unit="MB",
                    note=f"the whole process; {memory.peak_megabytes - memory.before_megabytes:,.0f} MB more than before; wanted: at most 200",
                )


def _taken(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _export(opened: Shop, target: IO[bytes], name: str) -> None:
    with opened.runtime.read(SYSTEM, Channel.COMMAND) as unit:
        rows = export(unit, Query(form="order"), FORMATS[name], cast("BinaryIO", target), columns=COLUMNS)
    assert rows == ORDERS


def _finished() -> Iterator[tuple[str, str, Decimal, Decimal, date, str, str]]:
    """Yield rows of the same kind and length as those exported, which nobody had to look for."""
    for number in range(ORDERS):
        total = Decimal(number % 9000) + Decimal("0.50")
        day = date(2020, 1, 1) + timedelta(days=number % 2000)
        yield f"B{number:06}", "杭州恒力机电有限公司", total, total, day, "Seller", "计划中"


def _bare_workbook() -> None:
    with TemporaryFile() as target, xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        money, day = (
            book.add_format({"num_format": "#,##0.00"}),
            book.add_format({"num_format": "yyyy-mm-dd"}),
        )
        for number, row in enumerate(_finished()):
            for column, cell in enumerate(row):
                match cell:
                    case str():
                        sheet.write_string(number, column, cell)
                    case Decimal():
                        sheet.write_number(number, column, cell, money)
                    case _:
                        sheet.write_datetime(number, column, cell, day)


def _bare_text() -> None:
    with TemporaryFile("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows(_finished())
