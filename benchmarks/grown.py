"""The example with very many orders: a database from before a change, and fresh copies of it to try the change on."""

import shutil
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import sqlalchemy as sa

from benchmarks.shops import EXAMPLE, stocked
from orderkit.catalog import built_in
from orderkit.database.connections.urls import database_url
from orderkit.engine.accounts import make_user
from orderkit.engine.runtime import SYSTEM, Channel, Runtime
from orderkit.language.compile import compile_project
from orderkit.language.source.directory import read_directory
from orderkit.model.project import Project

FIRST = 1_000
COPY = "grown_copy"


def project_with(field: str | None = None) -> Project:
    """Return the compiled example, its orders with one field more."""
    files = dict(read_directory(EXAMPLE))
    if field is not None:
        path = "forms/order.yaml"
        files[path] = files[path].replace(b"  received:", f"  {field}\n  received:".encode(), 1)
    project = compile_project(files, built_in()).value
    assert project is not None
    return project


class Grown:
    """The database, its project and its migrations in a folder."""

    def __init__(self, folder: Path, url: str, orders: int) -> None:
        self.folder, self.orders, self.project = folder, orders, project_with()
        self.migrations = folder / "migrations"
        self.url = database_url(url)
        self.dialect = self.url.get_backend_name()
        with stocked(self.project, url, folder) as runtime:
            _fill(runtime, orders)

    def copy(self) -> str:
        """Return the URL of a copy as it was; the copy before it is gone then."""
        if self.dialect == "sqlite":
            for left in self.folder.glob(f"{COPY}*"):
                left.unlink()
            return f"sqlite:///{shutil.copy(self.url.database or '', self.folder / f'{COPY}.db')}"
        # A database that is copied may have no sessions.
        engine = sa.create_engine(self.url.set(database="template1"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {COPY} WITH (FORCE)")
            connection.exec_driver_sql(
                f'CREATE DATABASE {COPY} TEMPLATE "{self.url.database}" STRATEGY FILE_COPY'
            )
        engine.dispose()
        url = self.url.set(drivername="postgresql", database=COPY)
        return url.render_as_string(hide_password=False)


def _fill(runtime: Runtime, orders: int) -> None:
    """Write some orders, then double them until there are enough."""
    table = runtime.database.tables["order"]
    with runtime.write(SYSTEM, Channel.COMMAND) as unit:
        person = make_user(unit, login="seller", name="Seller", roles=["sales"])
    with runtime.database.write() as connection:
        customers = connection.execute(sa.select(runtime.database.tables["customer"].c.id)).scalars().all()
        now = runtime.clock.now()
        rows = [_order(number, person, customers, now) for number in range(min(FIRST, orders))]
        connection.execute(sa.insert(table), rows)
        kept = ", ".join(
            f'"{column.name}"' for column in table.columns if column.name not in {"id", "number"}
        )
        done = len(rows)
        while done < orders:
            more = min(done, orders - done)
            connection.exec_driver_sql(
                f'INSERT INTO "order" (number, {kept}) '
                f"SELECT 'G' || (id + {done}), {kept} FROM \"order\" WHERE id <= {more}"
            )
            done += more
    with runtime.database.write() as connection:
        connection.exec_driver_sql("ANALYZE")


def _order(number: int, person: int, customers: Sequence[int], now: datetime) -> dict[str, object]:
    day = date(2020, 1, 1) + timedelta(days=number % 2000)
    total = Decimal(number % 9000) + Decimal("0.50")
    return {
        "number": f"F{number:06}",
        "owner": person,
        "created_at": now,
        "created_by": person,
        "updated_at": now,
        "updated_by": person,
        "revision": 1,
        "customer": customers[number % len(customers)],
        "ordered_on": day,
        "need_by": day + timedelta(days=10),
        "salesperson": person if number % 2 else None,
        "total": total,
        "received": Decimal("0.00"),
        "balance": total,
        "status": ("done", "planning", "shipped")[number % 3],
    }
