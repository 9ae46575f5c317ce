"""Links from mails against those who forge, repeat, keep, pass on or merely prefetch them."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from starlette.testclient import TestClient

from orderkit.database.schema.system_tables import job, second_factor, session, workflow_event
from orderkit.engine.workflow import Verb
from orderkit.web.request.cookies import SESSION
from tests.engine.workflow.reviewing import status, submitted, under
from tests.support.clock import FakeClock
from tests.support.databases import Databases
from tests.support.links import ENVIRONMENT, GUARDED, STAFF, a_mailing_project, link, token, with_keys
from tests.support.office import Office, open_office
from tests.web.attacks.conftest import Contents
from tests.web.conftest import SignIn
from tests.web.reader import Page, Reader


@pytest.fixture
def office(databases: Databases, tmp_path: Path, clock: FakeClock) -> Iterator[Office]:
    """An office whose approvers get mails."""
    mark = databases.mark()
    project = a_mailing_project()
    database = databases.make(project, "sqlite")
    yield with_keys(open_office(project, database, tmp_path, clock, STAFF, environment=ENVIRONMENT))
    databases.clear(mark)


@pytest.fixture
def request_id(office: Office) -> int:
    """A request that waits for boss."""
    request = submitted(office)
    office.update(None, "request", request, by_rule=True, secret="zq-nobody-may-read-this")
    return request


def same(page: Page) -> str:
    """Return a page without what differs with each visitor."""
    return re.sub(r'(csrf[_-]token" (?:value|content)=")[^"]+', r"\1", page.html)


def decide(reader: Reader, path: str, verb: str = "approve", comment: str = "") -> Page:
    reader.get(path)
    return reader.post(path.partition("?")[0], {"verb": verb, "comment": comment}, follow=False)


def test_the_page_shows_its_person_what_they_may_see_and_begins_no_session(
    office: Office, nobody: Reader, request_id: int
) -> None:
    page = nobody.get(link(office, request_id, "boss"))
    assert page.status == 200
    assert "Amount 100.00" in page.text
    assert "ann 提交于" in page.text
    assert "zq-nobody-may-read-this" not in page.html
    headers = page.response.headers
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert headers["x-robots-tag"].startswith("noindex")
    assert SESSION not in headers.get("set-cookie", "")
    assert nobody.get("/inbox", follow=False).status == 303


def test_a_scanner_that_follows_every_link_decides_nothing(
    office: Office, nobody: Reader, request_id: int, contents
) -> None:
    before: Contents = contents()
    for verb in ("approve", "reject"):
        for _ in range(3):
            assert nobody.get(link(office, request_id, "boss", verb)).status == 200
        assert nobody.client.head(link(office, request_id, "boss", verb)).status_code in {200, 405}
    assert contents() == before


def test_sending_the_form_decides_once_and_then_nothing_more(
    office: Office, nobody: Reader, request_id: int
) -> None:
    path = link(office, request_id, "boss")
    page = decide(nobody, path)
    assert page.status == 200
    assert "已批准" in page.text
    assert status(office, request_id) == "done"
    for verb in ("approve", "reject", "return"):
        assert decide(nobody, path, verb, "again").status == 404
    assert status(office, request_id) == "done"
    with office.look(None) as unit:
        assert unit.connection.execute(select(func.count()).select_from(session)).scalar_one() == 0


def test_nothing_is_decided_without_the_token_of_the_form_or_from_elsewhere(
    office: Office, nobody: Reader, request_id: int
) -> None:
    path = link(office, request_id, "boss").partition("?")[0]
    nobody.get(path)
    for sent, headers in (
        ({"csrf_token": "", "verb": "approve"}, {}),
        ({"csrf_token": "0" * 43, "verb": "approve"}, {}),
        ({"verb": "approve"}, {"sec_fetch_site": "cross-site"}),
    ):
        assert nobody.post(path, sent, **headers).status == 403
    for verb in ("", "delegate", "answer", "urge", "<x>"):
        assert nobody.post(path, {"verb": verb}).status == 200
    assert status(office, request_id) == "review"


def test_whatever_does_not_hold_is_answered_alike(office: Office, nobody: Reader, request_id: int) -> None:
    key = token(office, request_id, "boss")
    used, returned, late = (submitted(office) for _ in range(3))
    keys = {each: token(office, each, "boss") for each in (used, returned, late)}
    decide(nobody, f"/decide/{keys[used]}")
    with office.act("boss") as unit:
        from orderkit.engine import workflow

        one = next(each for each in workflow.tasks(unit) if each.record_id == returned)
        workflow.decide_task(unit, one.id, Verb.RETURN, "why", seen=one.seen)
    pages = [
        nobody.get(f"/decide/{each}")
        for each in ("1", "A" * 43, key[:-1], key + "A", key.swapcase(), keys[used], keys[returned])
    ]
    office.runtime.clock.advance(days=4)  # type: ignore[attr-defined]  # the clock of tests
    pages += [nobody.get(f"/decide/{keys[late]}"), nobody.get(f"/decide/{key}")]
    assert {each.status for each in pages} == {404}
    assert len({same(each) for each in pages}) == 1
    assert "/sign-in?next=%2Finbox" in pages[0].html
    assert len({same(decide(nobody, f"/decide/{each}")) for each in ("1", keys[used], keys[late])}) == 1


def test_another_persons_session_neither_helps_nor_hinders(
    office: Office, as_: SignIn, request_id: int
) -> None:
    path = link(office, request_id, "boss")
    reader = as_("ann")
    page = reader.get(path)
    assert "orderkit-person" not in page.response.headers
    assert "以 boss 的身份" in page.text
    assert decide(reader, path).status == 200
    with office.look(None) as unit:
        actors = select(workflow_event.c.actor_id).where(workflow_event.c.verb == "approve")
        assert set(unit.connection.execute(actors).scalars()) == {office.ids["boss"]}
    assert "ann" in reader.get("/account").html
    # Of a task the link of its person is needed: a session of theirs opens no other link.
    assert as_("boss").get("/decide/" + "A" * 43).status == 404


def test_what_changed_since_is_not_decided(office: Office, nobody: Reader, request_id: int) -> None:
    path = link(office, request_id, "boss")
    nobody.get(path)
    table = office.runtime.database.tables["request"]
    with office.act(None) as unit:
        unit.connection.execute(update(table).where(table.c.id == request_id).values(amount=99900))
    page = nobody.post(path.partition("?")[0], {"verb": "approve"})
    assert page.status == 409
    assert "内容已变更" in page.text
    assert nobody.get(path).status == 409
    assert status(office, request_id) == "review"


def test_who_must_show_a_second_factor_is_led_to_signing_in(
    office: Office, client: TestClient, nobody: Reader
) -> None:
    guarded = under(office, a_mailing_project("{id: s, approvers: role(odd)}", root=GUARDED))
    request = submitted(guarded)
    path = link(guarded, request, "dan")
    # The app runs under the usual project: that dan has a second factor is enough.

    mine = {"user_id": office.ids["dan"], "secret": "x", "confirmed_at": office.runtime.clock.now()}
    with office.act(None) as unit:
        unit.connection.execute(second_factor.insert().values(**mine))
    for page in (nobody.get(path, follow=False), decide(nobody, path)):
        assert page.status == 303
        assert page.response.headers["location"] == f"/sign-in?next=%2Fforms%2Frequest%2F{request}"
    assert status(guarded, request) == "review"


def test_a_missing_comment_is_asked_for_and_nothing_that_was_typed_is_lost(
    office: Office, nobody: Reader, request_id: int
) -> None:
    path = link(office, request_id, "boss", "reject")
    page = decide(nobody, path, "reject")
    assert page.status == 422
    assert "请填写意见" in page.text
    assert status(office, request_id) == "review"
    assert "已驳回" in decide(nobody, path, "reject", "太贵").text


def test_the_page_speaks_the_language_of_its_person(office: Office, nobody: Reader) -> None:
    two = under(office, a_mailing_project("{id: s, approvers: role(board)}"))
    page = nobody.get(link(two, submitted(two), "amy"))
    assert "submitted by ann" in page.text
    assert page.one("html").attributes["lang"] == "en"


def test_two_taps_at_once_are_one_decision(office: Office, client: TestClient, request_id: int) -> None:
    path = link(office, request_id, "boss").partition("?")[0]
    readers = [Reader(TestClient(client.app, base_url="http://shop.test")) for _ in range(4)]
    for each in readers:
        each.get(path)
    found: list[int] = []

    def tap(reader: Reader) -> None:
        found.append(reader.post(path, {"verb": "approve"}).status)

    threads = [threading.Thread(target=tap, args=(each,)) for each in readers]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(found) == [200, 404, 404, 404]
    with office.look(None) as unit:
        count = select(func.count()).select_from(workflow_event).where(workflow_event.c.verb == "approve")
        assert unit.connection.execute(count).scalar_one() == 1


def test_no_page_of_an_administrator_shows_a_token(office: Office, as_: SignIn, request_id: int) -> None:
    key = token(office, request_id, "boss")
    with office.act(None) as unit:
        unit.connection.execute(update(job).values(state="dead", error="refused"))
    for path in ("/admin/jobs", "/admin/audit", f"/forms/request/{request_id}"):
        page = as_("root").get(path)
        assert page.status == 200, path
        assert key not in page.html
