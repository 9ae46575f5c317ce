"""Every code: its explanation's examples do what they say, and the ledger only grows."""

from pathlib import Path

import pytest

from orderkit.cli.ledger import every_code
from orderkit.language.findings import Code
from orderkit.language.findings.ledger import all_codes, ledger_line
from tests.language.examples import codes_of, compiled, files_of

LEDGER = Path(__file__).parents[2] / "docs" / "reference" / "codes.txt"
CODES = list(all_codes().values())

# What is wrong with the bytes of a file, or with its size, cannot be shown as text.
WITHOUT_EXAMPLE = {"OK1002", "OK1003", "OK1004", "OK1005", "OK8608", "OK8609"}


@pytest.mark.parametrize("code", CODES, ids=lambda code: f"{code.id} {code.name}")
def test_the_bad_example_gives_this_code_and_the_good_one_nothing(code: Code) -> None:
    assert code.explanation, "a code says in prose what it is about"
    assert code.zh.strip(), "and says it in Chinese"
    assert bool(code.bad) is bool(code.good) is (code.id not in WITHOUT_EXAMPLE)
    if code.bad:
        assert set(codes_of(code.bad)) == {code.id}
        assert [str(dict(finding.headline)) for finding in compiled(files_of(code.good)).found] == []


def test_the_ledger_of_codes_names_every_code_and_only_grows() -> None:
    lines = LEDGER.read_text(encoding="utf-8").splitlines()
    retired = {line.split()[0] for line in lines if line.endswith(" retired")}
    known = [line for line in lines if line and not line.startswith("#") and line.split()[0] not in retired]
    assert known == [ledger_line(code) for code in every_code().values()], "run `make generate`"
    assert not retired & set(every_code()), "a retired code is never used again"


def test_the_thousands_say_what_a_code_is_about() -> None:
    assert {id_[2] for id_ in every_code()} <= set("123456789")
    assert all(id_.startswith("OK") and len(id_) == 6 for id_ in every_code())
