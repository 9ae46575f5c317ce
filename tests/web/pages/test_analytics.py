"""The figures of a workflow in the browser: for whom they are, and that each number leads to its records."""

import pytest

from orderkit.engine.workflow import Verb
from tests.support.xes import faults

URL = "/workflows/order_life/analytics"
PARTS = ("times", "refusals", "variants", "throughput")


@pytest.fixture
def moved(office, order):
    """An order that its lead sent back with a word, and that now waits for them again."""
    clock = office.runtime.clock
    office.do("zhang", "order", order, "quote")
    office.do("zhang", "order", order, "place")
    clock.advance(hours=5)
    office.decide("li", Verb.RETURN, "价格太低")
    office.do("zhang", "order", order, "place")
    clock.advance(days=2)
    return order


def test_figures_are_for_who_has_the_right(as_, office, moved) -> None:
    for path in (URL, f"{URL}/records?of=state", f"{URL}/log/csv", *(f"{URL}/{each}" for each in PARTS)):
        assert as_("root").get(path).status == 200, path
        for login in ("li", "zhang", "sun"):
            assert as_(login).get(path).status == 403, (login, path)
    assert URL in as_("root").get("/forms/order").html
    assert URL not in as_("li").get("/forms/order").html


def test_the_page_says_where_it_is_stuck_and_with_whom(as_, moved) -> None:
    page = as_("root").get(URL)
    assert "卡得最久：审批中 · 直属主管，在 李强 手里 1 单，最早的在 2 天前" in page.text
    assert all(f'hx-get="{URL}/{each}"' in page.html for each in PARTS)


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("times", ["审批中", "直属主管", "李强", "3 小时 30 分钟"]),
        ("refusals", ["直属主管", "价格太低", "1 次决定中的 1 次"]),
        ("variants", ["这段时间没有结束的单据"]),
        ("throughput", ["每周新建与结束", "2026-03-02"]),
    ],
)
def test_the_parts_of_the_page(as_, moved, part: str, expected: list[str]) -> None:
    text = as_("root").get(f"{URL}/{part}").text
    for each in expected:
        assert each in text


def test_every_number_leads_to_its_records(as_, moved) -> None:
    reader = as_("root")
    found = []
    for path in (URL, *(f"{URL}/{each}" for each in PARTS)):
        for link in reader.get(path).all("a", "figure-name"):
            address = link.attributes["href"]
            if link.text.endswith(" 0"):
                continue
            page = reader.get(address)
            assert page.status == 200
            assert f"/forms/order/{moved}" in page.html, address
            found.append(address)
    assert len(found) >= 6


def test_what_the_address_says_wrongly_is_not_asked(as_, moved) -> None:
    reader = as_("root")
    for query in ("period=whenever", "owner=x", "department=-1", "owner=999999999999999999999"):
        assert reader.get(f"{URL}?{query}").status == 200, query
    for path in (
        f"{URL}/records",
        f"{URL}/records?of=nothing",
        f"{URL}/records?of=person&person=x",
        f"{URL}/nothing",
        f"{URL}/log/pdf",
        "/workflows/nothing/analytics",
    ):
        assert reader.get(path).status == 404, path


def test_the_log_is_handed_out_and_noted(as_, office, moved, tmp_path) -> None:
    reader = as_("root")
    answer = reader.get(f"{URL}/log/xes")
    (tmp_path / "log.xes").write_bytes(answer.response.content)
    assert faults(tmp_path / "log.xes") == ()
    assert "价格太低" in answer.response.text
    assert "导出" in reader.get("/admin/audit?kind=exports").text
