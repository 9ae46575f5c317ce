"""The pages of this folder, each case a test."""

from pathlib import Path

import pytest

from tests.plan.literate import Case, cases_of, check

CASES = [case for page in sorted(Path(__file__).parent.glob("*.md")) for case in cases_of(page)]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_plan_is_what_the_page_says(case: Case, update_golden: bool) -> None:
    check(case, update_golden=update_golden)
