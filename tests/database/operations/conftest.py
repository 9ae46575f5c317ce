"""A small database and what runs operations on it, at once and step by step."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sa

from orderkit.catalog import built_in
from orderkit.database import operations as ok
from orderkit.database.connections.database import open_engine
from orderkit.database.connections.urls import database_url as parsed
from orderkit.database.migrating.locking import Patience, postgresql_turn, sqlite_turn
from orderkit.database.migrating.migrate import migrate
from orderkit.database.migrating.running import Progress, Runner, Sizes
from orderkit.database.migrating.scripts import Script
from tests.database.models import shop
from tests.database.schemas import schema_of

NOW = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)
AT_ONCE, STEP_BY_STEP = Sizes(large=1_000_000), Sizes(large=-1, batch=2)
IMPATIENT = Patience(turn_seconds=5, upkeep_seconds=0.2, lock_seconds=0.2, tries=2, pause_seconds=0.01)


@dataclass
class Bench:
    """A database on which scripts are run. What is in `tables` is compared."""

    engine: sa.Engine
    sizes: Sizes
    told: list[Progress]

    @contextmanager
    def runner(self) -> Iterator[Runner]:
        turn = sqlite_turn if self.engine.dialect.name == "sqlite" else postgresql_turn
        with turn(self.engine, IMPATIENT) as connection:
            yield Runner(
                engine=self.engine,
                turn=connection,
                now=NOW,
                timezone="Asia/Shanghai",
                sizes=self.sizes,
                patience=IMPATIENT,
                on_progress=self.told.append,
                should_stop=lambda: False,
            )

    def up(self, number: str, upgrade: Callable[[], None]) -> None:
        self._run(number, upgrade, is_undoing=False)

    def down(self, number: str, downgrade: Callable[[], None]) -> None:
        self._run(number, downgrade, is_undoing=True)

    def _run(self, number: str, function: Callable[[], None], *, is_undoing: bool) -> None:
        module = ModuleType("revision")
        module.ok, module.upgrade, module.downgrade = ok, function, function
        previous = f"{int(number) - 1:04d}" if number > "0001" else None
        with self.runner() as runner:
            runner.run(
                "project", Script(number, f"Revision {number}", module), previous, is_undoing=is_undoing
            )

    def write(self, sql: str) -> None:
        with self.engine.execution_options(orderkit_writes=True).begin() as connection:
            connection.exec_driver_sql(sql)

    def rows(self, table: str) -> list[tuple[Any, ...]]:
        """Return the rows in the order of their ids, the columns in that of their names."""
        with self.engine.connect() as connection:
            names = sorted(column["name"] for column in sa.inspect(connection).get_columns(table))
            listed = ", ".join(f'"{name}"' for name in names)
            order = ' ORDER BY "id"' if "id" in names else ""
            return [
                tuple(row) for row in connection.exec_driver_sql(f'SELECT {listed} FROM "{table}"{order}')
            ]

    def schema(self) -> dict[str, Any]:
        with self.engine.connect() as connection:
            return schema_of(connection)


@pytest.fixture(params=[AT_ONCE, STEP_BY_STEP], ids=["at once", "step by step"])
def bench(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[Bench]:
    """A customer table with three rows and an order table with five that refer to them."""
    migrate(database_url, shop(), built_in(), tmp_path, model_hash="", target="0000")
    engine = open_engine(parsed(database_url))
    made = Bench(engine, request.param, [])
    made.up("0001", begin)
    made.write("INSERT INTO customer (name, code) VALUES ('a', 'A'), ('b', 'B'), ('c', 'C')")
    made.write(
        'INSERT INTO "order" (customer, note, tags, kind) VALUES '
        "(1, '7', '|x|y|', 'old'), (1, ' 1,234 ', '|y|', 'new'), (2, '', NULL, 'old'), (3, NULL, '|x|', NULL), (3, '5', '|z|x|', 'new')"
    )
    yield made
    engine.dispose()


def begin() -> None:
    import sqlalchemy as sa

    ok.create_table(
        "customer",
        sa.Column("id", ok.BigId, sa.Identity(), primary_key=True),
        sa.Column("name", ok.CodePointText, nullable=False),
        sa.Column("code", ok.CodePointText),
    )
    ok.create_table(
        "order",
        sa.Column("id", ok.BigId, sa.Identity(), primary_key=True),
        sa.Column("customer", sa.BigInteger()),
        sa.Column("note", ok.CodePointText),
        sa.Column("tags", ok.ManyTexts()),
        sa.Column("kind", ok.CodePointText),
        sa.ForeignKeyConstraint(
            ["customer"], ["customer.id"], name="order__customer_fkey", ondelete="RESTRICT"
        ),
    )
    ok.create_index("order__customer_idx", "order", ["customer"])
