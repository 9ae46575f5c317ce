"""The mail connector against its strict fake, over real loopback connections."""

import socket

import pytest

from orderkit.connectors.connector_type import Call
from orderkit.connectors.smtp import TYPE
from orderkit.connectors.smtp.connector import Settings
from orderkit.connectors.smtp.fake import FakeMailServer
from orderkit.model.errors import ConnectorFailed


def settings(port, **more):
    given = {"host": "127.0.0.1", "port": port, "starttls": False, "from": "订单 <orders@example.com>"}
    return Settings.model_validate({**given, **more})


def call(to="a@example.com", subject="发货通知", text="您的订单已发货\n.\n谢谢", key="1:ship"):
    return Call(
        operation="send", arguments={"to": to, "subject": subject, "text": text}, key=key, timeout_seconds=5
    )


def test_a_mail_arrives_as_it_was_written():
    with FakeMailServer(username="u", password="p").serving() as server:
        TYPE.call(settings(server.port, username="u", password="p"), call())
    (mail,) = server.delivered
    assert (mail.sender, mail.recipients) == ("orders@example.com", ("a@example.com",))
    assert mail.message["Subject"] == "发货通知"
    assert mail.message.get_content().strip().splitlines() == ["您的订单已发货", ".", "谢谢"]


def test_a_repeated_mail_has_the_same_message_id():
    with FakeMailServer().serving() as server:
        TYPE.call(settings(server.port), call())
        TYPE.call(settings(server.port), call())
        TYPE.call(settings(server.port), call(key="2:ship"))
    first, second, other = (mail.message["Message-ID"] for mail in server.delivered)
    assert first == second != other


@pytest.mark.parametrize(
    ("server", "more", "permanent", "unknown"),
    [
        pytest.param(
            FakeMailServer(username="u", password="p"),
            {"username": "u", "password": "x"},
            True,
            False,
            id="a wrong password stays wrong",
        ),
        pytest.param(
            FakeMailServer(unknown_recipients=frozenset({"a@example.com"})),
            {},
            True,
            False,
            id="nobody lives there",
        ),
        pytest.param(FakeMailServer(answers={"RCPT": "450 try later"}), {}, False, False, id="a grey list"),
        pytest.param(FakeMailServer(answers={"MAIL": "421 too busy"}), {}, False, False, id="too busy"),
        pytest.param(
            FakeMailServer(answers={"DATA": "554 spam"}), {}, True, False, id="refused for its content"
        ),
        pytest.param(FakeMailServer(hangs_up_on="EHLO"), {}, False, False, id="cut before the mail"),
        pytest.param(FakeMailServer(hangs_up_on="MESSAGE"), {}, False, True, id="cut after the mail"),
        pytest.param(
            FakeMailServer(), {"starttls": True}, True, False, id="no encryption offered: nothing is sent"
        ),
    ],
)
def test_refusals_are_classified(server, more, permanent, unknown):
    with server.serving(), pytest.raises(ConnectorFailed) as failed:
        TYPE.call(settings(server.port, **more), call())
    assert (failed.value.is_permanent, failed.value.is_outcome_unknown) == (permanent, unknown)
    assert server.delivered == []


def test_nobody_listens_is_tried_again():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ConnectorFailed) as failed:
        TYPE.call(settings(port), call())
    assert not failed.value.is_permanent


@pytest.mark.parametrize(
    "arguments",
    [
        {"subject": "a\r\nBcc: everyone@example.com"},
        {"to": ()},
        {"to": "no address"},
        {"to": "a@b\nBcc: c@d"},
    ],
)
def test_what_cannot_be_a_mail_is_refused_before_connecting(arguments):
    with pytest.raises(ConnectorFailed) as failed:
        TYPE.call(settings(1), call(**arguments))
    assert failed.value.is_permanent
