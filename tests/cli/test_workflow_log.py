"""`orderkit workflow log` as a consultant uses it: whole files or none, of a period, noted in the audit."""

import csv
import sqlite3
from contextlib import closing

from tests.cli.test_import import built, run, shop, table
from tests.support.xes import faults

__all__ = ["built", "shop"]


def test_a_log_is_written_whole_in_both_formats(shop, tmp_path, capsys):
    assert run("import", "order", table(tmp_path, "A1,C1,1.50", "A2,C2,2"), "--project", shop) == 0
    assert run("workflow", "log", "life", tmp_path / "log.xes", "--project", shop) == 0
    assert f"wrote 2 events to {tmp_path / 'log.xes'}" in capsys.readouterr().out
    assert faults(tmp_path / "log.xes") == ()
    assert run("workflow", "log", "life", tmp_path / "log.csv", "--project", shop) == 0
    with (tmp_path / "log.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [each["target"] for each in csv.DictReader(file)] == ["open", "open"]
    past = ("--period", "2001", "--force")
    assert run("workflow", "log", "life", tmp_path / "log.csv", "--project", shop, *past) == 0
    assert "wrote 0 events" in capsys.readouterr().out
    with closing(sqlite3.connect(tmp_path / "app.db")) as database:
        noted = database.execute("SELECT count(*) FROM ok_audit WHERE form = 'ok_export'").fetchone()
    assert noted == (3,)


def test_what_cannot_be_written_is_refused_and_nothing_is_left(shop, tmp_path, capsys):
    (tmp_path / "mine.csv").write_text("mine", encoding="utf-8")
    for words, code, said in (
        (("life", tmp_path / "mine.csv"), 2, "--force replaces it"),
        (("life", tmp_path / "log.pdf"), 2, ".csv, .xes"),
        (("life", tmp_path / "log.csv", "--period", "whenever"), 2, "`whenever` is no period"),
        (("nothing", tmp_path / "log.csv"), 1, "there is no workflow `nothing`"),
        (("life", tmp_path / "nowhere" / "log.csv"), 1, "cannot be written"),
    ):
        assert run("workflow", "log", *words, "--project", shop) == code, words
        assert said in capsys.readouterr().err, words
    assert (tmp_path / "mine.csv").read_text("utf-8") == "mine"
    assert not list(tmp_path.glob(".log*"))
