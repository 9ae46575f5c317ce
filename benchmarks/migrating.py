"""A field more on a table of a million orders: `build` and `migrate` against bare SQL, and how long people wait.

Two fields are added: a computed one, and a required one that a `backfill:` fills. The bare SQL is one
transaction. Meanwhile a process of its own adds and changes single orders, one after the other, and tells
the longest it waited for one.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from benchmarks.grown import Grown, project_with
from benchmarks.measuring import Figure, Measured, Result
from benchmarks.processes import ORDERKIT, Command, costs
from benchmarks.shops import DIALECTS, EXAMPLE, database_url
from benchmarks.writing import writing
from orderkit.catalog import built_in
from orderkit.database.connections.urls import database_url as known_url
from orderkit.database.migrating.migrate import migrate
from orderkit.database.revisions.writing import write_next_revision
from orderkit.model.project import Project
from orderkit.model.stored import model_hash

ORDERS = 1_000_000
ROUNDS = 3
NO_CHANGES = 15


@dataclass(frozen=True, slots=True)
class Addition:
    """A field that is added to orders, as YAML and as bare SQL of each dialect."""

    name: str
    field: str
    sql: dict[str, tuple[str, ...]]


ADDITIONS = (
    Addition(
        "a computed field",
        'deposit: {type: money, label: {zh: 订金, en: Deposit}, compute: "coalesce(total, 0) * 0.3", required: true}',
        {
            "postgresql": (
                'ALTER TABLE "order" ADD COLUMN deposit NUMERIC(18, 2)',
                'UPDATE "order" SET deposit = coalesce(total, 0) * 0.3',
                'ALTER TABLE "order" ALTER COLUMN deposit SET NOT NULL',
            ),
            "sqlite": (
                'ALTER TABLE "order" ADD COLUMN deposit INTEGER NOT NULL DEFAULT 0',
                'UPDATE "order" SET deposit = coalesce(total, 0) * 3 / 10',
            ),
        },
    ),
    Addition(
        "a required field",
        "promised: {type: date, label: {zh: 承诺日期, en: Promised}, required: true, default: =today(), backfill: need_by}",
        {
            "postgresql": (
                'ALTER TABLE "order" ADD COLUMN promised DATE',
                'UPDATE "order" SET promised = need_by',
                'ALTER TABLE "order" ALTER COLUMN promised SET NOT NULL',
            ),
            "sqlite": (
                "ALTER TABLE \"order\" ADD COLUMN promised DATE NOT NULL DEFAULT ''",
                'UPDATE "order" SET promised = need_by',
            ),
        },
    ),
)


def measure(
    orders: int = ORDERS,
    rounds: int = ROUNDS,
    no_changes: int = NO_CHANGES,
    dialects: Sequence[str] = DIALECTS,
) -> Iterator[Measured]:
    """Yield both additions on both databases, with the waits of writers; then migrations that change nothing."""
    for dialect in dialects:
        with (
            tempfile.TemporaryDirectory(prefix="orderkit-bench-") as name,
            database_url(dialect, Path(name)) as url,
        ):
            grown = Grown(Path(name), url, orders)
            for addition in ADDITIONS:
                yield from _added(grown, addition, rounds)
            yield from _unchanged(grown, no_changes)


def _added(grown: Grown, addition: Addition, rounds: int) -> Iterator[Measured]:
    project = project_with(addition.field)
    name = f"{addition.name} for {grown.orders:,} orders"

    def ours(url: str) -> None:
        migrations = grown.folder / "changed"
        shutil.rmtree(migrations, ignore_errors=True)
        shutil.copytree(grown.migrations, migrations)
        write_next_revision(project, built_in(), migrations)
        _migrate(url, project, migrations)

    def bare(url: str) -> None:
        engine = sa.create_engine(known_url(url))
        with engine.begin() as connection:
            for statement in addition.sql[grown.dialect]:
                connection.exec_driver_sql(statement)
        engine.dispose()

    ours_took, bare_took = zip(
        *((_seconds(grown, ours), _seconds(grown, bare)) for _ in range(rounds)), strict=True
    )
    yield Result(
        name=f"migrate: {name}: {grown.dialect}",
        ours="build and migrate",
        baseline="ALTER TABLE and UPDATE in one transaction",
        our_seconds=statistics.median(ours_took),
        baseline_seconds=statistics.median(bare_took),
        rounds=rounds,
    )
    yield from _waits(grown, name, ours, bare)


def _waits(
    grown: Grown, name: str, ours: Callable[[str], None], bare: Callable[[str], None]
) -> Iterator[Measured]:
    """Yield the longest that a writer waits for one order during each."""
    found = {}
    for way, change in (("ours", ours), ("bare", bare)):
        url = grown.copy()
        with writing(url) as found[way]:
            change(url)
    wanted = "wanted: under 1 s" if grown.dialect == "postgresql" else "one transaction, as it is meant"
    waits = found["ours"]
    yield Figure(
        name=f"migrate: {name}: longest wait of a writer: {grown.dialect}",
        value=waits.longest,
        unit="s",
        note=f"{wanted}; {waits.writes:,} writes, half of them within {waits.median * 1e3:.1f} ms; "
        f"bare SQL: {found['bare'].longest:.2f} s",
    )


def _unchanged(grown: Grown, rounds: int) -> Iterator[Measured]:
    """Yield what a migration costs that finds nothing to do, as a call and as the command."""
    url, built = grown.copy(), grown.folder / "project"
    shutil.copytree(EXAMPLE, built, ignore=shutil.ignore_patterns("build", "var", "migrations"))
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        _migrate(url, grown.project, grown.migrations)
        times.append(time.perf_counter() - start)
    yield Figure(
        name=f"migrate: nothing to do: {grown.dialect}",
        value=statistics.median(times),
        unit="s",
        note="wanted: under 0.3 s",
    )
    command = (*ORDERKIT, "migrate", str(built), "--database", url)
    for words in ((*ORDERKIT, "build", str(built)), command):
        subprocess.run(words, check=True, capture_output=True)
    found = costs(
        {
            "migrate": Command(words=command),
            "sqlalchemy": Command(words=(sys.executable, "-c", "import sqlalchemy")),
            "python": Command(words=(sys.executable, "-c", "pass")),
        },
        rounds=rounds,
    )
    yield Result(
        name=f"migrate: nothing to do, as a command: {grown.dialect}",
        ours="orderkit migrate",
        baseline="import sqlalchemy",
        our_seconds=found["migrate"].seconds,
        baseline_seconds=found["sqlalchemy"].seconds,
        rounds=rounds,
        note="whole processes; wanted: under 0.3 s; "
        f"`python -c pass`: {found['python'].seconds * 1e3:.0f} ms",
    )


def _seconds(grown: Grown, change: Callable[[str], None]) -> float:
    """Return how long the change takes on a fresh copy."""
    url = grown.copy()
    start = time.perf_counter()
    change(url)
    return time.perf_counter() - start


def _migrate(url: str, project: Project, migrations: Path) -> None:
    migrate(url, project, built_in(), migrations, model_hash=model_hash(project))
