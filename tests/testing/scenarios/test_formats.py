"""Results for people in two languages, and for programs."""

import json
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest

from orderkit.model.forms import Origin
from orderkit.model.labels import label
from orderkit.testing.scenarios.coverage import coverage_of
from orderkit.testing.scenarios.formats import Summary, as_json, human, human_failure, junit
from orderkit.testing.scenarios.results import Failure, Happened, Mismatch, Result
from tests.testing.scenarios.office import project_of

PASSED = Result(
    scenario="good", label=label(zh="好", en="Good"), origin=Origin(path="a.yaml", line=1, column=11), seconds=0.25, failure=None, reached=frozenset({"life/state/draft"})
)  # fmt: skip
FAILED = Result(
    scenario="bad",
    label=label(zh="坏 <&>", en='Bad <&> "'),
    origin=Origin(path="b.yaml", line=1, column=11),
    seconds=1,
    failure=Failure(
        number=3,
        what=label(zh="甲 同意 `a`", en="a approves `a`"),
        origin=Origin(path="b.yaml", line=7, column=5),
        mismatches=(Mismatch(what=label(zh="合计", en="Total"), expected=label(zh="1", en="1"), found=label(zh="2\x00", en="2\x00")),),
        timeline=(Happened(at=datetime(2026, 3, 2, 9, tzinfo=UTC), who="a", what=label(zh="新建", en="Created")),),
    ),
    reached=frozenset(),
)  # fmt: skip


def summary(*results, wanted=0, **more):
    reached = [point for each in results for point in each.reached]
    return Summary(results=results, coverage=coverage_of(project_of(), reached), seconds=1.25, wanted=wanted, **more)  # fmt: skip


def test_a_failure_in_words():
    assert human_failure(FAILED, "en").replace("\x00", "").splitlines() == [
        'FAILED bad: Bad <&> "',
        "  --> b.yaml:7:5",
        "  step 3: a approves `a`",
        "    Total",
        "      expected: 1",
        "      found:    2",
        "    so far:",
        "      2026-03-02 09:00  a  Created",
    ]
    assert human_failure(FAILED, "zh").startswith(
        "失败 bad：坏 <&>\n  --> b.yaml:7:5\n  第 3 步：甲 同意 `a`"
    )


@pytest.mark.parametrize(
    ("language", "part"),
    [
        ("zh", "life: 5%  状态 1/5, 流转 0/2, 审批结局 0/4, 审批步骤 0/3, 分支 0/3\n  未到达：状态 review（审批中）"),
        ("zh", "2 个场景，1 个通过，1 个失败（1.2 秒）\nlife 的覆盖率为 5%，低于要求的 90%"),
        ("en", "2 scenarios, 1 passed, 1 failed (1.2 s)\nthe scenarios reach 5% of life, less than the 90% asked for"),
        ("en", "  not reached: transition finish (完成)"),
    ],
)  # fmt: skip
def test_the_summary_in_words(language, part):
    assert part in human(summary(PASSED, FAILED, wanted=90), language)


def test_junit_is_xml_that_counts_right():
    text = junit(summary(PASSED, FAILED, wanted=90), "en")
    root = ET.fromstring(text.encode())
    (suite,) = root
    assert suite.attrib["tests"] == "3"
    assert suite.attrib["failures"] == "2"
    cases = list(suite)
    assert [each.attrib["name"] for each in cases] == ["good", "bad", "life"]
    assert [len(each) for each in cases] == [0, 1, 1]
    assert cases[0].attrib["time"] == "0.250"
    assert 'FAILED bad: Bad <&> "' in (cases[1][0].text or "")


def test_json_has_every_language_and_place():
    document = json.loads(as_json(summary(PASSED, FAILED), "en"))
    assert (document["passed"], document["failed"]) == (1, 1)
    good, bad = document["scenarios"]
    assert "failure" not in good
    assert (bad["failure"]["path"], bad["failure"]["line"], bad["failure"]["column"]) == ("b.yaml", 7, 5)
    assert bad["failure"]["what"] == {"zh": "甲 同意 `a`", "en": "a approves `a`"}
    assert document["coverage"][0]["counts"]["state"] == {"reached": 1, "of": 5}


@pytest.mark.parametrize(
    ("given", "is_clean"),
    [
        (summary(PASSED), True),
        (summary(PASSED, wanted=5), True),
        (summary(PASSED, wanted=6), False),
        (summary(FAILED), False),
        (summary(PASSED, is_cut_short=True), False),
        (summary(), True),
    ],
)
def test_when_all_is_as_wanted(given, is_clean):
    assert given.is_clean is is_clean
