"""`orderkit build` and `orderkit migrate` as a consultant uses them."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from orderkit.cli import main

ROOT = """\
project: shop
label: 商店
version: 1.0.0
locale: zh-CN
timezone: Asia/Shanghai
currency: CNY
"""
CUSTOMER = """\
form: customer
label: {zh: 客户, en: Customer}
fields:
  name: {type: text, label: 名称, required: true}
"""


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    monkeypatch.delenv("ORDERKIT_DATABASE_URL", raising=False)
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "orderkit.yaml").write_text(ROOT)
    (folder / "customer.yaml").write_text(CUSTOMER)
    return folder


def run(*words: object) -> int:
    with pytest.raises(SystemExit) as left:
        main(["--lang", "en", *map(str, words)])
    return left.value.code


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_the_first_build_writes_a_migration_and_the_artifact(project, capsys):
    assert run("build", project) == 0
    told = capsys.readouterr().out
    assert "new migration migrations/versions/0001_initial.py" in told
    assert "create table customer" in told
    assert (project / "build" / "model.json").is_file()


def test_building_again_changes_no_byte(project, capsys):
    run("build", project)
    before = files(project)
    assert run("build", project) == 0
    assert files(project) == before
    assert "the tables are as they were" in capsys.readouterr().out


def test_migrating_makes_the_database_and_is_idempotent(project, capsys):
    run("build", project)
    assert run("migrate", project) == 0
    assert (project / "var" / "app.db").is_file()
    capsys.readouterr()
    assert run("migrate", project) == 0
    assert "up to date" in capsys.readouterr().out


def test_a_changed_form_leads_to_a_second_revision(project, capsys):
    run("build", project)
    run("migrate", project)
    (project / "customer.yaml").write_text(CUSTOMER + "  phone: {type: text, label: 电话, required: true}\n")
    capsys.readouterr()
    assert run("build", project) == 0
    told = capsys.readouterr()
    assert "add column customer.phone" in told.out
    assert "customer.phone is new and required" in told.err
    assert run("migrate", project) == 0


def test_ci_refuses_a_change_whose_migration_was_not_committed(project, capsys):
    assert run("build", project, "--check") == 1
    run("build", project)
    assert run("build", project, "--check") == 0
    before = files(project)
    (project / "customer.yaml").write_text(CUSTOMER + "  phone: {type: text, label: 电话}\n")
    capsys.readouterr()
    assert run("build", project, "--check") == 1
    told = capsys.readouterr().err
    assert "OK6494" in told
    assert "revision 0002, which is not in `migrations/`" in told
    assert {name for name in files(project) if name not in before} == set()
    assert files(project)["build/model.json"] == before["build/model.json"]
    assert run("build", project, "--check", "--allow-drop", "customer.name") == 2


def test_a_field_that_goes_is_refused_and_nothing_is_written(project, capsys):
    (project / "customer.yaml").write_text(CUSTOMER + "  phone: {type: text, label: 电话}\n")
    run("build", project)
    before = files(project)
    (project / "customer.yaml").write_text(CUSTOMER)
    capsys.readouterr()
    assert run("build", project) == 1
    told = capsys.readouterr().err
    assert "the field phone of customer is gone" in told
    assert "renamed_from: phone" in told
    assert {name: data for name, data in files(project).items() if name != "customer.yaml"} == {
        name: data for name, data in before.items() if name != "customer.yaml"
    }


def test_a_wrong_project_is_not_built(project, capsys):
    (project / "customer.yaml").write_text(CUSTOMER.replace("type: text", "type: txt"))
    assert run("build", project) == 1
    told = capsys.readouterr()
    assert "customer.yaml:4" in told.err + told.out
    assert not (project / "build").exists()
    assert not (project / "migrations").exists()


def test_a_folder_that_is_not_there_is_told(tmp_path, capsys):
    assert run("build", tmp_path / "nowhere") == 1
    assert "is not a folder" in capsys.readouterr().err


def test_migrating_before_building_is_told(tmp_path, capsys):
    assert run("migrate", tmp_path) == 1
    assert "orderkit build" in capsys.readouterr().err


def test_a_database_of_another_project_is_refused(project, tmp_path, capsys):
    run("build", project)
    run("migrate", project)
    other = tmp_path / "other"
    other.mkdir()
    (other / "orderkit.yaml").write_text(ROOT.replace("shop", "another"))
    (other / "customer.yaml").write_text(CUSTOMER)
    run("build", other)
    assert run("migrate", other, "--database", f"sqlite:///{project}/var/app.db") == 1
    assert "belongs to the project shop" in capsys.readouterr().err


def test_the_environment_names_the_database(project, tmp_path, monkeypatch):
    run("build", project)
    monkeypatch.setenv("ORDERKIT_DATABASE_URL", f"sqlite:///{tmp_path}/elsewhere.db")
    assert run("migrate", project) == 0
    assert (tmp_path / "elsewhere.db").is_file()
    assert not (project / "var").exists()


def test_migrating_goes_back_to_a_revision_and_forward_again(project, capsys):
    run("build", project)
    run("migrate", project)
    (project / "customer.yaml").write_text(CUSTOMER + "  phone: {type: text, label: 电话}\n")
    run("build", project)
    run("migrate", project)
    capsys.readouterr()
    assert run("migrate", project, "--to", "0001") == 0
    assert "0002 undone" in capsys.readouterr().err
    assert run("migrate", project) == 0
    assert "migrated 1 steps" in capsys.readouterr().out
    assert run("migrate", project, "--to", "0009") == 1
    assert "error[OK6313] unknown-revision: there is no revision 0009" in capsys.readouterr().err


def test_ctrl_c_ends_a_migration_between_two_steps(project, capsys):
    run("build", project)
    # The key is pressed while the first revision runs.
    script = project / "build" / "migrations" / "versions" / "0001_initial.py"
    head = "def upgrade() -> None:\n"
    pressed = f"{head}    import os, signal\n    os.kill(os.getpid(), signal.SIGINT)\n"
    text = script.read_text(encoding="utf-8")
    script.write_text(text.replace(head, pressed), encoding="utf-8")
    script.with_name("0002_next.py").write_text(
        'revision = "0002"\ndown_revision = "0001"\nbranch_labels = None\ndepends_on = None\n'
        "def upgrade() -> None: ...\n",
        encoding="utf-8",
    )
    assert run("migrate", project) == 1
    told = capsys.readouterr().err
    assert "finishing the step that runs" in told
    assert "run `orderkit migrate` again to go on" in told
    script.write_text(text, encoding="utf-8")
    assert run("migrate", project) == 0


class TestWhatMayGo:
    """What is gone from the YAML goes from the database only when somebody says so."""

    @pytest.fixture
    def without_name(self, project) -> Path:
        run("build", project)
        run("migrate", project)
        (project / "customer.yaml").write_text(CUSTOMER.replace("name:", "title:"))
        return project

    def test_it_is_refused_with_its_code_and_every_remedy(self, without_name, capsys):
        before = files(without_name)
        assert run("build", without_name) == 1
        told = capsys.readouterr().err
        assert "error[OK6102] dropped-field" in told
        for remedy in ("renamed_from: name", "moved_from: customer.name", "--allow-drop customer.name"):
            assert remedy in told
        assert files(without_name) == before

    def test_what_is_allowed_is_kept_in_a_shadow_table(self, without_name, capsys):
        capsys.readouterr()
        assert run("build", without_name, "--allow-drop", "customer.name") == 0
        told = capsys.readouterr()
        assert "retire column customer.name" in told.out
        assert "90 days" in told.err
        assert run("migrate", without_name) == 0

    def test_what_is_still_there_is_named_with_its_place(self, project, capsys):
        run("build", project)
        assert run("build", project, "--allow-drop", "customer.name") == 1
        told = capsys.readouterr().err
        assert "error[OK6104] drop-still-used" in told
        assert "customer.yaml:4" in told


def test_two_branches_become_one_line(project, tmp_path, capsys):
    run("build", project)
    other = tmp_path / "other"
    shutil.copytree(project, other)
    for folder, field in ((project, "phone"), (other, "email")):
        (folder / "customer.yaml").write_text(f"{CUSTOMER}  {field}: {{type: text, label: x}}\n")
        run("build", folder)
    theirs = next((other / "migrations" / "versions").glob("0002_*"))
    shutil.copy(theirs, project / "migrations" / "versions")
    both = "".join(f"  {field}: {{type: text, label: x}}\n" for field in ("phone", "email"))
    (project / "customer.yaml").write_text(CUSTOMER + both)
    capsys.readouterr()
    assert run("build", project) == 1
    assert "error[OK6200] two-revisions-of-one-number" in capsys.readouterr().err
    assert run("build", project, "--rebase") == 0
    told = capsys.readouterr().out
    assert f"took away migrations/versions/{theirs.name}" in told
    assert "new migration migrations/versions/0003_add_column_customer_email.py" in told
    assert run("migrate", project) == 0


def order(*fields: str) -> str:
    return "form: order\nlabel: Order\nfields:\n" + "".join(f"  {each}\n" for each in fields)


def told_by(capsys, *words: object) -> str:
    capsys.readouterr()
    assert run(*words) == 1
    told = capsys.readouterr()
    return told.out + told.err


def database(project: Path) -> sqlite3.Connection:
    return sqlite3.connect(project / "var" / "app.db", isolation_level=None)


def insert(project: Path, **values: object) -> None:
    made = {
        "created_at": "2026-01-01 00:00:00",
        "updated_at": "2026-01-01 00:00:00",
        "revision": 1,
        **values,
    }
    marks = ", ".join("?" * len(made))
    with closing(database(project)) as connection:
        connection.execute(f'INSERT INTO "order" ({", ".join(made)}) VALUES ({marks})', tuple(made.values()))


def bring(project: Path, *fields: str) -> None:
    (project / "order.yaml").write_text(order(*fields))
    assert run("build", project) == 0


class TestGoingBack:
    """What the newer revisions made room for goes for good, so that somebody has to say so."""

    @pytest.fixture
    def grown(self, project, capsys) -> Path:
        bring(project, "memo: {type: text}")
        bring(project, "memo: {type: text}", "hint: {type: text}", "urgent: {type: boolean}")
        bring(
            project,
            "memo: {type: text}",
            "remark: {type: text, renamed_from: hint}",
            "urgent: {type: boolean}",
        )
        run("migrate", project)
        capsys.readouterr()
        return project

    def test_values_that_would_go_are_named_and_nothing_is_undone(self, grown, capsys):
        insert(grown, memo="m", remark="r", urgent=False)
        told = told_by(capsys, "migrate", grown, "--to", "0001")
        assert "error[OK6350] going-back-loses-data" in told
        assert "order.remark: 1 value" in told
        assert "urgent" not in told
        with closing(database(grown)) as connection:
            assert connection.execute('SELECT memo, remark FROM "order"').fetchall() == [("m", "r")]

    def test_a_table_with_rows_is_named_as_a_whole(self, grown, capsys):
        insert(grown, memo="m", remark="r", urgent=False)
        told = told_by(capsys, "migrate", grown, "--to", "0000")
        assert "order: the whole table, 1 row\n" in told
        assert "order.remark" not in told

    def test_who_allows_the_loss_goes_back(self, grown):
        insert(grown, memo="m", remark="r", urgent=False)
        assert run("migrate", grown, "--to", "0001", "--allow-loss") == 0
        with closing(database(grown)) as connection:
            assert connection.execute('SELECT memo FROM "order"').fetchall() == [("m",)]

    def test_without_values_nothing_is_asked(self, grown):
        insert(grown, memo="m", remark=None, urgent=False)
        assert run("migrate", grown, "--to", "0001") == 0


def test_a_build_of_another_history_at_the_same_number_is_refused(project, capsys):
    bring(project, "memo: {type: text}")
    bring(project, "memo: {type: text}", "hint: {type: text}")
    run("migrate", project)
    shutil.rmtree(project / "migrations")
    bring(project, "memo: {type: text}")
    bring(project, "memo: {type: text}", "price: {type: money}")
    assert "error[OK6706]" in told_by(capsys, "migrate", project)
    assert "error[OK6706]" in told_by(capsys, "migrate", project, "--to", "0001")


@pytest.mark.parametrize("target", ["²", "abc", "-1", "9"])
def test_a_revision_that_there_is_not_is_told(project, capsys, target):
    run("build", project)
    assert "error[OK6313]" in told_by(capsys, "migrate", project, "--to", target)


def test_rows_for_which_a_formula_has_no_value_are_named(project, capsys):
    bring(project, "count: {type: integer}", "per: {type: integer}")
    run("migrate", project)
    for count, per in ((1, 0), (10, 4), (999_999_999_999_999_999, 1), (None, 1)):
        insert(project, count=count, per=per)
    bring(
        project,
        "count: {type: integer}",
        "per: {type: integer}",
        'each: {type: decimal, scale: 2, compute: "count / per"}',
    )
    told = told_by(capsys, "migrate", project)
    assert "error[OK6351] formula-without-value: order.each: `count / per` has no value" in told
    assert "for #3\n" in told
    assert "0002" not in told, "nothing of what was rolled back is told as done"
    with closing(database(project)) as connection:
        connection.execute('DELETE FROM "order" WHERE id = 3')
    assert run("migrate", project) == 0
    with closing(database(project)) as connection:
        assert connection.execute('SELECT each FROM "order"').fetchall() == [(None,), (250,), (None,)]


def test_a_computed_field_takes_another_type_without_casting_what_its_formula_gives(project):
    bring(project, "count: {type: integer}", 'third: {type: decimal, scale: 2, compute: "count / 3"}')
    run("migrate", project)
    insert(project, count=10, third=333)
    bring(project, "count: {type: integer}", 'third: {type: integer, compute: "round(count / 3)"}')
    assert run("migrate", project) == 0
    with closing(database(project)) as connection:
        assert connection.execute('SELECT third FROM "order"').fetchall() == [(3,)]
    assert run("migrate", project, "--to", "0001") == 0
    with closing(database(project)) as connection:
        assert connection.execute('SELECT third FROM "order"').fetchall() == [(333,)]


def test_a_value_that_does_not_fit_is_shown_as_people_know_it(project, capsys):
    bring(project, "weight: {type: decimal, scale: 4}")
    run("migrate", project)
    insert(project, weight=12345)
    bring(project, "weight: {type: decimal, scale: 2}")
    told = told_by(capsys, "migrate", project)
    assert "order.weight: 1 row that cannot become decimal(2) without loss: #1 (1.2345)" in told


def test_a_revision_is_called_after_what_somebody_changed(project):
    bring(project, "memo: {type: text}")
    (project / "order.yaml").unlink()
    (project / "sale.yaml").write_text(
        order("memo: {type: text}").replace("order", "sale") + "renamed_from: order\n"
    )
    assert run("build", project) == 0
    assert (project / "migrations" / "versions" / "0002_rename_table_order_to_sale_and_more.py").is_file()


def test_a_folder_with_spaces_and_chinese_letters_is_told_as_it_is_called(tmp_path, capsys):
    folder = tmp_path / "我的 项目"
    assert run("new", folder) == 0
    assert f'orderkit build "{folder}" && orderkit migrate "{folder}"' in capsys.readouterr().err
    run("build", folder)
    capsys.readouterr()
    assert run("migrate", folder) == 0
    assert f"sqlite:///{folder}/var/app.db" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("url", "code"),
    [
        pytest.param("postgresql://u:p@127.0.0.1:1/x", "OK6352", id="a server that does not answer"),
        pytest.param("sqlite:///{folder}", "OK6355", id="a folder"),
        pytest.param("sqlite:///{folder}/plain.txt", "OK6357", id="a file that is no database"),
    ],
)
@pytest.mark.parametrize("command", ["migrate", "serve", "doctor"])
def test_a_database_that_cannot_be_used_is_told_by_a_code(project, capsys, url, code, command):
    run("build", project)
    (project / "plain.txt").write_text("no database at all\n" * 100)
    assert f"error[{code}]" in told_by(capsys, command, project, "--database", url.format(folder=project))
