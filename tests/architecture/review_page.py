"""Renews the plans in `docs/howto/review-a-change.md`, each as `orderkit plan` says it: `python -m tests.architecture.review_page`.

The prose around them is written by hand, in the page itself.
"""

import re
from dataclasses import replace

from orderkit.catalog import built_in
from orderkit.cli.planning.before import before, side_of
from orderkit.plan.formats import format_named
from orderkit.plan.planning import plan
from tests.acceptance.example_history import project_of
from tests.architecture.repository import ROOT
from tests.support.projects import EXAMPLE

PAGE = ROOT / "docs" / "howto" / "review-a-change.md"
PLAN = re.compile(
    r"(?P<begin><!-- plan (?P<number>\d{4}) -->\n).*?(?P<end><!-- end of plan (?P=number) -->)", re.DOTALL
)


def page(text: str) -> str:
    """Return the text of the page with its plans made anew."""
    return PLAN.sub(lambda found: f"{found['begin']}\n{_plan(int(found['number']))}\n{found['end']}", text)


def _plan(number: int) -> str:
    """Return the plan of the change that a revision of the example was written for."""
    catalog = built_in()
    old, called = before(EXAMPLE, f"{number - 1:04d}", catalog)
    found = plan(old, side_of(project_of(number), catalog), catalog)
    return format_named("markdown")(replace(found, against=called), "en").strip() + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
