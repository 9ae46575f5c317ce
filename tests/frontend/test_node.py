"""The tests that the front end has of its own, run by Node. Without Node this fails; nothing is skipped."""

import re

from tests.support.node import run_node


def test_the_front_end_passes_its_own_tests() -> None:
    said = run_node("test.mjs").stdout
    assert int(re.findall(r"(?m)^\D*pass (\d+)$", said)[0]) >= 15
    assert re.findall(r"(?m)^\D*skipped (\d+)$", said) == ["0"]
