"""The page about security names only tests that exist, and leaves out no requirement of the levels it speaks of."""

import re

import pytest

from tests.architecture.repository import ROOT

PAGE = ROOT / "docs" / "explanation" / "security.md"
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
NUMBER = re.compile(r"\b(\d+\.\d+)\.(\d+)(?:–(\d+\.\d+)\.(\d+))?")
STATES = {"met", "partly", "not met", "not applicable", "operator", "project"}

# Requirements of levels 1 and 2 of ASVS 5.0.0: section, and the last of those that count from 1. In no
# section does one of level 3 stand between them.
LAST = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2,
    "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3,
    "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3,
    "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3,
    "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2,
    "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1,
    "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7,
    "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip


def rows() -> list[list[str]]:
    """Return the rows of the tables of ASVS."""
    text = PAGE.read_text(encoding="utf-8")
    part = text[text.index("## OWASP ASVS") : text.index("## 等保三级")]
    lines = [
        line for line in part.splitlines() if line.startswith("| ") and NUMBER.search(line.split("|")[1])
    ]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def named(cell: str) -> list[str]:
    """Return the requirements that a cell names, one by one."""
    found = []
    for section, first, end, last in NUMBER.findall(cell):
        assert end in {"", section}, cell
        found += [f"{section}.{each}" for each in range(int(first), int(last or first) + 1)]
    return found


def test_every_test_that_the_page_names_exists() -> None:
    told = TEST.findall(PAGE.read_text(encoding="utf-8"))
    assert len(told) > 100
    missing = []
    for path, name in told:
        file = ROOT / path
        if not file.is_file() or f"def {name}(" not in file.read_text(encoding="utf-8"):
            missing.append(f"{path}::{name}")
    assert missing == []


def test_every_requirement_of_levels_one_and_two_is_answered_once() -> None:
    wanted = [f"{section}.{each}" for section, last in LAST.items() for each in range(1, last + 1)]
    assert len(wanted) == 253
    assert sorted(each for row in rows() for each in named(row[0])) == sorted(wanted)


def test_every_answer_has_a_state() -> None:
    for cells in rows():
        state = cells[2].replace("**", "")
        assert any(state.startswith(each) for each in STATES), cells


@pytest.mark.parametrize(
    "control",
    ["身份鉴别", "访问控制", "安全审计", "入侵防范", "恶意代码防范", "可信验证", "数据完整性", "数据保密性",
     "数据备份恢复", "剩余信息保护", "个人信息保护"],
)  # fmt: skip
def test_every_control_of_the_national_standard_is_answered(control: str) -> None:
    assert f"| {control}" in PAGE.read_text(encoding="utf-8")
