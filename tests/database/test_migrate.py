"""Bringing databases forward: revisions are written, run and undone on both databases, and data survives."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata

from orderkit.catalog import built_in
from orderkit.database.connections.database import Database, open_engine
from orderkit.database.connections.failures import DatabaseUnusable
from orderkit.database.connections.urls import database_url as parsed
from orderkit.database.migrating.migrate import Step, migrate
from orderkit.database.migrating.readiness import check_ready
from orderkit.database.migrating.stamp import SYSTEM_REVISIONS
from orderkit.database.revisions.history import head_of
from orderkit.database.revisions.writing import WrittenRevision, write_next_revision
from orderkit.database.schema import system_tables
from orderkit.database.schema.metadata import metadata_of
from orderkit.database.schema.tables import FILE_TABLE, tables_of
from orderkit.model.errors import Refused
from orderkit.model.project import Project
from orderkit.model.stored import model_hash
from tests.database.models import CUSTOMER, LINES, ORDER, field, form, shop, with_fields
from tests.database.schemas import schema_of
from tests.support.projects import example
from tests.support.system_revision import compare

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
STAMP = {"created_at": NOW, "updated_at": NOW, "revision": 1}
SHOP = shop()


# The revisions of orderkit's own tables, which come before those of a project.
OWN = [("system", f"{number:04d}") for number in range(1, int(head_of(SYSTEM_REVISIONS) or 0) + 1)]


def build(project: Project, folder: Path) -> WrittenRevision | None:
    return write_next_revision(project, built_in(), folder)


def bring(url: str, project: Project, folder: Path) -> tuple[str, ...]:
    done = migrate(url, project, built_in(), folder, model_hash=model_hash(project))
    return tuple(f"{step.line} {step.revision}" for step in done.steps)


def undo(url: str, project: Project, folder: Path, revision: str) -> None:
    migrate(url, project, built_in(), folder, model_hash=model_hash(project), target=revision)


def schema(url: str, *, own: bool = False) -> dict:
    engine = open_engine(parsed(url))
    with engine.connect() as connection:
        found = schema_of(connection, own=own)
    engine.dispose()
    return found


def fresh_schema(url: str, project: Project, *, own: bool = False) -> dict:
    """Return what `metadata` makes in an empty database."""
    engine = open_engine(parsed(url), may_create=True).execution_options(orderkit_writes=True)
    metadata = metadata_of(tables_of(project, built_in()))
    with engine.begin() as connection:
        system_tables.metadata.create_all(connection)
        metadata.create_all(connection, [t for n, t in metadata.tables.items() if n != FILE_TABLE])
        found = schema_of(connection, own=own)
    engine.dispose()
    return found


@pytest.fixture
def other_url(databases, dialect) -> str:
    """A second empty database beside `database_url`."""
    mark = databases.mark()
    yield databases.fresh_url(dialect)
    databases.clear(mark)


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "migrations"


def test_a_migrated_database_is_like_a_fresh_one(database_url, other_url, folder):
    build(SHOP, folder)
    assert bring(database_url, SHOP, folder) == (
        *(f"{line} {number}" for line, number in OWN),
        "project 0001",
    )
    assert schema(database_url) == fresh_schema(other_url, SHOP)
    assert schema(database_url, own=True) == schema(other_url, own=True)


def test_the_example_is_migrated_like_made_afresh(database_url, other_url, folder):
    build(example(), folder)
    bring(database_url, example(), folder)
    assert schema(database_url) == fresh_schema(other_url, example())


def test_the_system_revisions_lead_to_the_system_tables(database_url, folder):
    bring(database_url, SHOP, folder)
    engine = open_engine(parsed(database_url))
    with engine.connect() as connection:
        assert compare_metadata(compare(connection), system_tables.metadata) == []
    engine.dispose()


def test_migrating_again_does_nothing(database_url, folder):
    build(SHOP, folder)
    bring(database_url, SHOP, folder)
    assert bring(database_url, SHOP, folder) == ()
    assert build(SHOP, folder) is None


def test_each_revision_is_announced_with_its_title(database_url, folder):
    build(SHOP, folder)
    told: list[Step] = []
    migrate(database_url, SHOP, built_in(), folder, model_hash="x", on_step=told.append)
    assert [(step.line, step.revision) for step in told] == [*OWN, ("project", "0001")]
    assert told[-1].title.startswith("Revision 0001")


def renamed_form() -> Project:
    sale = replace(ORDER, id="sale", renamed_from="order")
    lines = form(
        "sale.lines",
        field("product", required=True),
        field("qty", "decimal", {"scale": 3}, required=True),
        parent="sale",
    )
    return shop(CUSTOMER, sale, lines)


CHANGES = [
    pytest.param(shop(with_fields(CUSTOMER, field("note")), ORDER, LINES), id="a field is added"),
    pytest.param(
        shop(with_fields(CUSTOMER, field("note", required=True, default="-")), ORDER, LINES),
        id="a required field with a default is added",
    ),
    pytest.param(
        shop(
            with_fields(CUSTOMER, field("limit", "money", required=True, default=Decimal("10.50"))),
            ORDER,
            LINES,
        ),
        id="a required amount with a default is added",
    ),
    pytest.param(
        shop(with_fields(CUSTOMER, field("active", "boolean", default=True)), ORDER, LINES),
        id="a boolean that is true by default is added",
    ),
    pytest.param(
        shop(
            with_fields(CUSTOMER, field("since", "date", required=True, default=date(2026, 1, 1))),
            ORDER,
            LINES,
        ),
        id="a required date with a default is added",
    ),
    pytest.param(
        shop(with_fields(CUSTOMER, field("seller", "user"), field("logo", "file")), ORDER, LINES),
        id="a reference and a file are added",
    ),
    pytest.param(
        shop(
            with_fields(
                CUSTOMER, field("no", required=True, unique=True, renamed_from="code"), without=("code",)
            ),
            ORDER,
            LINES,
        ),
        id="a unique field is renamed",
    ),
    pytest.param(
        shop(
            CUSTOMER,
            with_fields(
                ORDER,
                field("buyer", "ref", {"to": "customer"}, required=True, renamed_from="customer"),
                without=("customer",),
                unique=(),
            ),
            LINES,
        ),
        id="a reference is renamed",
    ),
    pytest.param(renamed_form(), id="a form is renamed with its lines"),
    pytest.param(
        shop(CUSTOMER, with_fields(ORDER, field("total", "money", {"scale": 4})), LINES),
        id="an amount gets more decimal places",
    ),
    pytest.param(
        shop(
            CUSTOMER, with_fields(ORDER, field("kind", "choice", {"options": ["standard", "custom"]})), LINES
        ),
        id="a required field becomes optional",
    ),
    pytest.param(
        shop(CUSTOMER, with_fields(ORDER, field("external_no", required=True, default="?")), LINES),
        id="an optional field becomes required",
    ),
    pytest.param(
        shop(
            CUSTOMER,
            ORDER,
            LINES,
            form("left", field("other", "ref", {"to": "right"})),
            form("right", field("other", "ref", {"to": "left"})),
        ),
        id="two forms that refer to each other are added",
    ),
]


def sow(url: str) -> None:
    """Put a customer, an order and two lines into the first shop."""
    database = Database.open(url, SHOP, built_in())
    tables = database.tables
    with database.write() as connection:
        for code in ("C1", "C2", "C3"):
            connection.execute(tables["customer"].insert().values(code=code, name="甲", **STAMP))
        connection.execute(tables["customer"].delete().where(tables["customer"].c.code == "C3"))
        connection.execute(
            tables["order"].insert().values(customer=1, kind="standard", total=Decimal("99.95"), **STAMP)
        )
        connection.execute(
            tables["order.lines"].insert(),
            [{"order": 1, "position": place, "product": "p", "qty": Decimal("1.500")} for place in range(2)],
        )
        connection.execute(
            system_tables.audit.insert().values(
                at=NOW, channel="page", model_hash="", form="order", record_id=1, verb="create", changes={}
            )
        )
    database.close()


def rows(url: str) -> dict[str, list]:
    """Return every row of the project's tables, and what the audit says, straight from the database."""
    engine = open_engine(parsed(url))
    with engine.connect() as connection:
        names = [n for n in sa.inspect(connection).get_table_names() if not n.startswith("ok_")] + [
            "ok_audit"
        ]
        metadata = sa.MetaData()
        metadata.reflect(connection, only=names)
        found = {
            name: [dict(row) for row in connection.execute(sa.select(metadata.tables[name])).mappings()]
            for name in names
        }
    engine.dispose()
    return found


class Started(NamedTuple):
    """The first shop with a few rows, to be copied."""

    url: str
    folder: Path
    before: tuple[dict, dict]


@pytest.fixture(scope="module")
def started(databases, dialect, tmp_path_factory) -> Started:
    folder = tmp_path_factory.mktemp("started") / "migrations"
    url = databases.fresh_url(dialect, is_whole=True)
    build(SHOP, folder)
    bring(url, SHOP, folder)
    sow(url)
    return Started(url, folder, (rows(url), schema(url)))


@pytest.fixture
def sown(started, databases, folder) -> str:
    """The URL of a copy of the first shop; its revision is in `folder`."""
    mark = databases.mark()
    shutil.copytree(started.folder, folder)
    yield databases.copied_url(started.url)
    databases.clear(mark)


@pytest.mark.parametrize("after", CHANGES)
def test_a_change_is_migrated_like_made_afresh_and_undone_without_loss(
    started, sown, other_url, folder, after
):
    written = build(after, folder)
    assert written is not None
    assert bring(sown, after, folder) == ("project 0002",)
    assert schema(sown) == fresh_schema(other_url, after)
    opened = Database.open(sown, after, built_in())
    with opened.read() as connection:
        for table in opened.tables.values():
            connection.execute(sa.select(table)).all()
    customers = opened.tables["customer"]
    with opened.write() as connection:
        values = {
            column.name: STAMP.get(column.name, "x") for column in customers.c if str(column.type) == "TEXT"
        }
        made = connection.execute(
            customers.insert().values(
                **dict.fromkeys(values, "new"),
                **STAMP,
                **{
                    c.name: 0 if c.name == "limit" else date(2026, 1, 1)
                    for c in customers.c
                    if c.name in ("limit", "since")
                },
            )
        ).inserted_primary_key[0]
        assert made == 4, "ids are never given out twice, not even after a table was copied"
        connection.execute(customers.delete().where(customers.c.id == made))
    opened.close()
    undo(sown, after, folder, "0001")
    after_all = rows(sown), schema(sown)
    # What was filled because it became required cannot be told from what somebody entered.
    for found in after_all[0]["order"]:
        found["external_no"] = None
    assert after_all == started.before


def test_what_a_new_column_is_filled_with(sown, folder):
    after = shop(
        with_fields(
            CUSTOMER,
            field("active", "boolean", default=True),
            field("limit", "money", required=True, default=Decimal("10.50")),
            field("note", default="only for new ones"),
        ),
        ORDER,
        with_fields(LINES, field("qty", "decimal", {"scale": 5}, required=True)),
    )
    build(after, folder)
    bring(sown, after, folder)
    database = Database.open(sown, after, built_in())
    with database.read() as connection:
        customer = database.tables["customer"].c
        assert (
            connection.execute(sa.select(customer.active, customer.limit, customer.note)).all()
            == [(True, Decimal("10.50"), None)] * 2
        )
        assert connection.scalar(sa.select(database.tables["order.lines"].c.qty)) == Decimal("1.50000")
    database.close()


def test_a_renamed_form_leaves_its_audit_as_it_was_written(sown, folder):
    build(renamed_form(), folder)
    bring(sown, renamed_form(), folder)
    assert [row["form"] for row in rows(sown)["ok_audit"]] == ["order"]


def test_data_that_does_not_fit_is_refused_and_nothing_is_half_done(started, sown, folder):
    after = shop(
        with_fields(CUSTOMER, field("note"), field("name", required=True, unique=True)), ORDER, LINES
    )
    build(after, folder)
    with pytest.raises(Refused) as refused:
        bring(sown, after, folder)
    (problem,) = refused.value.problems
    assert problem.known_as is not None
    assert problem.known_as.id == "OK6300"
    assert (rows(sown), schema(sown)) == started.before


def test_processes_that_migrate_at_once_wait_for_each_other(database_url, folder):
    build(SHOP, folder)
    script = (
        "import sys; from pathlib import Path; from tests.database.models import shop, built_in;"
        "from orderkit.database.migrating.migrate import migrate;"
        "print(len(migrate(sys.argv[1], shop(), built_in(), Path(sys.argv[2]), model_hash='x').steps))"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", script, database_url, str(folder)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        for _ in range(2)
    ]
    assert sorted(process.communicate()[0].strip() for process in processes) == ["0", str(len(OWN) + 1)]


def test_threads_that_migrate_at_once_do_not_disturb_each_other(databases, dialect, folder):
    build(SHOP, folder)
    mark = databases.mark()
    urls = [databases.fresh_url(dialect) for _ in range(3)] * 2
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda url: bring(url, SHOP, folder), urls))
    databases.clear(mark)
    assert sorted(map(len, done)) == [0, 0, 0, *[len(OWN) + 1] * 3]


@pytest.mark.postgres
def test_a_user_who_may_not_make_tables_is_told(databases, folder):
    build(SHOP, folder)
    whole = sa.make_url(databases.fresh_url("postgresql", is_whole=True))
    role = f"ok_test_{os.getpid()}"
    administration = open_engine(parsed(whole.render_as_string(hide_password=False)))
    with administration.begin() as connection:
        connection.exec_driver_sql(f"CREATE ROLE {role} LOGIN PASSWORD 'geheim'")
    try:
        url = whole.set(username=role, password="geheim").render_as_string(hide_password=False)
        with pytest.raises(DatabaseUnusable, match=role) as refused:
            bring(url, SHOP, folder)
        assert refused.value.reason == "rights"
    finally:
        with administration.begin() as connection:
            connection.exec_driver_sql(f"DROP ROLE {role}")
        administration.dispose()


class TestReady:
    """A database is served only when it is where the build expects it; the finer points are in `test_readiness`."""

    def reason(self, url: str, project: Project, folder: Path) -> str:
        with closing(Database.open(url, project, built_in())) as database:
            try:
                check_ready(database, project, folder)
            except DatabaseUnusable as error:
                return error.reason if error.explain.keys() == {"zh", "en"} else "no words"
        return "ready"

    def test_after_a_migration_it_is(self, database_url, folder):
        build(SHOP, folder)
        bring(database_url, SHOP, folder)
        assert self.reason(database_url, SHOP, folder) == "ready"

    def test_an_empty_one_is_not(self, database_url, folder):
        build(SHOP, folder)
        open_engine(parsed(database_url), may_create=True).dispose()
        assert self.reason(database_url, SHOP, folder) == "empty"

    def test_one_of_another_project_is_not_and_is_not_migrated(self, database_url, folder):
        build(SHOP, folder)
        bring(database_url, SHOP, folder)
        other = shop(name="another")
        assert self.reason(database_url, other, folder) == "other_project"
        with pytest.raises(DatabaseUnusable) as refused:
            bring(database_url, other, folder)
        assert refused.value.reason == "other_project"

    def test_one_that_is_behind_is_not(self, database_url, folder):
        build(SHOP, folder)
        bring(database_url, SHOP, folder)
        after = shop(with_fields(CUSTOMER, field("note")), ORDER, LINES)
        build(after, folder)
        assert self.reason(database_url, after, folder) == "behind"

    def test_one_that_is_ahead_is_not_and_is_not_migrated(self, database_url, folder, tmp_path):
        build(SHOP, folder)
        older = tmp_path / "older"
        build(SHOP, older)
        after = renamed_form()
        build(after, folder)
        bring(database_url, after, folder)
        assert self.reason(database_url, SHOP, older) == "ahead"
        with pytest.raises(DatabaseUnusable) as refused:
            bring(database_url, SHOP, older)
        assert refused.value.reason == "ahead"

    def test_one_with_tables_of_somebody_else_is_not_touched(self, database_url, folder):
        build(SHOP, folder)
        engine = open_engine(parsed(database_url), may_create=True).execution_options(orderkit_writes=True)
        with engine.begin() as connection:
            connection.exec_driver_sql('CREATE TABLE "order" (x INTEGER)')
        engine.dispose()
        with pytest.raises(DatabaseUnusable) as refused:
            bring(database_url, SHOP, folder)
        assert refused.value.reason == "not_empty"
        assert list(schema(database_url)) == ["order"]
