"""What is said with a decision: people it turns to are told, files go with a comment."""

import pytest

from orderkit.engine import comments, messages
from orderkit.engine.runtime import Channel
from orderkit.model.errors import Refused
from tests.engine.workflow.reviewing import decides, submitted

STEP = "{id: s, approvers: user(boss)}"


def told(office, login, request):
    with office.look(login) as unit:
        return [each.message for each in messages.inbox(unit) if each.record_id == request]


def upload(office, login, request):
    stored = comments.upload(
        office.runtime,
        office.person(login),
        Channel.PAGE,
        "request",
        request,
        name="offer.txt",
        chunks=[b"an offer"],
    )
    return stored.id


def test_whoever_a_decision_turns_to_is_told(office_with):
    office = office_with(STEP)
    request = submitted(office)
    decides(office, "boss", "approve", comment="fine, @cid please prepare it")
    assert told(office, "cid", request) == ["~mentioned"]
    assert told(office, "dan", request) == []


def test_files_go_with_the_comment_of_a_decision_where_that_is_allowed(office_with):
    office = office_with(STEP, more="may: {attach: true}")
    request = submitted(office)
    with pytest.raises(Refused) as refused:
        decides(office, "boss", "approve", comment=" ", files=[upload(office, "boss", request)])
    assert refused.value.problems[0].path == "comment"
    decides(office, "boss", "approve", comment="see this", files=[upload(office, "boss", request)])
    with office.look("ann") as unit:
        (comment,) = comments.comments(unit, "request", request)
    assert [each.name for each in comment.files] == ["offer.txt"]


def test_files_are_refused_where_nobody_may_attach_any(office_with):
    office = office_with(STEP)
    request = submitted(office)
    with pytest.raises(Refused):
        decides(office, "boss", "approve", comment="x", files=[upload(office, "boss", request)])
