"""The stream over HTTP: for whom it opens, what it says, and when it ends."""

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import httpx2
import pytest

from orderkit.engine import records
from orderkit.engine.accounts import sign_out
from orderkit.engine.accounts.sessions import start_session
from orderkit.engine.live import RecordTold, Told
from orderkit.engine.records import Delete
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.web.live import hub as hubs
from orderkit.web.live.hub import Hub, Stream, joined
from orderkit.web.live.stream import read_looked_at
from orderkit.web.request.cookies import SESSION
from tests.web.approved_shop import serving
from tests.web.conftest import enter_order

PATIENCE_SECONDS = 20


def _token(office, login: str) -> str:
    with office.runtime.write(SYSTEM, Channel.PAGE) as unit:
        return start_session(unit, office.ids[login]).token


def _events(lines: Iterator[str]) -> Iterator[tuple[str, str, dict]]:
    name = at = ""
    for line in lines:
        key, _, value = line.partition(": ")
        if key == "event":
            name = value
        elif key == "id":
            at = value
        elif key == "data":
            yield name, at, json.loads(value)


def _open(url: str, token: str, **more: str):
    return httpx2.stream(
        "GET", f"{url}/live", cookies={SESSION: token}, timeout=PATIENCE_SECONDS, params=more
    )


def test_a_stream_says_what_changed_goes_on_where_it_was_and_ends_with_the_session(office) -> None:
    token = _token(office, "li")
    with serving(office) as url:
        with _open(url, token) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            events = _events(answer.iter_lines())
            name, at, _ = next(events)
            assert name == "hello"
            order = enter_order(office)
            name, _, news = next(events)
            assert (name, news["records"]) == (
                "news",
                [{"form": "order", "id": order, "by": "张敏", "mine": False}],
            )
        with _open(url, token, after=at) as answer:
            events = _events(answer.iter_lines())
            name, _, news = next(events)
            assert (name, [each["id"] for each in news["records"]]) == ("news", [order])
            sign_out(office.runtime, token)
            enter_order(office)
            assert list(events) == []


def test_nobody_listens_without_signing_in(client) -> None:
    answer = client.get("/live", headers={"accept": "text/event-stream"}, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


def test_one_person_has_only_so_many_streams(office, monkeypatch) -> None:
    monkeypatch.setattr(hubs, "MOST_OF_ONE", 1)
    token, other = _token(office, "li"), _token(office, "wang")
    with serving(office) as url, _open(url, token) as first:
        events = _events(first.iter_lines())
        assert next(events)[0] == "hello"
        with _open(url, token) as second:
            assert second.status_code == 429
        with _open(url, other) as third:
            assert third.status_code == 200
        events.close()


def test_who_has_left_is_forgotten_at_once(office, monkeypatch) -> None:
    monkeypatch.setattr(hubs, "MOST_OF_ONE", 1)
    token = _token(office, "li")
    with serving(office) as url:
        for _ in range(3):
            statuses: list[int] = []
            deadline = time.monotonic() + PATIENCE_SECONDS
            while 200 not in statuses and time.monotonic() < deadline:
                with _open(url, token) as answer:
                    statuses.append(answer.status_code)
                    if answer.status_code == 200:
                        next(_events(answer.iter_lines()))
            assert statuses[-1] == 200


def test_closing_ends_every_stream_and_takes_no_more(office) -> None:
    hub = Hub(office.runtime)

    async def live() -> tuple[bool, bool]:
        first = Stream(token=_token(office, "li"), person_id=1, loop=asyncio.get_running_loop())
        hub.open(first)
        closing = threading.Thread(target=hub.close)
        closing.start()
        await asyncio.wait_for(first.awake.wait(), PATIENCE_SECONDS)
        closing.join()
        late = Stream(token="", person_id=1, loop=asyncio.get_running_loop())
        hub.open(late)
        return first.is_over, late.is_over

    # In a thread of its own: the browser's tests leave a loop running in this one.
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(asyncio.run, live()).result() == (True, True)


def test_what_a_slow_reader_has_not_heard_stays_small() -> None:
    news = Told(marks=(0, 0, 0, 0))
    for number in range(1000):
        record = RecordTold(form="order", id=number, by="", is_mine=False)
        news = joined(news, Told(marks=(number, 0, 0, 0), records=(record,), tasks=number == 5))
        assert len(news.records) <= hubs.MOST_NAMED
    assert (news.forms, news.tasks, news.marks) == ({"order"}, True, (999, 0, 0, 0))


@pytest.mark.parametrize("after", ["", "x", "1.2.3.4; drop", "0.0.0.0"])
def test_whatever_stands_behind_after_a_stream_begins(office, after: str) -> None:
    with serving(office) as url, _open(url, _token(office, "li"), after=after) as answer:
        assert next(_events(answer.iter_lines()))[0] in {"hello", "news"}


def test_a_stream_says_that_a_record_it_shows_is_lost_and_no_more_of_it(office) -> None:
    kept, lost, unseen = (enter_order(office) for _ in range(3))
    office.update(None, "order", unseen, by_rule=True, salesperson=office.ids["root"])
    with serving(office) as url:
        showing = f"order/{kept},order/{lost},order/{unseen},order/999999"
        with _open(url, _token(office, "zhang"), showing=showing) as answer:
            events = _events(answer.iter_lines())
            name, _, news = next(events)
            assert [each["id"] for each in news["lost"]] == [unseen, 999999]
            office.update(None, "order", unseen, by_rule=True, need_by=date(2036, 1, 1))
            office.update(None, "order", lost, by_rule=True, salesperson=office.ids["root"])
            while not news["lost"] or news["lost"][0]["id"] == unseen:
                name, _, news = next(events)
                assert unseen not in {each["id"] for each in news["records"]}
            assert (name, news["lost"], news["records"]) == ("news", [{"form": "order", "id": lost}], [])
            with office.act(None) as unit:
                records.apply(unit, [Delete(form="order", id=kept)])
            name, _, news = next(events)
            assert news["lost"] == [{"form": "order", "id": kept}]


def test_the_streams_of_a_session_are_worked_out_once_and_each_hears_what_it_shows(
    office, monkeypatch
) -> None:
    first, second = enter_order(office), enter_order(office)
    token = _token(office, "zhang")
    asked: list[str] = []

    def counting(name: str, work_out):
        return lambda *args: asked.append(name) or work_out(*args)

    with (
        serving(office) as url,
        _open(url, token, showing=f"order/{first}") as one,
        _open(url, token, showing=f"order/{second}") as other,
    ):
        streams = [_events(one.iter_lines()), _events(other.iter_lines())]
        assert [next(events)[0] for events in streams] == ["hello", "hello"]
        for name in ("told_to", "lost_to"):
            monkeypatch.setattr(hubs, name, counting(name, getattr(hubs, name)))
        office.update(None, "order", first, by_rule=True, salesperson=office.ids["root"])
        assert next(streams[0])[2]["lost"] == [{"form": "order", "id": first}]
        office.update(None, "order", second, by_rule=True, need_by=date(2036, 1, 1))
        heard = next(streams[1])[2]
        assert [each["id"] for each in heard["records"]] == [second]
        assert heard["lost"] == []
        assert asked == ["told_to", "lost_to"] * 2


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("order/12,customer/7", {("order", 12), ("customer", 7)}),
        ("", set()),
        ("order/-1,order/1 or 1=1,Order/1,order/1/2,order/９,/1,order/", set()),
        ("order/" + "9" * 19, set()),
        (",".join(f"order/{number}" for number in range(1000)), {("order", n) for n in range(10)}),
    ],
)
def test_what_pages_say_that_they_show_is_read_as_far_as_it_is_such(text: str, read: set) -> None:
    assert read_looked_at(text) == read
