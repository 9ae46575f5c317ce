"""The pages of this folder, each case a test, and a guide whose projects must be right."""

from pathlib import Path

import pytest

from tests.language.literate import Case, cases_of, check

HOWTO = Path(__file__).parents[2] / "docs" / "howto" / "make-one-document-from-another.md"
PAGES = [*sorted(Path(__file__).parent.rglob("*.md")), HOWTO]
CASES = [case for page in PAGES for case in cases_of(page)]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_found_is_what_the_page_says(case: Case, update_golden: bool) -> None:
    check(case, update_golden=update_golden)
