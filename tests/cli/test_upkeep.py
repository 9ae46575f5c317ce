"""`orderkit doctor`, `backup` and `restore` as who operates a server uses them."""

import json
import re
import resource
import shutil
import sqlite3
from contextlib import closing
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
    archive.parent.mkdir()
    assert run("backup", shop, archive) == 0
    assert "0 attachments" in capsys.readouterr().out
    assert run("restore", "--verify", archive) == 0
    assert "the archive is whole" in capsys.readouterr().out
    other = tmp_path / "elsewhere"
    assert run("restore", other, archive) == 0
    assert "equal to what was backed up" in capsys.readouterr().out
    with closing(sqlite3.connect(other / "var" / "app.db")) as connection:
        assert connection.execute("SELECT count(*) FROM customer").fetchone() == (0,)


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


def test_a_damaged_archive_is_refused_before_it_is_said_what_would_be_lost(shop, tmp_path, capsys):
    archive = tmp_path / "monday.tar"
    assert run("backup", shop, archive) == 0
    content = bytearray(archive.read_bytes())
    content[5_000] ^= 1
    archive.write_bytes(content)
    capsys.readouterr()
    assert run("restore", shop, archive, "--force") == 1
    told = capsys.readouterr().err
    assert "OK6621" in told
    assert "not empty" not in told
    assert run("doctor", shop) == 0


def test_what_is_no_archive_is_said(shop, tmp_path, capsys):
    assert run("restore", shop, tmp_path / "nothing.tar") == 1
    assert "there is no archive" in capsys.readouterr().err
    (tmp_path / "text.tar").write_text("hello")
    assert run("restore", "--verify", tmp_path / "text.tar") == 1
    assert "OK6621" in capsys.readouterr().err
    assert run("backup", "a", "b", "c") == 2


READING = [("backup", "a.tar"), ("doctor",), ("plan",)]


@pytest.mark.parametrize("words", [*READING, ("migrate",), ("restore", "a.tar")], ids=lambda words: words[0])
def test_no_folders_are_made_for_a_mistyped_database(shop, tmp_path, capsys, words):
    if words[0] == "restore":
        assert run("backup", shop, tmp_path / "a.tar") == 0
    before = sorted(tmp_path.rglob("*"))
    command, *rest = words
    url = f"sqlite:///{tmp_path / 'no' / 'such' / 'x.db'}"
    assert run(command, shop, *(tmp_path / each for each in rest), "--database", url) == 1
    told = " ".join(capsys.readouterr().err.split())
    assert "error[OK6490] database-folder-missing" in told
    assert f"there is no folder {tmp_path / 'no' / 'such'} for the database x.db" in told
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("words", READING, ids=lambda words: words[0])
def test_a_command_that_reads_makes_no_database(shop, tmp_path, capsys, words):
    before = sorted(tmp_path.rglob("*"))
    command, *rest = words
    url = f"sqlite:///{tmp_path / 'x.db'}"
    assert run(command, shop, *(tmp_path / each for each in rest), "--database", url) == 1
    assert "error[OK6491] database-file-missing" in capsys.readouterr().err
    assert sorted(tmp_path.rglob("*")) == before


def test_migrate_makes_a_database_in_a_folder_that_is_there_and_in_its_own(shop, tmp_path):
    assert run("migrate", shop, "--database", f"sqlite:///{tmp_path / 'new.db'}") == 0
    assert (tmp_path / "new.db").is_file()
    shutil.rmtree(shop / "var")
    assert run("migrate", shop) == 0
    assert (shop / "var" / "app.db").is_file()


def test_a_backup_makes_no_folder_for_itself(shop, tmp_path, capsys):
    assert run("backup", shop, tmp_path / "not-mounted" / "a.tar") == 1
    assert "error[OK6492] backup-folder-missing" in capsys.readouterr().err
    assert not (tmp_path / "not-mounted").exists()


@pytest.mark.parametrize("words", [("backup", "a.tar"), ("doctor",)], ids=lambda words: words[0])
@pytest.mark.parametrize("asked", ["build", "."])
def test_who_names_the_other_of_project_and_build_is_told_which_has_the_data(
    shop, monkeypatch, capsys, words, asked
):
    has_it = "build" if asked == "." else "."
    if has_it == "build":
        (shop / "var").rename(shop / "build" / "var")
    monkeypatch.chdir(shop)
    command, *rest = words
    assert run(command, asked, *rest) == 1
    told = " ".join(capsys.readouterr().err.split())
    assert f"there is no database in {asked} " in told
    assert f"write `{has_it}` for DIR" in told
    assert run(command, has_it, *rest) == 0


def test_where_there_is_a_direct_way_to_the_database_migrate_and_backup_take_it(shop, tmp_path, monkeypatch):
    pooled, direct = tmp_path / "pooled.db", tmp_path / "direct.db"
    monkeypatch.setenv("ORDERKIT_DATABASE_URL", f"sqlite:///{pooled}")
    monkeypatch.setenv("ORDERKIT_DIRECT_DATABASE_URL", f"sqlite:///{direct}")
    assert run("migrate", shop) == 0
    assert direct.exists()
    assert not pooled.exists()
    assert run("backup", shop, tmp_path / "direct.tar") == 0
    assert run("backup", shop, tmp_path / "named.tar", "--database", f"sqlite:///{pooled}") == 1


@pytest.mark.parametrize(
    "words",
    [("build", "{shop}"), ("backup", "{shop}", "{shop}/b.tar"), ("restore", "{shop}/new", "{shop}/old.tar")],
)
def test_a_full_disk_is_told_with_code_place_and_remedy(shop, capsys, words):
    assert run("backup", shop, shop / "old.tar") == 0
    before = sorted(path.name for path in shop.iterdir())
    capsys.readouterr()
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, limit[1]))
    try:
        assert run(*(word.format(shop=shop) for word in words)) == 1
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    said = capsys.readouterr().err
    assert re.search(r"error\[OK647[13]\] ", said), said
    assert str(shop) in said
    assert "make room" in said or "disk" in said
    assert [name for name in sorted(path.name for path in shop.iterdir()) if name != "new"] == before
