"""Plans written as prose: Markdown with a project before and after, and the page that people read.

A case is a heading and what follows it. A file is a line with its path in backticks, `before/order.yaml` or
`after/order.yaml`, and a block ```` ```yaml ````; a file of before that has none after stays as it is, and
an empty block says that it is gone. Blocks ```` ```en ```` and ```` ```zh ```` hold the plan in both
languages; `pytest --update-golden` writes them.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from orderkit.plan.formats import format_named
from tests.plan.plans import planned
from tests.support.projects import project

FENCE = "```"
LANGUAGES = ("en", "zh")
_PATH = re.compile(r"^`(?P<side>before|after)/(?P<name>\w+\.yaml|templates/[\w/]+\.html)`$")


@dataclass(frozen=True)
class Case:
    """One heading with both projects; `blocks` are the line numbers of each language's plan in the page."""

    page: Path
    heading: str
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    blocks: dict[str, tuple[int, int]] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.page.stem}: {self.heading}"


def cases_of(page: Path) -> list[Case]:
    """Return the cases of a page."""
    lines = page.read_text(encoding="utf-8").splitlines()
    cases: list[Case] = []
    named, at = None, 0
    while at < len(lines):
        line = lines[at]
        if line.startswith("## "):
            cases.append(Case(page, line[3:].strip()))
        elif match := _PATH.match(line):
            named = match
        elif line.startswith(FENCE):
            end = lines.index(FENCE, at + 1)
            if line in {f"{FENCE}yaml", f"{FENCE}html"} and named is not None:
                files = cases[-1].before if named["side"] == "before" else cases[-1].after
                files[named["name"].removesuffix(".yaml")] = "\n".join(lines[at + 1 : end]) + "\n"
            elif line.removeprefix(FENCE) in LANGUAGES:
                cases[-1].blocks[line.removeprefix(FENCE)] = (at + 1, end)
            at = end
        at += 1
    return cases


def check(case: Case, *, update_golden: bool) -> None:
    """Compare the plan with what the page shows, in both languages."""
    after = {name: text for name, text in {**case.before, **case.after}.items() if text.strip()}
    plan = planned(project(**case.before), project(**after))
    assert set(case.blocks) == set(LANGUAGES)
    for language in LANGUAGES:
        printed = format_named("human")(plan, language).rstrip("\n").split("\n")
        # Read anew: writing one block has moved the others.
        start, end = next(each for each in cases_of(case.page) if each.heading == case.heading).blocks[
            language
        ]
        lines = case.page.read_text(encoding="utf-8").splitlines()
        if update_golden:
            lines[start:end] = printed
            case.page.write_text("\n".join(lines) + "\n", encoding="utf-8")
        else:
            assert printed == lines[start:end]
