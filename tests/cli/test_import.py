"""`orderkit import` and `orderkit demo` as a consultant uses them, on a small project that is built."""

import json
import shutil
import sqlite3
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from orderkit.cli import main

EMPTY = "empty.db"
FILES = {
    "orderkit.yaml": """\
project: shop
label: 商店
version: 1.0.0
locale: zh-CN
timezone: Asia/Shanghai
currency: CNY
""",
    "customer.yaml": """\
form: customer
label: {zh: 客户, en: Customer}
title: "{name}"
fields:
  code: {type: text, label: {zh: 编码, en: Code}, required: true, unique: true}
  name: {type: text, label: {zh: 名称, en: Name}, required: true}
  since: {type: date, label: {zh: 建立, en: Since}}
""",
    "order.yaml": """\
form: order
label: {zh: 订单, en: Order}
title: "{no}"
fields:
  no: {type: text, label: {zh: 单号, en: Number}, required: true, unique: true}
  customer: {type: ref, to: customer, label: {zh: 客户, en: Customer}, required: true}
  amount: {type: money, label: {zh: 金额, en: Amount}}
""",
    "life.yaml": """\
workflow: life
for: order
state: status
initial: open
states:
  open: {label: {zh: 进行中, en: Open}}
  review: {label: {zh: 审批, en: Review}, approval: check}
  done: {label: {zh: 完成, en: Done}, final: completed}
  lost: {label: {zh: 丢单, en: Lost}, final: cancelled}
transitions:
  place: {label: {zh: 下单, en: Place}, from: open, to: review, by: role(sales)}
  lose: {label: {zh: 丢单, en: Lose}, from: open, to: lost, by: role(sales), ask: [{field: reason, type: text, label: {zh: 原因, en: Reason}, required: true}]}
approvals:
  check:
    label: {zh: 审批, en: Check}
    approved: {to: done}
    rejected: {to: lost}
    steps: [{id: boss, label: {zh: 主管, en: Boss}, approvers: role(boss), mode: any}]
""",
    "roles.yaml": """\
role: sales
label: {zh: 销售, en: Sales}
forms:
  order: {create: true, read: true, update: true}
  customer: {read: true}
""",
    "boss.yaml": """\
role: boss
label: {zh: 主管, en: Boss}
forms: {order: {read: true}}
""",
    "orders.yaml": """\
import: orders
for: order
label: {zh: 订单, en: Orders}
match: [no]
columns: {no: 单号, customer.code: 客户, amount: 金额}
set: {customer.name: "=row['客户']"}
create_missing: [customer]
""",
    "seed.yaml": "seed: walk_in\nfor: customer\nmatch: [code]\nrows: [{code: WALKIN, name: 散客}]\n",
    "demo/1_people.story.yaml": """\
password: demo-password
people:
  ann: {name: 安, roles: sales, manager: bob}
  bob: {name: 博, roles: [boss, admin], department: 管理部}
imports: [{import: orders, files: demo/orders.csv}]
""",
    "demo/2_steps.story.yaml": """\
steps:
  - {day: -3, as: ann, create: order, name: first, set: {no: S1, customer: WALKIN, amount: "1,000"}}
  - {as: ann, do: place, on: first}
  - {day: -1, as: bob, approve: first, comment: 好}
  - {day: 0, as: ann, create: order, name: second, set: {no: S2, customer: 散客}}
  - {as: ann, do: lose, on: second, with: {reason: 价格}}
""",
    "demo/orders.csv": "单号,客户,金额\nI1,C1,10\nI2,C1,20.5\n",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """A built project, with an empty database that each test copies."""
    folder = tmp_path_factory.mktemp("shop")
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert run("build", folder) == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ORDERKIT_DATABASE_URL", f"sqlite:///{folder / EMPTY}")
        assert run("migrate", folder) == 0
    return folder


@pytest.fixture
def shop(built, tmp_path, monkeypatch) -> Path:
    shutil.copyfile(built / EMPTY, tmp_path / "app.db")
    monkeypatch.setenv("ORDERKIT_DATABASE_URL", f"sqlite:///{tmp_path / 'app.db'}")
    return built


def run(*words: object) -> int:
    with pytest.raises(SystemExit) as left:
        main(["--lang", "en", *map(str, words)])
    return left.value.code


def table(tmp_path: Path, *lines: str, name: str = "orders.csv") -> Path:
    path = tmp_path / name
    path.write_text("\n".join(("单号,客户,金额", *lines)) + "\n", encoding="utf-8")
    return path


def test_files_are_imported_through_the_mapping_of_the_form(shop, tmp_path, capsys):
    first, second = table(tmp_path, "A1,C1,1.50", "A2,C2,2"), table(tmp_path, "A3,C1,3", name="more.csv")
    assert run("import", "order", first, second, "--project", shop) == 0
    told = capsys.readouterr().out
    assert "orders.csv: 2 rows; created 2, updated 0, unchanged 0, customer +2" in told
    assert "more.csv: 1 rows; created 1, updated 0, unchanged 0\n" in told
    assert run("import", "order", first, "--project", shop) == 0
    assert "created 0, updated 0, unchanged 2" in capsys.readouterr().out


def test_a_dry_run_keeps_nothing(shop, tmp_path, capsys):
    path = table(tmp_path, "A1,C1,1")
    assert run("import", "orders", path, "--project", shop, "--dry-run") == 0
    assert "(dry run): 1 rows; would create 1" in capsys.readouterr().out
    assert run("import", "orders", path, "--project", shop) == 0
    assert "created 1" in capsys.readouterr().out


def test_a_template_is_written_and_filled(shop, tmp_path, capsys):
    path = tmp_path / "orders.xlsx"
    assert run("import", "orders", "--template", path, "--project", shop) == 0
    assert "wrote the template" in capsys.readouterr().out
    assert run("import", "orders", path, "--project", shop) == 1
    assert "there are no rows below the headings" in capsys.readouterr().err


def test_bad_cells_are_named_and_nothing_is_imported(shop, tmp_path, capsys):
    path = table(tmp_path, "A1,C1,1", "A2,C1,cheap", ",C1,3")
    assert run("import", "order", path, "--project", shop) == 1
    told = capsys.readouterr()
    assert "orders.csv C3 [金额] `cheap`: not a number (expected: a number such as 1,234.5)" in told.err
    assert "orders.csv A4 [单号]: " in told.err
    assert "orders.csv: 2 problems, nothing of it was imported" in told.err
    assert run("import", "order", path, "--project", shop, "--format", "json") == 1
    (result,) = json.loads(capsys.readouterr().out)
    assert (result["state"], [each["cell"] for each in result["problems"]]) == ("refused", ["C3", "A4"])


def test_good_rows_are_kept_bad_ones_come_back_and_all_is_taken_back(shop, tmp_path, capsys):
    path, refused = table(tmp_path, "A1,C1,1", "A2,C1,cheap"), tmp_path / "refused.xlsx"
    words = ("import", "orders", path, "--keep-good", "--refused", refused, "--project", shop)
    assert run(*words, "--dry-run") == 1
    assert "would create 1, update 0, leave 0, refuse 1 records (1 problems)" in capsys.readouterr().err
    assert run(*words) == 1
    told = capsys.readouterr()
    assert "created 1, updated 0, unchanged 0; refused 1 records" in told.err
    assert "wrote the 1 refused rows" in told.out
    assert refused.read_bytes()[:2] == b"PK"
    number = told.err.rsplit("--reverse ", 1)[1].split()[0]
    assert run("import", "orders", "--reverse", number, "--project", shop) == 0
    assert "is taken back" in capsys.readouterr().out
    assert run("import", "orders", "--reverse", number, "--project", shop) == 1
    assert "nothing that could be taken back" in capsys.readouterr().err


def test_only_an_import_that_broke_off_goes_on(shop, tmp_path, capsys):
    path = table(tmp_path, "A1,C1,1")
    assert run("import", "orders", path, "--project", shop) == 0
    assert run("import", "orders", path, "--resume", 1, "--project", shop) == 1
    assert "nothing to go on with" in capsys.readouterr().err


def test_an_import_goes_on_only_as_it_was_begun(shop, tmp_path, capsys, monkeypatch):
    path = table(tmp_path, "A1,C1,1", "A2,C1,cheap")

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("orderkit.engine.importing.run.commit_chunk", interrupted)
        refused = tmp_path / "refused.xlsx"
        more = ("--keep-good", "--dates", "dmy", "--refused", refused)
        assert run("import", "orders", path, *more, "--project", shop) != 0
    assert refused.read_bytes()[:2] == b"PK"
    words = ("import", "orders", path, "--resume", 1, "--project", shop)
    capsys.readouterr()
    for more, told in (
        (["--dry-run"], "others than --dry-run"),
        (["--dates", "mdy", "--sheet", "x", "--keep-good"], "others than --sheet, --dates"),
        (["--mapping", "order"], "not that with which this import began"),
    ):
        assert run(*words, *more) == 1
        assert told in " ".join(capsys.readouterr().err.split())
    assert run("import", "customer", path, "--resume", 1, "--project", shop) == 1
    assert "one of `orders`, not of `customer`" in capsys.readouterr().err
    assert run(*words) == 1
    assert "created 1, updated 0, unchanged 0; refused 1 records" in capsys.readouterr().err


def test_one_whose_process_was_killed_goes_on_after_a_while(shop, tmp_path, capsys, monkeypatch):
    """Nobody stops it on its page first: that the process is gone shows by itself."""
    path, count = table(tmp_path, *(f"A{number},C1,1" for number in range(3_000))), 3_000
    database = sqlite3.connect(tmp_path / "app.db", timeout=60)
    program = [sys.executable, "-c", "from orderkit.cli import main; main()"]
    command = [*program, "import", "orders", str(path), "--project", str(shop)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    done = 0
    while not done and process.poll() is None:
        time.sleep(0.02)
        (done,) = database.execute("SELECT coalesce(max(done), 0) FROM ok_import_run").fetchone()
    process.kill()
    process.wait()
    (state,) = database.execute("SELECT state FROM ok_import_run").fetchone()
    (written,) = database.execute('SELECT count(*) FROM "order"').fetchone()
    assert (state, 0 < written < count) == ("running", True)
    words = ("import", "orders", path, "--resume", 1, "--project", shop)
    assert run(*words) == 1
    assert "still under way" in " ".join(capsys.readouterr().err.split())
    monkeypatch.setattr("orderkit.engine.importing.transitions.LEASE", timedelta())
    assert run(*words) == 0
    numbers = database.execute('SELECT count(*), count(DISTINCT no) FROM "order"').fetchone()
    database.close()
    assert (f"created {count}" in capsys.readouterr().out, numbers) == (True, (count, count))


def test_the_rights_may_be_those_of_a_person(shop, tmp_path, capsys):
    assert run("import", "order", table(tmp_path, "A1,C1,1"), "--project", shop, "--as", "nobody") == 1
    assert "there is no user `nobody`" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["import", "orderz", "FILE", "--project", "SHOP"], 1, "there is no import or form `orderz`"),
        (["import", "order", "missing.csv", "--project", "SHOP"], 2, "missing.csv"),
        (["import", "order"], 2, "FILE"),
        (["import", "order", "FILE", "--template", "t.xlsx", "--project", "SHOP"], 2, "--template FILE"),
        (["import", "order", "FILE", "--project", "NOWHERE"], 1, "run `orderkit build"),
        (["import", "order", "FILE", "--project", "SHOP", "--format", "xml"], 2, "human or json"),
    ],
)
def test_wrong_use_is_answered_with_what_is_right(  # noqa: PLR0917 - fixtures, then the case
    shop, tmp_path, capsys, words, code, told
):
    places = {"SHOP": shop, "FILE": table(tmp_path, "A1,C1,1"), "NOWHERE": tmp_path}
    assert run(*(places.get(word, word) for word in words)) == code
    assert told in capsys.readouterr().err


def test_the_demo_makes_people_records_and_their_stories_once(shop, capsys):
    assert run("demo", shop) == 0
    told = capsys.readouterr().out
    assert "sample data: 1 files with 2 records, and 5 steps" in told
    assert [line.split()[:3] for line in told.splitlines() if "demo-password" in line] == [
        ["ann", "demo-password", "安"],
        ["bob", "demo-password", "博"],
    ]
    assert run("demo", shop) == 0
    again = capsys.readouterr()
    assert "the sample data is there already" in again.err
    assert "demo-password" in again.out


def test_a_step_that_cannot_be_taken_is_named(built, shop, capsys):
    wrong = built / "demo" / "3_wrong.story.yaml"
    wrong.write_text("steps: [{as: bob, do: place, on: first}]")
    try:
        assert run("demo", shop) == 1
    finally:
        wrong.unlink()
    assert "step 6 (first) failed: " in capsys.readouterr().err


def test_a_story_that_is_written_wrong_is_named(built, shop, capsys):
    wrong = built / "demo" / "3_wrong.story.yaml"
    wrong.write_text("steps: [{as: bob, jump: high}]\n")
    try:
        assert run("demo", shop) == 1
    finally:
        wrong.unlink()
    told = capsys.readouterr().err
    assert "3_wrong.story.yaml: steps.0" in told
    assert run("demo", shop) == 0


def test_migrating_brings_the_seeds(built, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("ORDERKIT_DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    assert run("migrate", built) == 0
    assert "seeds: created 1, updated 0" in capsys.readouterr().out
    assert run("migrate", built) == 0
    assert "seeds" not in capsys.readouterr().out


OLD = "客户编号,名字,建档日期,积分\nK01,晨光,2026-03-01,5\nK02,远航,2026-04-01,8\n"


class TestColumns:
    def _file(self, tmp_path: Path) -> Path:
        path = tmp_path / "old.csv"
        path.write_text(OLD, encoding="utf-8")
        return path

    def test_a_mapping_is_proposed_told_written_and_used(self, shop, tmp_path, capsys):
        path, saved = self._file(tmp_path), tmp_path / "old_customers.yaml"
        words = ("import", "customer", path, "--project", shop, "--save-mapping", saved)
        assert run(*words, "--column", "建档日期=since", "--dry-run") == 0
        told = capsys.readouterr()
        assert "客户编号 → code (like `Code`)" in told.err
        assert "建档日期 → since (--column)" in told.err
        assert "not imported: 积分" in told.err
        assert "(dry run): 2 rows; would create 2" in told.out
        assert saved.read_text(encoding="utf-8") == (
            "import: old_customers\n"
            "for: customer\n"
            'label: {zh: "客户", en: "Customer"}\n'
            "match: [code]\n"
            "columns:\n"
            "  code: 客户编号\n"
            "  name: 名字\n"
            "  since: 建档日期\n"
        )

    def test_a_file_is_written_over_only_when_that_is_wanted(self, shop, tmp_path, capsys):
        path, saved = self._file(tmp_path), tmp_path / "old_customers.yaml"
        saved.write_text("mine", encoding="utf-8")
        words = ("import", "customer", path, "--project", shop, "--save-mapping", saved, "--dry-run")
        assert run(*words) == 1
        assert "add --force" in capsys.readouterr().err
        assert saved.read_text(encoding="utf-8") == "mine"
        assert run(*words, "--force") == 0
        assert saved.read_text(encoding="utf-8").startswith("import: old_customers\n")

    def test_without_keeping_it_nothing_is_read_that_is_only_alike(self, shop, tmp_path, capsys):
        path = self._file(tmp_path)
        words = ("import", "customer", path, "--project", shop)
        assert run(*words, "--column", "客户编号=code") == 1
        assert "not imported: 名字, 建档日期, 积分" in capsys.readouterr().err
        assert run(*words, "--column", "客户编号=code", "--column", "名字=name") == 0
        assert "created 2" in capsys.readouterr().out

    def test_a_heading_that_is_not_there_and_a_field_that_is_not_are_named(self, shop, tmp_path, capsys):
        words = ("import", "customer", self._file(tmp_path), "--project", shop)
        assert run(*words, "--column", "编号=code") == 1
        assert "the file has no heading `编号`" in capsys.readouterr().err
        assert run(*words, "--column", "客户编号=colour") == 1
        assert "there is no field `colour` to be filled" in capsys.readouterr().err
        assert run(*words, "--column", "客户编号") == 2

    def test_an_import_with_rules_is_not_written_anew(self, shop, tmp_path, capsys):
        path, saved = table(tmp_path, "A1,C1,1"), tmp_path / "more.yaml"
        assert run("import", "orders", path, "--project", shop, "--save-mapping", saved, "--dry-run") == 1
        assert "has rules of its own (customer.name)" in capsys.readouterr().err
        assert not saved.exists()
