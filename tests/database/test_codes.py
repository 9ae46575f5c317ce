"""Codes of what a build refuses: the examples of each explanation do what they say, one after the other."""

import pytest

from orderkit.catalog import built_in
from orderkit.cli.ledger import every_code
from orderkit.database.revisions.writing import write_next_revision
from orderkit.model.codes import Code
from orderkit.model.errors import Refused
from tests.database.projects import project

CODES = [code for code in every_code().values() if code.before]


@pytest.mark.parametrize("code", CODES, ids=lambda code: f"{code.id} {code.name}")
def test_what_was_built_before_makes_the_bad_example_refused_and_the_good_one_not(code: Code, tmp_path):
    write_next_revision(project(code.before), built_in(), tmp_path)
    with pytest.raises(Refused) as refused:
        write_next_revision(project(code.bad), built_in(), tmp_path)
    assert {problem.known_as for problem in refused.value.problems} == {code}
    assert all(problem.help for problem in refused.value.problems)
    write_next_revision(project(code.good), built_in(), tmp_path)


def test_every_code_of_changes_says_in_both_languages_what_it_is_about():
    codes = [code for code in every_code().values() if code.id.startswith("OK6")]
    assert len(codes) > len(CODES) > 0
    for code in codes:
        assert code.explanation
        assert code.zh.strip()
        assert bool(code.bad) is bool(code.good) is bool(code.before)
