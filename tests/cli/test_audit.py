"""`orderkit audit`: the audit is proved whole, and what was done to it is told in words a person can act on."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from orderkit.database.schema.system_tables import RELEASE_AUDIT
from tests.cli.test_user import built, output, run, shop

__all__ = ["built", "shop"]


@pytest.fixture
def sealed(shop: Path) -> Path:
    assert run("user", "create", "li", "--name", "李", "--project", shop) == 0
    assert run("worker", shop, "--once") == 0
    return shop


def verified(capsys: pytest.CaptureFixture[str], *words: object, leaves: int = 0) -> dict:
    capsys.readouterr()
    assert run("audit", "verify", *words, "--format", "json") == leaves
    return json.loads(capsys.readouterr().out)


def tamper(path: Path, statement: str) -> None:
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        for each in (*RELEASE_AUDIT["sqlite"], statement):
            connection.exec_driver_sql(each)
    engine.dispose()


def test_a_whole_audit_is_said_to_be_whole_with_its_head(sealed, capsys):
    found = verified(capsys, sealed)
    assert (found["is_whole"], found["waiting"], found["found"]) == (True, 0, [])
    assert found["entries"] > 0
    assert found["head"] in output(capsys, "audit", "verify", sealed, "--head", found["head"])


def test_what_was_done_is_told_and_the_command_fails(sealed, tmp_path, capsys):
    tamper(tmp_path / "app.db", "UPDATE ok_audit SET verb = 'x' WHERE id = 1")
    assert run("audit", "verify", sealed) == 1
    assert "entries 1 were changed (after" in capsys.readouterr().out
    (found,) = verified(capsys, sealed, leaves=1)["found"]
    assert (found["kind"], found["first"], found["last"]) == ("entry_changed", 1, 1)


def test_a_head_that_is_not_there_fails(sealed, capsys):
    (found,) = verified(capsys, sealed, "--head", "0" * 64, leaves=1)["found"]
    assert found["kind"] == "head_missing"
