"""Importing the example's two days of online orders, against inserting the same number of rows; how long others wait."""

import time
from collections.abc import Iterator

import sqlalchemy as sa

from benchmarks.measuring import Figure, Measured, Result
from benchmarks.shops import DIALECTS, EXAMPLE, Shop, order, shop
from benchmarks.writing import writing
from orderkit.engine.importing.run import run
from orderkit.engine.runtime import SYSTEM

ROUNDS = 3
FILES = sorted((EXAMPLE / "data").glob("*.csv"))
TABLES = ("customer", "product", "order", "order.lines")


def measure() -> Iterator[Measured]:
    """Yield seconds per imported line on both databases; each round has a fresh database."""
    for dialect in DIALECTS:
        ours, bare, lines = [], [], 0
        for _ in range(ROUNDS):
            with shop(dialect) as opened:
                start = time.perf_counter()
                for file in FILES:
                    result = run(opened.runtime, SYSTEM, "online_retail", file)
                    assert not result.problems, result.problems[:3]
                ours.append(time.perf_counter() - start)
                rows = _taken_away(opened)
                lines = len(rows["order.lines"])
                start = time.perf_counter()
                _inserted(opened, rows)
                bare.append(time.perf_counter() - start)
        seconds, bare_seconds = sorted(ours)[ROUNDS // 2] / lines, sorted(bare)[ROUNDS // 2] / lines
        yield Result(
            name=f"import one line: {dialect}",
            ours="import",
            baseline="bare insert",
            our_seconds=seconds,
            baseline_seconds=bare_seconds,
            rounds=ROUNDS,
            note=f"{lines:,} lines; {1 / seconds:,.0f} lines/s against {1 / bare_seconds:,.0f}",
        )
        yield _waited(dialect)


def _waited(dialect: str) -> Measured:
    """Return the longest that another process waits which writes single orders during an import."""
    with shop(dialect) as opened:
        opened.caller.call("POST", "/api/v1/order", order(opened.ids("customer")[0], opened.ids("product")))
        url = opened.runtime.database.engine.url.render_as_string(hide_password=False)
        with writing(url) as waits:
            for file in FILES:
                assert not run(opened.runtime, SYSTEM, "online_retail", file).problems
    return Figure(
        name=f"import: longest wait of a writer: {dialect}",
        value=waits.longest * 1e3,
        unit="ms",
        note=f"wanted: at most 200 ms; {waits.writes:,} writes, half of them within {waits.median * 1e3:.1f} ms",
    )


def _taken_away(opened: Shop) -> dict[str, list[dict[str, object]]]:
    """Remove what was imported and return its rows."""
    tables = opened.runtime.database.tables
    taken = {}
    with opened.runtime.database.write() as connection:
        for form in reversed(TABLES):
            table = tables[form]
            taken[form] = [dict(row) for row in connection.execute(sa.select(table)).mappings()]
            connection.execute(sa.delete(table))
    return taken


def _inserted(opened: Shop, rows: dict[str, list[dict[str, object]]]) -> None:
    with opened.runtime.database.write() as connection:
        for form in TABLES:
            connection.execute(sa.insert(opened.runtime.database.tables[form]), rows[form])
