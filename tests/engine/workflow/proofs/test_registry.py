"""Every rule of the semantics of workflows has a test that bears its number, so that none is forgotten."""

import ast
import re
from collections import defaultdict
from pathlib import Path

TESTS = Path(__file__).parents[3]
NUMBERED = re.compile(r"test_rule_(\d\d)_\w+")
# What each rule is about, in the order of the page that states them.
RULES = (
    "any: one approves",
    "all: one rejects",
    "a share is rounded up, of the people at the start",
    "the people of a step are frozen",
    "nobody is found",
    "an approver leaves",
    "the submitter is an approver",
    "an approver is asked twice",
    "the system decides for somebody",
    "a return and the way back",
    "a return out of branches",
    "a withdrawal after a decision",
    "approved data changes",
    "the definition changes while records run",
    "a kept definition meets another schema",
    "no condition holds",
    "branches are joined after a rejection",
    "two people click at once",
    "side effects of a transition",
    "timers over a restart",
    "working time",
    "deadlines and returns, transfers, signers",
    "added signers",
    "transfer, delegation, substitution",
    "a state is entered again",
    "bulk decisions",
    "loops of triggers",
)


def numbered_tests() -> dict[int, list[str]]:
    """Return the names of the tests of each rule."""
    found: dict[int, list[str]] = defaultdict(list)
    for path in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_rule_"):
                match = NUMBERED.fullmatch(node.name)
                assert match, f"{path.name}: {node.name} needs two digits and what it says"
                found[int(match[1])].append(node.name)
    return found


def test_every_rule_has_a_test_of_its_number():
    found = numbered_tests()
    missing = {number: rule for number, rule in enumerate(RULES, 1) if number not in found}
    assert missing == {}
    assert set(found) == set(range(1, len(RULES) + 1)), "a test is named after a rule that there is not"
