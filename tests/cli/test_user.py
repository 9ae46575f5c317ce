"""`orderkit user`: people are made, given roles, tokens and links, and let go; each mistake is told."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from orderkit.cli import main
from orderkit.cli.opening import opened
from orderkit.database.schema.system_tables import identity
from orderkit.engine import records
from orderkit.engine.accounts import Reach, Scope, find_person, person_of_token, set_password_by_link, sign_in
from orderkit.engine.records import Create
from orderkit.engine.runtime import SYSTEM, Channel, Runtime

EMPTY = "empty.db"
FILES = {
    "orderkit.yaml": "project: shop\nlabel: 商店\nversion: 1.0.0\nlocale: zh-CN\ntimezone: Asia/Shanghai\ncurrency: CNY\n",
    "customer.yaml": "form: customer\nfields:\n  name: {type: text, required: true}\n",
    "sales.yaml": "role: sales\nforms: {customer: {read: true}}\n",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    assert run("build", folder) == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ORDERKIT_DATABASE_URL", f"sqlite:///{folder / EMPTY}")
        assert run("migrate", folder) == 0
    return folder


@pytest.fixture
def shop(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copyfile(built / EMPTY, tmp_path / "app.db")
    monkeypatch.setenv("ORDERKIT_DATABASE_URL", f"sqlite:///{tmp_path / 'app.db'}")
    monkeypatch.setenv("COLUMNS", "200")
    return built


@pytest.fixture
def runtime(shop: Path) -> Iterator[Runtime]:
    with opened(shop, None) as runtime:
        yield runtime


def run(*words: object) -> object:
    with pytest.raises(SystemExit) as left:
        main(["--lang", "en", *map(str, words)])
    return left.value.code


def output(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    capsys.readouterr()
    assert run(*words) == 0
    return capsys.readouterr().out


def last_line(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    return output(capsys, *words).strip().splitlines()[-1]


def test_a_user_is_made_and_signs_in_by_the_link(
    shop: Path, runtime: Runtime, capsys: pytest.CaptureFixture[str]
) -> None:
    words = (
        "user",
        "create",
        "li",
        "--name",
        "李明",
        "--role",
        "sales",
        "--address",
        "https://orders.example.com/",
    )
    link = last_line(capsys, *words, "--project", shop)
    assert link.startswith("https://orders.example.com/link/")
    set_password_by_link(runtime, link.rpartition("/")[2], "correct horse")
    assert sign_in(runtime, "li", "correct horse").person.roles >= {"sales"}


def test_a_token_acts_for_its_user_until_it_is_revoked(
    shop: Path, runtime: Runtime, capsys: pytest.CaptureFixture[str]
) -> None:
    run("user", "create", "erp", "--name", "ERP", "--project", shop)
    words = ("--label", "nightly", "--scope", "write", "--form", "customer", "--days", "30")
    token = last_line(capsys, "user", "token", "create", "erp", *words, "--project", shop)
    person = person_of_token(runtime, token)
    assert person is not None
    assert person.login == "erp"
    assert person.scope == Scope(reach=Reach.WRITE, forms=frozenset({"customer"}))
    listed = output(capsys, "user", "token", "list", "erp", "--project", shop)
    assert "nightly" in listed
    assert "write: customer" in listed
    assert token not in listed
    assert run("user", "token", "revoke", "erp", "1", "--project", shop) == 0
    assert person_of_token(runtime, token) is None
    assert run("user", "token", "revoke", "erp", "1", "--project", shop) == 1
    assert "no token 1" in capsys.readouterr().err


def test_roles_are_set_exactly(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("user", "create", "li", "--name", "Li", "--project", shop)
    assert run("user", "roles", "li", "sales", "--project", shop) == 0
    assert "sales" in output(capsys, "user", "list", "--project", shop)
    assert run("user", "roles", "li", "--project", shop) == 0
    assert "sales" not in output(capsys, "user", "list", "--project", shop)


def test_the_last_administrator_stays(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("user", "create", "li", "--name", "Li", "--role", "admin", "--project", shop)
    assert run("user", "roles", "li", "sales", "--project", shop) == 1
    assert "administrator" in capsys.readouterr().err
    assert run("user", "remove", "li", "--project", shop) == 1


def test_who_is_let_go_can_no_longer_sign_in(
    shop: Path, runtime: Runtime, capsys: pytest.CaptureFixture[str]
) -> None:
    run("user", "create", "li", "--name", "Li", "--project", shop)
    token = last_line(capsys, "user", "token", "create", "li", "--project", shop)
    assert run("user", "remove", "li", "--project", shop) == 0
    assert person_of_token(runtime, token) is None


def test_who_leaves_hands_over_to_whom_is_named_and_can_come_back(
    shop: Path, runtime: Runtime, capsys: pytest.CaptureFixture[str]
) -> None:
    for login in ("li", "wang"):
        run("user", "create", login, "--name", login, "--project", shop)
    with runtime.write(SYSTEM, Channel.COMMAND) as unit:
        li, wang = (find_person(unit, login) for login in ("li", "wang"))
        assert li is not None
        assert wang is not None
        (made,) = records.apply(unit, [Create(form="department", values={"name": "Sales", "head": li.id})])
    words = ("user", "remove", "li", "--project", shop)
    for wrong, said in (
        (("--records", "all"), "--records needs --to"),
        (("--records", "customer.name", "--to", "wang"), "there is: department.head"),
        (("--records", "all", "--to", "li"), "somebody else"),
        (("--to", "nobody"), "there is no user `nobody`"),
    ):
        assert run(*words, *wrong) in {1, 2}
        told = capsys.readouterr().err
        assert said in " ".join(told.replace("│", "").split()), told
    assert "records: 1" in output(capsys, *words, "--to", "wang", "--records", "all")
    assert run("user", "restore", "li", "--project", shop) == 0
    assert run("user", "restore", "nobody", "--project", shop) == 1
    with runtime.read(SYSTEM, Channel.COMMAND) as unit:
        assert find_person(unit, "li") == li
        assert records.get(unit, "department", made.id).values["head"] == wang.id


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("token", "create", "nobody"), "there is no user `nobody`"),
        (("roles", "nobody", "sales"), "there is no user `nobody`"),
        (("create", "li", "--name", "Li", "--role", "boss"), "there is no role `boss`"),
    ],
)
def test_mistakes_are_told(
    shop: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    assert run("user", *words, "--project", shop) == 1
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--form", "nothing"), "there is no form `nothing`"),
        (("--days", "366"), "1 to 365 days"),
        (("--scope", "all"), "one of read, write, full"),
    ],
)
def test_a_token_that_cannot_be_is_not_made(
    shop: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    run("user", "create", "erp", "--name", "ERP", "--project", shop)
    assert run("user", "token", "create", "erp", *words, "--project", shop) in {1, 2}
    assert said in capsys.readouterr().err


def test_a_login_name_is_taken_once(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("user", "create", "li", "--name", "Li", "--project", shop) == 0
    assert run("user", "create", "li", "--name", "Li", "--project", shop) == 1
    assert "login" in capsys.readouterr().err


def test_access_to_a_record_is_explained(
    shop: Path, runtime: Runtime, capsys: pytest.CaptureFixture[str]
) -> None:
    output(capsys, "user", "create", "li", "--name", "Li", "--role", "sales", "--project", shop)
    with runtime.write(SYSTEM, Channel.COMMAND) as unit:
        (made,) = records.apply(unit, [Create(form="customer", values={"name": "甲"})])
    asked = ("access", "explain", "li", "customer", made.id, "--project", shop)
    found = json.loads(output(capsys, *asked, "--format", "json"))
    assert found["actions"]["read"] == {"allowed": True, "roles": {"sales": {"rule": "true", "grants": True}}}
    assert found["actions"]["update"]["code"] == "no_grant"
    assert found["fields"]["name"] == {
        "right": "read",
        "read_by": ["sales"],
        "written_by": [],
        "state": "none",
    }
    assert "sales: true ✓" in output(capsys, *asked)
    for wrong in (("nobody", "customer", 1), ("li", "nothing", 1), ("li", "customer", 999)):
        assert run("access", "explain", *wrong, "--project", shop) == 1
        assert "there is no" in capsys.readouterr().err


def test_a_link_to_a_provider_is_taken_away(
    shop: Path, runtime: Runtime, capsys: pytest.CaptureFixture[str]
) -> None:
    run("user", "create", "li", "--name", "李明", "--project", shop)
    with runtime.write(SYSTEM, Channel.COMMAND) as unit:
        li = find_person(unit, "li")
        assert li is not None
        values = {
            "issuer": "https://id.example.com",
            "subject": "u-1",
            "user_id": li.id,
            "created_at": unit.now,
        }
        unit.connection.execute(identity.insert().values(values))
    assert "took 1 link" in last_line(capsys, "user", "unlink", "li", "--project", shop)
    assert "took 0 link" in last_line(capsys, "user", "unlink", "li", "--project", shop)
    assert run("user", "unlink", "nobody", "--project", shop) == 1
