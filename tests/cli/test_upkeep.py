"""`orderkit doctor`, `backup` and `restore` as who operates a server uses them."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from orderkit.cli import main
from tests.cli.test_build_and_migrate import CUSTOMER, ROOT


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("built") / "shop"
    folder.mkdir()
    (folder / "orderkit.yaml").write_text(ROOT)
    (folder / "customer.yaml").write_text(CUSTOMER)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("ORDERKIT_DATABASE_URL", raising=False)
        for command in ("build", "migrate"):
            assert run(command, folder) == 0
    return folder


@pytest.fixture
def shop(built, tmp_path, monkeypatch) -> Path:
    for variable in ("ORDERKIT_DATABASE_URL", "ORDERKIT_DIRECT_DATABASE_URL", "ORDERKIT_FILES_URL"):
        monkeypatch.delenv(variable, raising=False)
    return shutil.copytree(built, tmp_path / "shop")


def run(*words: object) -> int:
    with pytest.raises(SystemExit) as left:
        main(["--lang", "en", *map(str, words)])
    return left.value.code


def by_hand(shop: Path, statement: str) -> None:
    connection = sqlite3.connect(shop / "var" / "app.db")
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_a_doctor_leaves_with_1_when_something_is_wrong(shop, capsys):
    assert run("doctor", shop) == 0
    assert "project shop at revision 0001: faults: 0, notes: 0" in capsys.readouterr().out
    by_hand(shop, "ALTER TABLE customer DROP COLUMN name")
    assert run("doctor", shop) == 1
    said = capsys.readouterr().out
    assert "error[OK6600] schema-drift: the column customer.name is missing" in said
    assert "help: undo the change by hand" in said


def test_a_doctor_speaks_chinese_and_json(shop, capsys):
    by_hand(shop, "ALTER TABLE customer ADD COLUMN more TEXT")
    with pytest.raises(SystemExit):
        main(["--lang", "zh", "doctor", str(shop)])
    assert "多出列 customer.more" in capsys.readouterr().out
    assert run("doctor", shop, "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["format"], document["is_well"], document["project"]) == (1, True, "shop")
    (only,) = document["found"]
    assert (only["code"], only["place"], only["is_fault"]) == ("OK6600", "customer.more", False)
    assert only["message"].keys() == {"zh", "en"}


def test_a_drill_from_backup_to_restore(shop, tmp_path, capsys):
    archive = tmp_path / "backups" / "monday.tar"
    assert run("backup", shop, archive) == 0
    assert "0 attachments" in capsys.readouterr().out
    assert run("restore", "--verify", archive) == 0
    assert "the archive is whole" in capsys.readouterr().out
    other = tmp_path / "elsewhere"
    assert run("restore", other, archive) == 0
    assert "equal to what was backed up" in capsys.readouterr().out
    assert sqlite3.connect(other / "var" / "app.db").execute("SELECT count(*) FROM customer").fetchone() == (
        0,
    )


def test_what_is_there_is_only_replaced_by_force_which_says_what_is_lost(shop, tmp_path, capsys):
    archive = tmp_path / "monday.tar"
    assert run("backup", shop, archive) == 0
    assert run("backup", shop, archive) == 1
    assert "OK6620" in capsys.readouterr().err
    assert run("restore", shop, archive) == 1
    assert "OK6622" in capsys.readouterr().err
    assert run("restore", shop, archive, "--force") == 0
    assert "the place is not empty: the database has" in capsys.readouterr().err
    assert run("doctor", shop) == 0


def test_what_is_no_archive_is_said(shop, tmp_path, capsys):
    assert run("restore", shop, tmp_path / "nothing.tar") == 1
    assert "there is no archive" in capsys.readouterr().err
    (tmp_path / "text.tar").write_text("hello")
    assert run("restore", "--verify", tmp_path / "text.tar") == 1
    assert "OK6621" in capsys.readouterr().err
    assert run("backup", "a", "b", "c") == 2


def test_where_there_is_a_direct_way_to_the_database_migrate_and_backup_take_it(shop, tmp_path, monkeypatch):
    pooled, direct = tmp_path / "pooled.db", tmp_path / "direct.db"
    monkeypatch.setenv("ORDERKIT_DATABASE_URL", f"sqlite:///{pooled}")
    monkeypatch.setenv("ORDERKIT_DIRECT_DATABASE_URL", f"sqlite:///{direct}")
    assert run("migrate", shop) == 0
    assert direct.exists()
    assert not pooled.exists()
    assert run("backup", shop, tmp_path / "direct.tar") == 0
    assert run("backup", shop, tmp_path / "named.tar", "--database", f"sqlite:///{pooled}") == 1
