"""`orderkit plan` as a consultant and a pipeline use it: against the last build, git and an artifact."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from orderkit.cli import main
from tests.architecture.repository import ROOT

PROJECT = """\
project: shop
label: {zh: 商店, en: Shop}
version: 1.0.0
locale: zh-CN
timezone: Asia/Shanghai
currency: CNY
"""
CUSTOMER = """\
form: customer
label: {zh: 客户, en: Customer}
fields:
  name: {type: text, label: {zh: 名称, en: Name}, required: true}
  phone: {type: text, label: {zh: 电话, en: Phone}}
"""
FAX = "  fax: {type: text, label: {zh: 传真, en: Fax}}\n"
SCHEMA = Draft202012Validator(json.loads((ROOT / "schemas" / "plan.json").read_text(encoding="utf-8")))
GIT = shutil.which("git")


@pytest.fixture
def shop(tmp_path, monkeypatch) -> Path:
    monkeypatch.delenv("ORDERKIT_DATABASE_URL", raising=False)
    folder = tmp_path / "repository" / "shop"
    folder.mkdir(parents=True)
    (folder / "orderkit.yaml").write_text(PROJECT, encoding="utf-8")
    (folder / "客户.yaml").write_text(CUSTOMER, encoding="utf-8")
    return folder


def run(*words: object) -> int:
    with pytest.raises(SystemExit) as left:
        main(["--lang", "en", *map(str, words)])
    return left.value.code


def git(folder: Path, *words: str) -> None:
    assert GIT is not None, "these tests need git"
    who = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
    subprocess.run([GIT, *who, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def in_git(shop) -> Path:
    git(shop.parent, "init", "-q", "-b", "main")
    git(shop.parent, "add", ".")
    git(shop.parent, "commit", "-q", "-m", "first")
    return shop


def add_fax(shop: Path) -> None:
    (shop / "客户.yaml").write_text(CUSTOMER + FAX, encoding="utf-8")


def test_before_the_first_build_everything_is_new(shop, capsys):
    assert run("plan", shop) == 0
    told = capsys.readouterr().out
    assert "compared with nothing (there was no build yet)" in told
    assert "+ new form `customer` (Customer)" in told


def test_after_a_build_nothing_changes_until_something_does(shop, capsys):
    run("build", shop)
    capsys.readouterr()
    assert run("plan", shop, "--check") == 0
    assert capsys.readouterr().out.startswith("shop: nothing changes\ncompared with the last build ")
    add_fax(shop)
    before = {path: path.read_bytes() for path in shop.rglob("*") if path.is_file()}
    assert run("plan", shop, "--check") == 3
    assert "+ new field `customer.fax` (Fax)" in capsys.readouterr().out
    assert run("plan", shop) == 0
    assert {path: path.read_bytes() for path in shop.rglob("*") if path.is_file()} == before


def test_a_change_that_leaves_the_tables_alone_is_no_news_once_it_is_built(shop, capsys):
    run("build", shop)
    (shop / "客户.yaml").write_text(CUSTOMER.replace("en: Phone", "en: Telephone"), encoding="utf-8")
    assert run("plan", shop, "--check") == 3
    run("build", shop)
    assert len(list((shop / "migrations" / "versions").glob("*.py"))) == 1
    assert run("plan", shop, "--check") == 0
    shutil.rmtree(shop / "build")
    capsys.readouterr()
    assert run("plan", shop, "--check") == 3
    assert "compared with migration 0001" in capsys.readouterr().out


def test_what_is_refused_comes_last_and_the_rest_is_shown(shop, capsys):
    run("build", shop)
    text = CUSTOMER.replace("  phone: {type: text, label: {zh: 电话, en: Phone}}\n", FAX)
    (shop / "客户.yaml").write_text(text, encoding="utf-8")
    capsys.readouterr()
    assert run("plan", shop, "--check") == 1
    told = capsys.readouterr().out
    assert told.index("new field `customer.fax`") < told.index("REFUSED") < told.rindex("phone")


def test_an_artifact_is_compared_with_what_is_written_now(shop, capsys):
    run("build", shop)
    add_fax(shop)
    capsys.readouterr()
    for artifact in (shop / "build", shop):
        assert run("plan", shop, "--against", artifact) == 0
        told = capsys.readouterr().out
        assert "compared with artifact" in told
        assert "new field `customer.fax`" in told


def test_a_migration_is_compared_with_what_is_written_now(in_git, capsys):
    run("build", in_git)
    add_fax(in_git)
    run("build", in_git)
    capsys.readouterr()
    assert run("plan", in_git, "--against", "0001", "--check") == 3
    told = capsys.readouterr().out
    assert "compared with migration 0001" in told
    assert "new field `customer.fax`" in told
    assert run("plan", in_git, "--against", "0002", "--check") == 0
    assert run("plan", in_git, "--against", "0003") == 1
    assert "OK6502" in capsys.readouterr().err


def test_a_git_revision_is_read_without_a_checkout(in_git, capsys):
    add_fax(in_git)
    assert run("plan", in_git, "--against", "HEAD") == 0
    told = capsys.readouterr().out
    assert "compared with git HEAD (" in told
    assert "new field `customer.fax`" in told
    git(in_git.parent, "add", ".")
    git(in_git.parent, "commit", "-q", "-m", "second")
    assert run("plan", in_git, "--against", "HEAD", "--check") == 0
    assert run("plan", in_git, "--against", "main~1", "--check") == 3


def test_a_revision_from_before_the_project_counts_as_nothing(in_git, capsys):
    other = in_git.parent / "other"
    shutil.copytree(in_git, other)
    assert run("plan", other, "--against", "HEAD") == 0
    assert "new form `customer`" in capsys.readouterr().out


@pytest.mark.parametrize("revision", ["no-such", "--help", "HEAD:shop", "-"])
def test_an_unknown_revision_is_refused_with_a_code(in_git, capsys, revision):
    assert run("plan", in_git, f"--against={revision}") == 1
    assert "error[OK6502] no-such-revision" in capsys.readouterr().err


def test_outside_a_repository_there_is_no_revision(shop, capsys, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(shop.parent))
    assert run("plan", shop, "--against", "main") == 1
    assert "error[OK6501] git-not-there" in capsys.readouterr().err


def test_without_git_an_artifact_still_serves(shop, capsys, monkeypatch):
    run("build", shop)
    monkeypatch.setenv("PATH", "")
    capsys.readouterr()
    assert run("plan", shop, "--against", "main") == 1
    assert "error[OK6501] git-not-there" in capsys.readouterr().err
    assert run("plan", shop, "--against", shop / "build") == 0


def test_a_shallow_clone_says_how_to_fetch_the_rest(in_git, tmp_path, capsys):
    add_fax(in_git)
    git(in_git.parent, "commit", "-q", "-a", "-m", "second")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth", "1", in_git.parent.as_uri(), str(clone))
    assert run("plan", clone / "shop", "--against", "HEAD~1") == 1
    told = capsys.readouterr().err
    assert (
        "error[OK6503] shallow-clone: the history of this shallow clone does not go back to `HEAD~1`" in told
    )
    assert "git fetch --unshallow" in told
    assert run("plan", clone / "shop", "--against", "HEAD", "--check") == 0
    git(clone, "fetch", "-q", "--unshallow")
    assert run("plan", clone / "shop", "--against", "HEAD~1", "--check") == 3


@pytest.mark.parametrize(
    ("revision", "told"),
    [
        ("0123abc", ("OK6503", "older than what was fetched", "git fetch --unshallow", "mistyped")),
        ("a" * 40, ("OK6503", "older than what was fetched", "mistyped")),
        ("mian", ("OK6502", "mistyped", "git branch -a", "did not fetch it", "git fetch --unshallow")),
        ("mian~1", ("OK6502", "mistyped", "did not fetch it")),
        ("origin/other", ("OK6502", "mistyped", "git fetch origin BRANCH:refs/remotes/origin/BRANCH")),
    ],
)
def test_a_name_that_a_shallow_clone_does_not_know_is_told_with_both_possibilities(
    in_git, tmp_path, capsys, revision, told
):
    git(in_git.parent, "branch", "other")
    add_fax(in_git)
    git(in_git.parent, "commit", "-q", "-a", "-m", "second")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth", "1", in_git.parent.as_uri(), str(clone))
    assert run("plan", clone / "shop", "--against", revision) == 1
    said = " ".join(capsys.readouterr().err.split())
    assert all(each in said for each in told), said


def test_the_remedy_for_a_branch_that_a_shallow_clone_lacks_brings_it(in_git, tmp_path):
    git(in_git.parent, "branch", "other")
    add_fax(in_git)
    git(in_git.parent, "commit", "-q", "-a", "-m", "second")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth", "1", in_git.parent.as_uri(), str(clone))
    git(clone, "fetch", "-q", "--unshallow")
    git(clone, "fetch", "-q", "origin", "other:refs/remotes/origin/other")
    assert run("plan", clone / "shop", "--against", "origin/other", "--check") == 3


def test_a_revision_with_errors_is_named_with_its_first_one(in_git, capsys):
    (in_git / "客户.yaml").write_text(CUSTOMER.replace("type: text", "type: txt"), encoding="utf-8")
    git(in_git.parent, "commit", "-q", "-a", "-m", "broken")
    add_fax(in_git)
    assert run("plan", in_git, "--against", "HEAD") == 1
    told = capsys.readouterr().err
    assert "error[OK6504] old-state-has-errors" in told
    assert "客户.yaml:4" in told


def test_errors_of_today_are_shown_as_check_shows_them(shop, capsys):
    (shop / "客户.yaml").write_text(CUSTOMER.replace("type: text", "type: txt"), encoding="utf-8")
    assert run("plan", shop) == 1
    assert "error[OK2101]" in capsys.readouterr().err


def test_json_is_what_its_schema_says(shop, capsys):
    run("build", shop)
    text = CUSTOMER.replace("  phone: {type: text, label: {zh: 电话, en: Phone}}\n", FAX)
    (shop / "客户.yaml").write_text(text, encoding="utf-8")
    capsys.readouterr()
    assert run("plan", shop, "--format", "json") == 1
    document = json.loads(capsys.readouterr().out)
    SCHEMA.validate(document)
    assert document["version"] == 1
    assert document["against"].startswith("the last build ")
    assert document["counts"]["destructive"] >= 1
    assert document["refusals"][0]["path"] == "customer.phone"
    assert ("customer.fax", "added") in {(each["subject"], each["manner"]) for each in document["entries"]}


def test_markdown_is_a_comment_for_a_pull_request(shop, capsys):
    run("build", shop)
    (shop / "客户.yaml").write_text(
        CUSTOMER.replace("en: Phone", 'en: "@boss | <b>x</b> `y`"') + FAX, encoding="utf-8"
    )
    capsys.readouterr()
    assert run("plan", shop, "--format", "markdown") == 0
    told = capsys.readouterr().out
    first, *rest = told.splitlines()
    assert first.startswith("**orderkit plan · shop** · ")
    assert told.count("<details") == told.count("</details>") >= 1
    assert "@" not in told
    assert "<b>" not in told
    cells = {len(line.replace("\\|", "").split("|")) for line in rest if line.startswith("|")}
    assert cells == {6}
    assert run("--lang", "zh", "plan", shop, "--format", "markdown") == 0
    assert "<summary>安全" in capsys.readouterr().out


def test_sql_is_shown_for_the_dialects_that_are_asked_for(shop, capsys):
    run("build", shop)
    add_fax(shop)
    capsys.readouterr()
    assert run("plan", shop, "--sql", "both") == 0
    told = capsys.readouterr().out
    assert "SQL sqlite\n  ALTER TABLE customer ADD COLUMN fax TEXT;" in told
    assert 'SQL postgresql\n  ALTER TABLE customer ADD COLUMN fax TEXT COLLATE "C";' in told
    assert run("plan", shop, "--sql", "sqlite", "--format", "json") == 0
    assert list(json.loads(capsys.readouterr().out)["sql"]) == ["sqlite"]


@pytest.mark.parametrize("words", [("--format", "xml"), ("--sql", "oracle")])
def test_wrong_usage_exits_with_two(shop, words):
    assert run("plan", shop, *words) == 2
