"""By when something is to be done stands in the inbox and on the record, on the reader's own clock."""

from datetime import timedelta

import pytest


@pytest.fixture
def placed(office, order):
    office.do("zhang", "order", order, "quote")
    office.do("zhang", "order", order, "place")
    return order


def _settle(reader, zone, locale):
    reader.get("/account")
    reader.post("/account/preferences", {"timezone": zone, "locale": locale})


def test_the_inbox_says_by_when_and_what_is_late(as_, office, placed):
    # Monday at nine: three hours before lunch, four and a half after it, and half an hour on Tuesday.
    assert "2026-03-03 09:00 前完成" in as_("li").get("/inbox").text
    assert "2026-03-03 09:00 前完成" in as_("li").get("/").text
    office.runtime.clock.advance(days=1, minutes=1)
    page = as_("li").get("/inbox")
    assert "已超期：应在 2026-03-03 09:00 前完成" in page.text


def test_the_inbox_says_it_on_ones_own_clock_and_in_ones_own_language(as_, placed):
    _settle(as_("li"), "America/New_York", "en")
    assert "due 2 Mar 2026, 20:00" in as_("li").get("/inbox").text


def test_the_record_says_it_beside_the_decision_and_beside_each_approver(as_, placed):
    page = as_("li").get(f"/forms/order/{placed}")
    assert page.text.count("2026-03-03 09:00 前完成") == 2
    assert as_("zhang").get(f"/forms/order/{placed}").text.count("2026-03-03 09:00 前完成") == 1


def test_a_task_that_nobody_did_goes_to_others_and_its_new_owner_reads_why(as_, office, placed):
    office.runtime.clock.advance(days=1)
    office.work()
    assert office.tasks("li", "root") == {"li": 0, "root": 1}
    assert "超期升级" in as_("zhang").get(f"/forms/order/{placed}").text
    assert "已升级给您" in as_("root").get("/messages").text


def test_the_record_shows_its_own_deadline_until_it_is_shipped(as_, office, placed):
    for _ in range(2):
        office.decide("wang" if office.tasks("li") == {"li": 0} else "li")
    page = as_("zhang").get(f"/forms/order/{placed}")
    assert "交付 2026-03-23 00:00 前完成" in page.text
    office.runtime.clock.advance(days=22)
    office.work()
    assert "交付 已超期：应在 2026-03-23 00:00 前完成" in as_("zhang").get(f"/forms/order/{placed}").text
    planned = {"plan_start": office.today, "plan_end": office.today + timedelta(days=1)}
    office.do("zhao", "order", placed, "release", **planned)
    office.do("zhao", "order", placed, "finish")
    office.do("qian", "order", placed, "ship", carrier="sf", tracking_no="1")
    assert "交付 已超期" not in as_("zhang").get(f"/forms/order/{placed}").text
