"""The HTTP connector against its strict fake, over real loopback connections."""

import contextlib
import json
import socket
import threading

import pytest

from orderkit.connectors.connector_type import Call
from orderkit.connectors.http import TYPE
from orderkit.connectors.http.addresses import resolve
from orderkit.connectors.http.fake import FakeEndpoint, Scripted, serving
from orderkit.connectors.http.settings import Settings
from orderkit.model.errors import ConnectorFailed

SECRET = "Bearer very-secret"


@pytest.fixture(scope="module")
def endpoint():
    fake = FakeEndpoint(authorization=SECRET)
    with serving(fake) as url:
        yield fake, url


@pytest.fixture
def fake(endpoint):
    endpoint[0].requests.clear()
    endpoint[0].accepted.clear()
    endpoint[0].script.clear()
    return endpoint[0]


def settings(url, **more):
    return Settings.model_validate(
        {"base_url": url, "headers": {"Authorization": SECRET}, "allow_private_network": True, **more}
    )


def call(operation="post", key="receipt:1", timeout_seconds=5.0, **arguments):
    return Call(operation=operation, arguments=arguments, key=key, timeout_seconds=timeout_seconds)


def test_a_post_carries_json_and_key_and_returns_the_answer(endpoint, fake):
    answer = TYPE.call(
        settings(endpoint[1]), call(path="/receipts", query={"a": "1"}, body={"客户": "甲", "n": 1})
    )
    assert answer.result == {"number": "V0001"}
    (request,) = fake.requests
    assert (request.method, request.path, request.query) == ("POST", "/receipts", "a=1")
    assert request.body == {"客户": "甲", "n": 1}
    assert request.headers["idempotency-key"] == "receipt:1"
    assert request.headers["host"] == endpoint[1].removeprefix("http://")


def test_a_repeated_key_is_one_document(endpoint, fake):
    first = TYPE.call(settings(endpoint[1]), call(body={"n": 1}))
    second = TYPE.call(settings(endpoint[1]), call(body={"n": 1}))
    assert first.result == second.result
    assert len(fake.accepted) == 1
    with pytest.raises(ConnectorFailed) as other_body:
        TYPE.call(settings(endpoint[1]), call(body={"n": 2}))
    assert other_body.value.is_permanent


@pytest.mark.parametrize("operation", ["put", "patch", "delete"])
def test_every_write_carries_the_key(endpoint, fake, operation):
    TYPE.call(settings(endpoint[1]), call(operation, path="/x"))
    assert fake.requests[0].method == operation.upper()
    assert fake.requests[0].headers["idempotency-key"] == "receipt:1"


def test_a_read_returns_its_json(endpoint, fake):
    answer = TYPE.call(settings(endpoint[1]), call("get", path="rates", query={"q": "甲&乙"}))
    assert answer.result["path"] == "/rates"


def test_a_key_in_chinese_is_sent_encoded(endpoint, fake):
    TYPE.call(settings(endpoint[1]), call(key="发票:1", body={}))
    assert fake.requests[0].headers["idempotency-key"] == "%E5%8F%91%E7%A5%A8:1"


@pytest.mark.parametrize(
    ("scripted", "operation", "permanent", "unknown", "wait"),
    [
        pytest.param(Scripted(status=400), "post", True, False, None, id="a bad request stays bad"),
        pytest.param(Scripted(status=404), "get", True, False, None, id="not found stays so"),
        pytest.param(
            Scripted(status=302, headers={"location": "http://evil/"}),
            "post",
            True,
            False,
            None,
            id="a redirect is not followed",
        ),
        pytest.param(
            Scripted(status=409), "post", False, False, None, id="the first attempt is still at work"
        ),
        pytest.param(
            Scripted(status=429, headers={"retry-after": "17"}),
            "post",
            False,
            False,
            17.0,
            id="the system says how long to wait",
        ),
        pytest.param(Scripted(status=429), "post", False, False, 60.0, id="too many without a time"),
        pytest.param(
            Scripted(status=429, headers={"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}),
            "post",
            False,
            False,
            0.0,
            id="a date that has passed",
        ),
        pytest.param(
            Scripted(status=503, headers={"retry-after": "5"}),
            "post",
            False,
            False,
            5.0,
            id="unavailable: nothing was done",
        ),
        pytest.param(
            Scripted(status=500), "post", False, True, None, id="a write that failed may have been done"
        ),
        pytest.param(
            Scripted(status=500), "get", False, False, None, id="a read that failed is just repeated"
        ),
        pytest.param(Scripted(status=501), "post", True, False, None, id="never implemented"),
        pytest.param(
            Scripted(status=200, body=b"<html>sign in</html>"),
            "post",
            False,
            True,
            None,
            id="a page is no success",
        ),
    ],
)
def test_answers_are_classified(  # noqa: PLR0917 - a table
    endpoint, fake, scripted, operation, permanent, unknown, wait
):
    fake.script.append(scripted)
    with pytest.raises(ConnectorFailed) as failed:
        TYPE.call(
            settings(endpoint[1]), call(operation, **({} if operation == "get" else {"body": {"n": 1}}))
        )
    assert (failed.value.is_permanent, failed.value.is_outcome_unknown, failed.value.retry_after_seconds) == (
        permanent,
        unknown,
        wait,
    )
    assert str(scripted.status) in failed.value.summary


def test_an_empty_success_is_a_success(endpoint, fake):
    fake.script.append(Scripted(status=204, body=b""))
    assert TYPE.call(settings(endpoint[1]), call(body={})).result == {}


def test_an_answer_that_is_no_object_stands_as_value(endpoint, fake):
    fake.script.append(Scripted(status=200, body=b"[1, 2]"))
    assert TYPE.call(settings(endpoint[1]), call(body={})).result == {"value": [1, 2]}


def test_nobody_listens_is_tried_again():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ConnectorFailed) as failed:
        TYPE.call(settings(f"http://127.0.0.1:{port}"), call(body={}))
    assert (failed.value.is_permanent, failed.value.is_outcome_unknown) == (False, False)


@pytest.mark.parametrize("reply", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"])
def test_a_connection_cut_after_sending_leaves_the_outcome_unknown(reply):
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def cut():
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(reply)

        thread = threading.Thread(target=cut)
        thread.start()
        with pytest.raises(ConnectorFailed) as failed:
            TYPE.call(settings(f"http://127.0.0.1:{listening.getsockname()[1]}"), call(body={"n": 1}))
        thread.join()
    assert failed.value.is_outcome_unknown


@pytest.mark.parametrize(
    ("url", "allowed_private", "is_allowed"),
    [
        ("http://127.0.0.1", False, False),
        ("http://127.0.0.1", True, True),
        ("http://10.1.2.3", False, False),
        ("http://10.1.2.3", True, True),
        ("http://192.168.0.1", False, False),
        ("http://[::1]", False, False),
        ("http://[::1]", True, True),
        ("http://[::ffff:127.0.0.1]", False, False),
        ("http://169.254.169.254", True, False),
        ("http://[fe80::1]", True, False),
        ("http://100.100.100.200", True, False),
        ("http://0.0.0.0", True, False),
        ("http://224.0.0.1", True, False),
        ("http://1.1.1.1", False, True),
        ("ftp://1.1.1.1", True, False),
        ("http://2130706433", False, False),
    ],
)
def test_only_allowed_addresses_are_called(url, allowed_private, is_allowed):
    import httpx

    if is_allowed:
        assert resolve(httpx.URL(url), allow_private_network=allowed_private).urls
        return
    with pytest.raises(ConnectorFailed) as failed:
        resolve(httpx.URL(url), allow_private_network=allowed_private)
    assert failed.value.is_permanent


@pytest.mark.parametrize("path", ["//evil.example/x", "/../x", "x?y=1"])
def test_a_path_cannot_leave_the_host(endpoint, fake, path):
    with contextlib.suppress(ConnectorFailed):
        TYPE.call(settings(endpoint[1]), call("get", path=path))
    assert all(request.headers["host"] == endpoint[1].removeprefix("http://") for request in fake.requests)


def test_no_secret_stands_in_a_summary(endpoint, fake):
    body = {"api_key": "abc123", "deep": [{"password": "p4ss"}], "amount": "1.00"}
    answer = TYPE.call(settings(endpoint[1], auth=None), call(query={"access_token": "t0k"}, body=body))
    assert "1.00" in answer.summary
    for secret in ("abc123", "p4ss", "t0k", "very-secret"):
        assert secret not in answer.summary


@pytest.mark.parametrize(
    ("auth", "header"),
    [
        ({"bearer": "tok"}, "Bearer tok"),
        ({"basic": {"username": "u", "password": "p"}}, "Basic dTpw"),
    ],
)
def test_authorization_is_sent(auth, header):
    fake = FakeEndpoint(authorization=header)
    with serving(fake) as url:
        configured = Settings.model_validate({"base_url": url, "auth": auth, "allow_private_network": True})
        TYPE.call(configured, call(body={}))
        assert json.dumps(auth) not in repr(configured)
    assert len(fake.accepted) == 1
