"""`orderkit explain`: a code by its id or name, in either language, and a remedy for codes that are none."""

import json

import pytest

from orderkit import cli
from orderkit.cli.ledger import every_code


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main(["explain", *words])
    assert isinstance(left.value.code, int)
    return left.value.code


@pytest.mark.parametrize("asked", ["OK1201", "ok1201", "unknown-key", "[OK1201]"])
def test_a_code_is_found_by_id_and_by_name(asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(asked, "--lang", "en") == 0
    shown = capsys.readouterr().out
    assert shown.startswith("error[OK1201] unknown-key\n")
    assert "Wrong:\n\n    form: customer\n    fields: {name: {type: text, requird: true}}" in shown
    assert "Right:\n\n    form: customer\n    fields: {name: {type: text, required: true}}" in shown


def test_in_chinese_all_but_the_example_is_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("OK1201", "--lang", "zh") == 0
    shown = capsys.readouterr().out
    assert "映射里有一个键，不是语言在这个位置的词。" in shown
    assert "错误：" in shown
    assert "正确：" in shown


@pytest.mark.parametrize("code", every_code())
def test_every_code_explains_itself(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(code, "--lang", "en") == 0
    assert every_code()[code].explanation in capsys.readouterr().out


def test_a_code_that_is_none_is_refused_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("unknown-kye", "--lang", "en") == 1
    assert "did you mean `unknown-key`" in capsys.readouterr().err


def test_every_code_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines] == [
        [each.id, each.severity.value, each.name] for each in every_code().values()
    ]


def test_json_holds_both_languages_and_both_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("unknown-key", "--json") == 0
    one = json.loads(capsys.readouterr().out)
    assert one["code"] == "OK1201"
    assert set(one["explanation"]) == {"zh", "en"}
    assert "requird" in one["wrong"]
    assert "requird" not in one["right"]
    assert run("--list", "--json") == 0
    assert one in json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("words", [(), ("OK1201", "--list")])
def test_a_code_or_the_list_is_asked_for_and_not_both(words: tuple[str, ...]) -> None:
    assert run(*words) == 2
