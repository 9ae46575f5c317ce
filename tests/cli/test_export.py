"""`orderkit export` as a consultant uses it: whole files or none, with somebody's rights, noted in the audit."""

import json
import sqlite3
from contextlib import closing

from tests.cli.test_import import built, run, shop, table

__all__ = ["built", "shop"]


def test_what_is_exported_changes_nothing_when_it_is_imported(shop, tmp_path, capsys):
    assert run("import", "order", table(tmp_path, "A1,C1,1.50", "A2,C2,2"), "--project", shop) == 0
    for ending in ("xlsx", "csv"):
        path = tmp_path / f"out.{ending}"
        assert run("export", "order", path, "--project", shop) == 0
        assert f"wrote 2 rows to {path}" in capsys.readouterr().out
        assert run("import", "order", path, "--project", shop) == 0
        assert "created 0, updated 0, unchanged 2" in capsys.readouterr().out
    assert run("export", "order", tmp_path / "out.json", "--project", shop) == 0
    found = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert [(each["no"], each["amount"], each["_titles"]["customer"]) for each in found] == [
        ("A1", "1.50", "C1"),
        ("A2", "2.00", "C2"),
    ]
    with closing(sqlite3.connect(tmp_path / "app.db")) as database:
        noted = database.execute("SELECT count(*) FROM ok_audit WHERE form = 'ok_export'").fetchone()
    assert noted == (3,)


def test_a_file_that_is_there_or_of_no_known_kind_is_not_written(shop, tmp_path, capsys):
    path = tmp_path / "out.csv"
    path.write_text("mine", encoding="utf-8")
    assert run("export", "order", path, "--project", shop) == 2
    assert "--force replaces it" in capsys.readouterr().err
    assert path.read_text("utf-8") == "mine"
    assert run("export", "order", tmp_path / "out.pdf", "--project", shop) == 2
    assert ".xlsx, .csv, .json" in capsys.readouterr().err
    assert run("export", "order", tmp_path / "nowhere" / "out.csv", "--project", shop) == 1
    assert "out.csv cannot be written: No such file or directory" in capsys.readouterr().err


def test_what_cannot_be_exported_leaves_no_file(shop, tmp_path, capsys):
    assert run("export", "nothing", tmp_path / "out.csv", "--project", shop) == 1
    capsys.readouterr()
    assert run("user", "create", "sally", "--name", "Sally", "--role", "sales", "--project", shop) == 0
    capsys.readouterr()
    assert run("export", "order", tmp_path / "out.csv", "--project", shop, "--as", "sally") == 1
    assert "export" in capsys.readouterr().err
    assert [each.name for each in tmp_path.iterdir() if "out" in each.name] == []
