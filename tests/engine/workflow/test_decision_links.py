"""Deciding by a link from a mail: who gets one, what it opens, and after what it opens nothing any more."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from orderkit.database.schema.system_tables import audit, job, second_factor, session, workflow_task
from orderkit.database.schema.system_tables import decision_link as links
from orderkit.engine import workflow
from orderkit.engine.answering import LinkLapsed, SignInFirst, answer, read_link
from orderkit.engine.workflow import Verb
from orderkit.engine.workflow.approvals.reassigning import reassign_task
from orderkit.engine.workflow.decision_links import remove_old_links
from orderkit.engine.workflow.decision_links.settings import lifetime, public_address
from orderkit.model.errors import Refused, Stale
from tests.engine.workflow.reviewing import status, submitted, task_of, under
from tests.support.clock import FakeClock
from tests.support.links import (
    ADDRESS,
    ENVIRONMENT,
    GUARDED,
    KEYS,
    STAFF,
    a_mailing_project,
    mails,
    token,
    with_keys,
)
from tests.support.office import open_office

TWO = "{id: one, approvers: role(lead)}", "{id: two, approvers: role(board)}"


@pytest.fixture(scope="module")
def office(databases, dialect, tmp_path_factory):
    mark = databases.mark()
    base = a_mailing_project()
    folder = tmp_path_factory.mktemp("links")
    opened = open_office(
        base, databases.make(base, dialect), folder, FakeClock(), STAFF, environment=ENVIRONMENT
    )
    yield with_keys(opened)
    databases.clear(mark)


def decided(office, request, login="boss", verb=Verb.APPROVE, comment=None):
    return answer(office.runtime, token(office, request, login), verb, comment)


def test_a_mail_decides_its_task_as_its_person_once_and_says_so(office):
    request = submitted(office)
    key = token(office, request, "boss")
    assert decided(office, request).state == "done"
    with office.look(None) as unit:
        (last,) = [each for each in workflow.timeline(unit, "request", request) if each.verb == "approve"]
        noted = select(audit.c.actor_id, audit.c.channel).where(audit.c.verb == "decided_by_link")
        (entry,) = unit.connection.execute(noted.order_by(audit.c.id.desc()).limit(1)).all()
        sessions = unit.connection.execute(select(func.count()).select_from(session)).scalar_one()
    assert (last.actor.name, last.channel) == ("boss", "link")
    assert (entry.actor_id, entry.channel) == (office.ids["boss"], "link")
    assert sessions == 0
    for what in (Verb.APPROVE, Verb.REJECT):
        with pytest.raises(LinkLapsed):
            answer(office.runtime, key, what, "again")
    with pytest.raises(LinkLapsed):
        read_link(office.runtime, key)


def test_opening_a_link_any_number_of_times_decides_nothing(office):
    request = submitted(office)
    for _ in range(3):
        assert read_link(office.runtime, token(office, request, "boss")).record_id == request
    assert status(office, request) == "review"
    assert decided(office, request, verb=Verb.RETURN, comment="why").state == "draft"


def test_a_refused_decision_leaves_the_link_as_it_was(office):
    request = submitted(office)
    with pytest.raises(Refused):
        decided(office, request, verb=Verb.REJECT)
    assert decided(office, request, verb=Verb.REJECT, comment="too dear").state == "refused"


@pytest.mark.parametrize(
    "change", ["truncated", "longer", "another letter", "empty", "another's salt", "not ASCII"]
)
def test_a_forged_token_opens_nothing(office, change):
    request = submitted(office)
    key = token(office, request, "boss")
    forged = {
        "truncated": key[:-1],
        "longer": key + "A",
        "another letter": ("B" if key[0] == "A" else "A") + key[1:],
        "empty": "",
        "another's salt": "0" * 64,
        "not ASCII": "钥匙" + key,
    }[change]
    with pytest.raises(LinkLapsed):
        answer(office.runtime, forged, Verb.APPROVE)
    assert status(office, request) == "review"


def test_neither_the_table_nor_the_queue_holds_the_token(office):
    request = submitted(office)
    key = token(office, request, "boss")
    with office.look(None) as unit:
        rows = unit.connection.execute(select(links)).all()
        queued = unit.connection.execute(select(job.c.payload)).scalars().all()
    assert len(key) == 43
    assert key not in repr(rows) + repr(queued)


def test_a_title_cannot_lead_a_link_elsewhere(office):
    """Of what waits in the queue the mark is known to nobody who wrote the record."""
    marks = []
    for _ in range(2):
        request = submitted(office, title="https://evil.example/?x={mark}approve_url{approve_url}")
        with office.look(None) as unit:
            found = select(job.c.payload).where(job.c.record_id == request)
            marks.append(unit.connection.execute(found).scalars().all()[-1]["held_back"]["mark"])
        text = mails(office, request)["boss"]
        addresses = re.findall(r"\S*" + token(office, request, "boss") + r"\S*", text)
        assert len(addresses) == 2
        assert all(each.startswith(f"{ADDRESS}/decide/") for each in addresses)
    assert marks[0] != marks[1]
    assert all(len(each) == 32 for each in marks)


def test_a_mail_that_is_tried_again_carries_the_same_link_also_after_a_key_was_added(office):
    request = submitted(office)
    first = mails(office, request)
    later = replace(office.runtime, keys_for=lambda _: (b"a newer key that came into use", *KEYS))
    again = under(office, office.runtime.project)
    again.runtime = later
    assert mails(again, request) == first
    again.runtime = replace(office.runtime, keys_for=lambda _: (b"another",))
    assert "/decide/gone?" in mails(again, request)["boss"]


def test_a_link_ends_after_its_days(office):
    request = submitted(office)
    key = token(office, request, "boss")
    office.runtime.clock.advance(days=3, seconds=-1)
    assert read_link(office.runtime, key)
    office.runtime.clock.advance(seconds=1)
    with pytest.raises(LinkLapsed):
        answer(office.runtime, key, Verb.APPROVE)


def test_a_link_dies_with_its_task_however_that_ends(office):
    request = submitted(office)
    key = token(office, request, "boss")
    office.decide("boss", Verb.RETURN, "look again")
    with pytest.raises(LinkLapsed):
        read_link(office.runtime, key)
    office.do("ann", "request", request, "submit")
    assert token(office, request, "boss") != key
    with pytest.raises(LinkLapsed):
        read_link(office.runtime, key)
    pulled = token(office, request, "boss")
    office.do("boss", "request", request, "pull")
    with pytest.raises(LinkLapsed):
        read_link(office.runtime, pulled)


def test_a_link_dies_when_its_task_is_handed_on_and_stays_dead_when_it_comes_back(office):
    request = submitted(office)
    key, task = token(office, request, "boss"), task_of(office, "boss", request)
    for holder, taker in (("boss", "amy"), ("amy", "boss")):
        with office.act("root") as unit:
            reassign_task(unit, task.id, office.ids[holder], office.ids[taker], "on leave")
        with pytest.raises(LinkLapsed):
            answer(office.runtime, key, Verb.APPROVE)
    assert "For you to decide" not in mails(office, request)["boss"]
    assert decided(office, request).state == "done"


def test_a_link_of_who_was_let_go_opens_nothing(office):
    request = submitted(office)
    key = token(office, request, "boss")
    user = office.runtime.database.tables["user"]

    def is_active(value):
        with office.act(None) as unit:
            unit.connection.execute(update(user).where(user.c.id == office.ids["boss"]).values(active=value))

    is_active(False)
    try:
        with pytest.raises(LinkLapsed):
            answer(office.runtime, key, Verb.APPROVE)
    finally:
        is_active(True)


def test_what_changed_since_the_mail_has_to_be_looked_at_again(office):
    request = submitted(office)
    key = token(office, request, "boss")
    table = office.runtime.database.tables["request"]
    with office.act(None) as unit:
        unit.connection.execute(update(table).where(table.c.id == request).values(amount=99900))
    assert read_link(office.runtime, key).is_changed
    with pytest.raises(Stale):
        answer(office.runtime, key, Verb.APPROVE)
    assert status(office, request) == "review"


def test_who_must_show_a_second_factor_signs_in(office):
    guarded = under(office, a_mailing_project("{id: s, approvers: role(odd)}", root=GUARDED))
    request = submitted(guarded)
    assert read_link(guarded.runtime, token(guarded, request, "dan")).needs_sign_in
    with pytest.raises(SignInFirst):
        decided(guarded, request, "dan")
    assert status(guarded, request) == "review"
    # So does who has set one up without being made to.
    request = submitted(office)
    mine = {"user_id": office.ids["boss"], "secret": "x", "confirmed_at": office.runtime.clock.now()}
    with office.act(None) as unit:
        unit.connection.execute(second_factor.insert().values(**mine))
    try:
        with pytest.raises(SignInFirst):
            decided(office, request)
    finally:
        with office.act(None) as unit:
            unit.connection.execute(second_factor.delete())


def test_each_step_tells_its_own_people_once_in_their_language(office):
    two = under(office, a_mailing_project(*TWO))
    request = submitted(two)
    assert set(mails(two, request)) == {"boss"}
    assert decided(two, request).state == "review"
    told = mails(two, request)
    assert set(told) == {"boss", "amy"}
    assert "submitted by ann" in told["amy"]
    assert "Opening a link decides nothing" in told["amy"]
    assert "ann提交的" in told["boss"]
    assert f"{ADDRESS}/forms/request/{request}" in told["amy"]
    with two.look(None) as unit:
        queued = select(func.count()).where(job.c.record_id == request, job.c.kind == "message")
        assert unit.connection.execute(queued).scalar_one() == 2
    assert decided(two, request, "amy").state == "done"


def test_what_takes_a_signature_is_not_decided_from_a_mail(office):
    signed = under(office, a_mailing_project("{id: s, approvers: role(lead), sign: true}"))
    text = mails(signed, submitted(signed))["boss"]
    assert "/decide/" not in text
    assert "/forms/request/" in text


def test_without_an_address_a_key_or_a_mailbox_nothing_is_sent(office):
    for changed in (
        replace(office.runtime, environment={}.get),
        replace(office.runtime, environment={"ORDERKIT_PUBLIC_URL": "javascript:alert(1)"}.get),
        replace(office.runtime, keys_for=lambda _: ()),
    ):
        silent = under(office, office.runtime.project)
        silent.runtime = changed
        assert mails(silent, submitted(silent)) == {}
    nobody = under(office, a_mailing_project("{id: s, approvers: role(nobody)}"))
    request = submitted(nobody)
    assert mails(nobody, request) == {}
    assert task_of(nobody, "mute", request)


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("https://orders.example.com", "https://orders.example.com"),
        (" https://orders.example.com:8443/ ", "https://orders.example.com:8443"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("orders.example.com", None),
        ("https://user:word@orders.example.com", None),
        ("https://orders.example.com/path?x=1", None),
        ("ftp://orders.example.com", None),
        ("", None),
    ],
)
def test_the_address_of_the_app_is_one_of_a_server_and_nothing_else(office, given, address):
    assert public_address(replace(office.runtime, environment={"ORDERKIT_PUBLIC_URL": given}.get)) == address


@pytest.mark.parametrize(("given", "days"), [("", 3), ("1", 1), ("99", 30), ("0", 3), ("-1", 3), ("x", 3)])
def test_how_long_links_hold_is_set_within_bounds(office, given, days):
    runtime = replace(office.runtime, environment={"ORDERKIT_DECISION_LINK_DAYS": given}.get)
    assert lifetime(runtime) == timedelta(days=days)


def test_who_guesses_has_to_wait_and_nobody_else_has(office):
    request = submitted(office)
    key = token(office, request, "boss")
    for number in range(20):
        with pytest.raises(LinkLapsed):
            read_link(office.runtime, f"guess {number}", address="198.51.100.7")
    with pytest.raises(LinkLapsed):
        read_link(office.runtime, key, address="198.51.100.7")
    assert read_link(office.runtime, key, address="198.51.100.8")
    office.runtime.clock.advance(minutes=16)
    assert read_link(office.runtime, key, address="198.51.100.7")


def test_an_old_mail_is_no_guess(office):
    request = submitted(office)
    key = token(office, request, "boss")
    decided(office, request)
    for _ in range(30):
        with pytest.raises(LinkLapsed):
            read_link(office.runtime, key, address="198.51.100.9")
    other = submitted(office)
    assert read_link(office.runtime, token(office, other, "boss"), address="198.51.100.9")


def test_links_of_settled_tasks_are_removed_and_an_open_one_is_not_told_again(office):
    settled, waiting = submitted(office), submitted(office)
    decided(office, settled)
    office.runtime.clock.advance(days=4)
    with office.act(None) as unit:
        remove_old_links(unit)
        kept = select(workflow_task.c.record_id).join(links, links.c.task_id == workflow_task.c.id)
        records = set(unit.connection.execute(kept).scalars())
    assert waiting in records
    assert settled not in records
