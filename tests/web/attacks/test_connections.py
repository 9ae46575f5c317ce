"""Slow, cut and greedy connections to a real server: nothing is half saved, and others are served."""

import resource
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import httpx2
import pytest

from orderkit.engine.accounts.sessions import start_session
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.web.request.cookies import SESSION
from tests.support.office import Office
from tests.web.approved_shop import serving
from tests.web.reader import Reader

SECONDS = 10


@pytest.fixture
def url(office: Office) -> Iterator[str]:
    with serving(office) as url:
        yield url


@pytest.fixture
def reader(office: Office, url: str) -> Iterator[Reader]:
    with office.runtime.write(SYSTEM, Channel.PAGE) as unit:
        session = start_session(unit, office.ids["zhang"])
    with httpx2.Client(base_url=url, cookies={SESSION: session.token}, timeout=SECONDS) as client:
        reader = Reader(client)
        reader.csrf = session.csrf
        yield reader


@contextmanager
def connected(url: str) -> Iterator[socket.socket]:
    with socket.create_connection((urlsplit(url).hostname, urlsplit(url).port), timeout=SECONDS) as opened:
        yield opened


def request(reader: Reader, path: str, sent: dict[str, object]) -> bytes:
    """Return a whole request as bytes."""
    body = urlencode({"csrf_token": reader.csrf, **sent}, doseq=True).encode()
    cookies = "; ".join(f"{name}={value}" for name, value in reader.client.cookies.items())
    head = (
        f"POST {path} HTTP/1.1\r\nHost: shop\r\nCookie: {cookies}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def closes(answer: bytes) -> bool:
    """Return whether an answer says that the connection ends with it."""
    return b"\r\nconnection: close\r\n" in answer.lower()


def edited(reader: Reader, path: str) -> dict[str, object]:
    return {**reader.get(f"{path}/edit").form(path), "note": "x", "touched": "note", "drafted": "1"}


def test_a_form_cut_anywhere_saves_nothing_or_all(
    office: Office, url: str, reader: Reader, order: int
) -> None:
    path = f"/forms/order/{order}"
    whole = request(reader, path, edited(reader, path))
    for share in (0.1, 0.5, 0.9, 0.999):
        with connected(url) as opened:
            opened.sendall(whole[: int(len(whole) * share)])
    assert reader.get(path).status == 200
    assert office.value("order", order, "note") is None


def test_an_answer_that_nobody_waits_for_is_saved_whole_and_once(
    office: Office, url: str, reader: Reader, order: int
) -> None:
    path = f"/forms/order/{order}"
    whole = request(reader, path, edited(reader, path))
    with connected(url) as opened:
        opened.sendall(whole)
        opened.shutdown(socket.SHUT_WR)
    with connected(url) as opened:
        opened.sendall(whole)
        assert opened.recv(64).startswith(b"HTTP/1.1 ")
    revision = office.value("order", order, "revision")
    assert (office.value("order", order, "note"), revision) == ("x", 2)


def test_those_who_send_slowly_hold_up_nobody(url: str, reader: Reader, order: int) -> None:
    path = f"/forms/order/{order}"
    whole = request(reader, path, edited(reader, path))
    with ExitStack() as stack:
        for _ in range(60):
            opened = stack.enter_context(connected(url))
            opened.sendall(whole[:-20])
        assert reader.get("/healthz").status == 200
        assert reader.get(path).status == 200


def test_who_stops_sending_is_let_go(office: Office, order: int) -> None:
    with serving(office, patience_seconds=0.2) as url, connected(url) as opened:
        opened.sendall(
            b"POST /sign-in HTTP/1.1\r\nHost: shop\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nlogin="
        )
        answer = b"".join(iter(lambda: opened.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert closes(answer)
    assert "提交得太慢".encode() in answer or b"came too slowly" in answer
    with serving(office, patience_seconds=0.2) as url, connected(url) as opened:
        opened.sendall(
            b"POST /api/v1/order HTTP/1.1\r\nHost: shop\r\nAuthorization: Bearer ok_x\r\n"
            b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"
        )
        answer = b"".join(iter(lambda: opened.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert closes(answer)
    assert b"application/problem+json" in answer


@pytest.mark.parametrize("path", ["/sign-in", "/api/v1/order"])
@pytest.mark.parametrize("is_announced", [True, False], ids=["announced", "chunked"])
def test_what_is_left_of_a_body_that_is_too_large_is_no_next_request(
    office: Office, path: str, *, is_announced: bool
) -> None:
    body = b"x" * 1025
    if is_announced:
        head, sent = b"Content-Length: 1025", body
    else:
        head, sent = b"Transfer-Encoding: chunked", b"401\r\n" + body + b"\r\n"
    with serving(office, largest_body=1024) as url, connected(url) as opened:
        opened.sendall(
            b"POST " + path.encode() + b" HTTP/1.1\r\nHost: shop\r\nAuthorization: Bearer ok_x\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n" + head + b"\r\n\r\n" + sent
        )
        answer = b"".join(iter(lambda: opened.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert closes(answer)


def test_who_sends_a_body_that_is_far_too_large_is_told_so(office: Office) -> None:
    with serving(office, largest_body=1024) as url, httpx2.Client(timeout=SECONDS) as client:
        assert [client.post(f"{url}/sign-in", content=b"x" * 8_000_000).status_code for _ in range(5)] == [
            413
        ] * 5


@pytest.mark.parametrize("is_announced", [True, False], ids=["announced", "chunked"])
def test_a_gigabyte_that_is_uploaded_is_cut_off_and_leaves_nothing(
    office: Office, reader: Reader, tmp_path: Path, *, is_announced: bool
) -> None:
    bound, gigabyte = 8 * 1024**2, 1024**3
    chunk = b"\0" * 1024**2
    cookies = "; ".join(f"{name}={value}" for name, value in reader.client.cookies.items())
    begun = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n"
    )
    length = f"Content-Length: {gigabyte}" if is_announced else "Transfer-Encoding: chunked"
    head = (
        f"POST /imports/superstore HTTP/1.1\r\nHost: shop\r\nCookie: {cookies}\r\nX-CSRF-Token: {reader.csrf}\r\n"
        f"Content-Type: multipart/form-data; boundary=x\r\n{length}\r\n\r\n"
    ).encode()
    with (
        kept_temporary(tmp_path) as temporary,
        serving(office, largest_upload=bound) as url,
        connected(url) as opened,
    ):
        sent, most_kept = 0, 0
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        opened.sendall(head)
        try:
            for data in (begun, *[chunk] * (gigabyte // len(chunk))):
                opened.sendall(data if is_announced else b"%x\r\n%s\r\n" % (len(data), data))
                sent += len(data)
                most_kept = max(most_kept, put_aside(temporary))
        except OSError:
            # Whoever goes on sending is cut off.
            pass
        answer = received(opened)
        # Nobody knows how much the system holds between two sockets, but it is no gigabyte.
        assert sent < 64 * 1024**2
        assert most_kept <= 2 * bound
        assert answer.startswith(b"HTTP/1.1 413 ") or (not answer and not is_announced)
        assert not answer or closes(answer)
        assert httpx2.get(f"{url}/healthz").status_code == 200
        until = time.monotonic() + SECONDS
        while put_aside(temporary) and time.monotonic() < until:
            time.sleep(0.05)
        assert put_aside(temporary) == 0, "what came is let go"
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 100 * 1024
        assert not [each for each in office.runtime.files_folder.rglob("*") if each.is_file()]


def received(opened: socket.socket) -> bytes:
    """Return what the server said before it hung up."""
    found = b""
    try:
        while data := opened.recv(65536):
            found += data
    except OSError:
        pass
    return found


@contextmanager
def kept_temporary(folder: Path) -> Iterator[Path]:
    """Let files that are put aside lie in a folder of their own."""
    before, tempfile.tempdir = tempfile.tempdir, str(folder / "put-aside")
    Path(tempfile.tempdir).mkdir()
    try:
        yield Path(tempfile.tempdir)
    finally:
        tempfile.tempdir = before


def put_aside(folder: Path) -> int:
    """Return how many bytes this process holds in files of a folder, those too that have no name there."""
    found = 0
    for each in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            if str(each.readlink()).startswith(str(folder)):
                found += each.stat().st_size
    return found


@pytest.mark.parametrize(
    "raw",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x00\x01\x02\r\n\r\n",
        b"GET " + b"/a" * 50_000 + b" HTTP/1.1\r\nHost: shop\r\n\r\n",
        b"POST /sign-in HTTP/1.1\r\nHost: shop\r\nContent-Length: -5\r\n\r\n",
        b"POST /sign-in HTTP/1.1\r\nHost: shop\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET /forms/order HTTP/1.1\r\nHost: evil.test\r\nX-Forwarded-Host: evil.test\r\n\r\n",
        b"GET /%00 HTTP/1.1\r\nHost: shop\r\n\r\n",
        b"GET /%ff%fe HTTP/1.1\r\nHost: shop\r\n\r\n",
    ],
    ids=["no host", "bytes", "long", "negative length", "two lengths", "other host", "null", "no utf-8"],
)
def test_what_is_no_request_is_refused_and_the_next_is_served(url: str, reader: Reader, raw: bytes) -> None:
    with connected(url) as opened:
        opened.sendall(raw)
        answer = opened.recv(4096)
    assert not answer.startswith((b"HTTP/1.1 2", b"HTTP/1.1 5")), answer[:200]
    assert b"evil.test" not in answer
    assert reader.get("/healthz").status == 200
