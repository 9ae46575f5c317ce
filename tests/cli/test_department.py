"""`orderkit department`: the tree is built, moved and taken apart; what may not be says why."""

import pytest

from tests.cli.test_user import built, output, run, shop

__all__ = ["built", "shop"]


def test_departments_are_made_moved_headed_and_removed(shop, capsys: pytest.CaptureFixture[str]) -> None:
    def say(*words: str) -> str:
        return output(capsys, "department", *words, "--project", shop)

    run("user", "create", "li", "--name", "李明", "--project", shop)
    say("add", "Sales", "--head", "li")
    say("add", "East", "--below", "Sales")
    say("add", "Shanghai", "--below", "East")
    assert [line.split()[0] for line in say("list").splitlines()[-3:]] == ["Sales", "East", "Shanghai"]
    assert "李明" in say("list")
    assert run("department", "move", "Sales", "--below", "Shanghai", "--project", shop) == 1
    assert "“Shanghai” stands below “Sales”" in capsys.readouterr().err
    assert run("department", "remove", "East", "--project", shop) == 1
    assert "“Shanghai” still refers" in capsys.readouterr().err
    say("move", "Shanghai")
    say("remove", "East")
    say("head", "Sales")
    assert "李明" not in say("list")
    assert "East" not in say("list")


def test_a_name_that_stands_for_none_or_for_two_is_told(shop, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("department", "remove", "North", "--project", shop) == 1
    assert "orderkit department list" in capsys.readouterr().err
    for _ in range(2):
        output(capsys, "department", "add", "North", "--project", shop)
    assert run("department", "remove", "North", "--project", shop) == 1
    assert "#1, #2" in capsys.readouterr().err
    output(capsys, "department", "remove", "#2", "--project", shop)
    output(capsys, "department", "remove", "North", "--project", shop)
