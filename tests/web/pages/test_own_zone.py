"""A person's own clock and language: what they see, type and filter by is on it, what is kept stays."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from starlette.datastructures import FormData

from orderkit.catalog import built_in
from orderkit.web.editing.decoding import decode
from tests.language.examples import compiled, files_of

NEW_YORK = "America/New_York"


def _settle(reader, zone: str, locale: str = "zh-CN"):
    reader.get("/account")
    return reader.post("/account/preferences", {"timezone": zone, "locale": locale})


def test_instants_are_shown_on_ones_own_clock(as_, order) -> None:
    path = f"/forms/order/{order}"
    # Monday at nine in Shanghai is Sunday evening in New York.
    assert "2026-03-02 09:00" in as_("li").get(path).text
    assert _settle(as_("li"), NEW_YORK).status == 200
    page = as_("li").get(path)
    assert "2026-03-01 20:00" in page.text
    assert "2026-03-02 09:00" not in page.text
    assert "2026-03-02 09:00" in as_("zhang").get(path).text


def test_a_day_of_a_filter_is_one_of_ones_own_clock(as_, office, order) -> None:
    reader = as_("li")
    _settle(reader, NEW_YORK)
    found = {
        day: "SO20260302-0001"
        in reader.get(f"/forms/order?f.created_at.from={day}&f.created_at.to={day}").text
        for day in ("2026-02-28", "2026-03-01", "2026-03-02")
    }
    assert found == {"2026-02-28": False, "2026-03-01": True, "2026-03-02": False}
    group = reader.get("/forms/order?group=created_at").one("a", "group-open")
    assert "SO20260302-0001" in reader.get(group.attributes["href"]).text


def test_zone_and_language_are_kept_for_the_next_sign_in(as_, office) -> None:
    _settle(as_("li"), NEW_YORK, "en")
    page = as_("li").get("/account")
    assert page.one("html").attributes["lang"] == "en"
    chosen = [e.attributes["value"] for e in page.all("option") if "selected" in e.attributes]
    assert chosen == [NEW_YORK, "en"]
    _settle(as_("li"), "", "")
    assert as_("li").get("/account").one("html").attributes["lang"] == "zh-CN"


@pytest.mark.parametrize(("zone", "locale"), [("Mars/Base", "en"), ("", "xx"), ("../../etc/passwd", "")])
def test_what_there_is_not_is_refused_in_words(as_, zone: str, locale: str) -> None:
    page = _settle(as_("li"), zone, locale)
    assert page.status == 422
    assert "请从列表中选择" in page.text
    assert as_("li").get("/").status == 200


def test_a_zone_that_is_gone_from_the_machine_is_that_of_the_project(as_, office, order) -> None:
    _settle(as_("li"), NEW_YORK)
    with office.act(None) as unit:
        unit.connection.exec_driver_sql("UPDATE ok_account_setting SET value = 'Europe/Atlantis'")
    assert "2026-03-02 09:00" in as_("li").get(f"/forms/order/{order}").text


def test_what_is_typed_without_an_offset_is_on_ones_own_clock() -> None:
    project = compiled(
        files_of("""
form: visit
label: Visit
fields:
  at: {type: datetime, label: At}
  there: {type: datetime, label: There, timezone: Europe/Berlin}
""")
    ).value
    assert project is not None
    sent = FormData([("at", "2026-03-01T20:00"), ("there", "2026-03-01T20:00")])
    form = project.form_by_id["visit"]
    here = decode(sent, form, project, built_in(), is_new=False, zone=ZoneInfo(NEW_YORK)).values
    assert here == {
        "at": datetime(2026, 3, 2, 1, 0, tzinfo=UTC),
        # What the project says of a field itself holds for everybody.
        "there": datetime(2026, 3, 1, 19, 0, tzinfo=UTC),
    }
