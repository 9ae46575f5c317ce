"""A migration that finds nothing to do is short, and is short only then."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from orderkit.artifact.folders import find_artifact, fingerprint
from orderkit.cli.opening import opened
from orderkit.database.connections.urls import database_url
from orderkit.database.migrating.settled import up_to_date
from orderkit.engine import records
from orderkit.engine.records import Update
from orderkit.engine.runtime import SYSTEM, Channel
from tests.cli.test_build_and_migrate import ROOT, run

SHELF = """\
form: shelf
label: {zh: 货架, en: Shelf}
title: "{code}"
fields:
  code:  {type: text, label: 编号, required: true, unique: true}
  name:  {type: text, label: 名称}
  since: {type: date, label: 启用}
  bin:   {type: ref, to: bin, label: 货位}
"""
BIN = """\
form: bin
label: {zh: 货位, en: Bin}
title: "{code}"
fields:
  code: {type: text, label: 编号, required: true, unique: true}
"""
LIFE = """\
workflow: life
for: shelf
state: status
initial: draft
in_flight: migrate
states:
  draft: {label: 草稿}
  done:  {label: 完成, final: completed}
transitions:
  finish: {label: 完成, from: draft, to: done, by: owner}
"""
BINS = """\
seed: bins
for: bin
match: [code]
rows:
  - {code: B1}
"""
SHELVES = """\
seed: shelves
for: shelf
match: [code]
rows:
  - {code: S1, name: 一号, bin: B1}
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request, databases) -> Iterator[str]:
    mark = databases.mark()
    yield databases.fresh_url(request.param, is_whole=True)
    databases.clear(mark)


@pytest.fixture
def shop(tmp_path, url, monkeypatch, capsys) -> Path:
    """Return a built project with seeds and a workflow that records follow, whose database is settled."""
    monkeypatch.setenv("ORDERKIT_DATABASE_URL", url)
    write(tmp_path)
    assert run("build", tmp_path) == 0
    assert run("migrate", tmp_path) == 0
    assert is_settled(tmp_path, url)
    capsys.readouterr()
    return tmp_path


def write(folder: Path, **more: str) -> None:
    files = {
        "orderkit": ROOT,
        "shelf": SHELF,
        "bin": BIN,
        "life": LIFE,
        "bins": BINS,
        "shelves": SHELVES,
        **more,
    }
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def is_settled(folder: Path, url: str) -> bool:
    return up_to_date(url, folder, fingerprint(find_artifact(folder)) or "") is not None


def execute(url: str, statement: str) -> None:
    engine = sa.create_engine(database_url(url))
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def test_a_migration_with_nothing_to_do_loads_neither_the_model_nor_sqlalchemy(shop):
    asked = (
        "import sys\nfrom orderkit.cli import main\n"
        "try:\n    main(['migrate', sys.argv[1]])\n"
        "finally:\n    print(sorted({'sqlalchemy', 'alembic', 'rich', 'orderkit.model.project'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked, str(shop)], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    told, loaded = done.stdout.splitlines()
    assert "已是最新" in told, "in the language of the project"
    assert loaded == "[]"


def test_the_short_way_says_what_the_whole_way_says(shop, url, capsys):
    assert run("migrate", shop) == 0
    short = capsys.readouterr().out
    execute(url, "DELETE FROM ok_setting WHERE name = 'settled'")
    assert run("migrate", shop) == 0
    assert capsys.readouterr().out == short
    assert is_settled(shop, url)


def test_what_people_change_in_a_seeded_record_is_seen_and_brought_back(shop, url):
    with opened(shop, None) as runtime, runtime.write(SYSTEM, Channel.COMMAND) as unit:
        records.apply(unit, [Update(form="shelf", id=1, values={"name": "二号"})])
    assert not is_settled(shop, url)
    assert run("migrate", shop) == 0
    with opened(shop, None) as runtime, runtime.read(SYSTEM, Channel.COMMAND) as unit:
        shelf = runtime.database.tables["shelf"]
        assert unit.connection.execute(sa.select(shelf.c.name)).scalar_one() == "一号"
    assert is_settled(shop, url)


def test_a_change_of_what_a_seed_refers_to_is_seen(shop, url):
    with opened(shop, None) as runtime, runtime.write(SYSTEM, Channel.COMMAND) as unit:
        records.apply(unit, [Update(form="bin", id=1, values={"code": "B2"})])
    assert not is_settled(shop, url)


def test_a_record_that_began_under_another_definition_is_brought_forward(shop, url):
    execute(url, "UPDATE ok_workflow_instance SET definition_hash = 'x'")
    assert not is_settled(shop, url)
    assert run("migrate", shop) == 0
    assert is_settled(shop, url)


def test_a_record_that_came_to_stand_in_a_state_that_is_gone_is_seen(shop, url):
    execute(url, "UPDATE shelf SET status = 'lost'")
    execute(url, "DELETE FROM ok_workflow_instance")
    assert not is_settled(shop, url)


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("UPDATE ok_setting SET value = 'x' WHERE name = 'project'", id="another project"),
        pytest.param("UPDATE ok_setting SET value = 'x' WHERE name = 'model_hash'", id="another model"),
        pytest.param("UPDATE ok_system_version SET version_num = '0001'", id="own tables behind"),
        pytest.param("UPDATE ok_project_version SET version_num = '0009'", id="ahead"),
        pytest.param("DELETE FROM ok_project_version", id="before the first"),
        pytest.param("UPDATE ok_revision SET leads_to = 'x' WHERE line = 'project'", id="another branch"),
        pytest.param(
            "INSERT INTO ok_migration_step (line, number, position, title, state, changed_at) "
            "VALUES ('project', '0002', 1, 't', 'running', '2026-01-01 00:00:00')",
            id="stopped half-way",
        ),
        pytest.param(
            "UPDATE ok_setting SET value = '{}' WHERE name = 'settled'", id="a note of another format"
        ),
        pytest.param("ALTER TABLE ok_workflow_instance RENAME TO gone", id="a table is gone"),
    ],
)
def test_a_database_that_stands_elsewhere_is_not_settled(shop, url, statement):
    execute(url, statement)
    assert not is_settled(shop, url)


def test_another_artifact_is_not_settled(shop, url):
    model = shop / "build" / "model.json"
    model.write_bytes(model.read_bytes() + b"\n")
    assert not is_settled(shop, url)
    assert run("migrate", shop) == 0
    assert is_settled(shop, url)


def test_an_artifact_with_plugins_goes_the_whole_way(shop, capsys):
    (shop / "build" / "plugins.txt").write_text("orderkit-stamps==1.0\n", encoding="utf-8")
    assert fingerprint(shop / "build") is None
    capsys.readouterr()
    assert run("migrate", shop) == 1
    assert "OK6723" in capsys.readouterr().err, (
        "a plugin that is missing is told, although the database is settled"
    )


def test_seeds_that_say_something_else_tomorrow_are_never_settled(shop, url):
    write(shop, shelves=SHELVES.replace("bin: B1", "since: =today()"))
    assert run("build", shop) == 0
    assert run("migrate", shop) == 0
    assert not is_settled(shop, url)


@pytest.mark.parametrize(
    "url_given", ["sqlite:///nothing.db", "sqlite:///a.db?mode=ro", "mysql://u@h/d", "sqlite://"]
)
def test_a_database_that_is_not_plainly_there_is_not_settled_and_not_made(tmp_path, url_given):
    assert up_to_date(url_given, tmp_path, "x") is None
    assert not list(tmp_path.iterdir())
