"""A strict mail server on a free port of this machine: keeps what arrived, refuses what it should.

It speaks as much SMTP as a client needs (EHLO, AUTH PLAIN, MAIL, RCPT, DATA, RSET, NOOP, QUIT) and
answers 503 to commands out of order.
"""

import base64
import binascii
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """One mail as it arrived, with its envelope."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage


@dataclass(slots=True, kw_only=True)
class FakeMailServer:
    """What a server requires and what it got. `answers` replaces its answer to a command once."""

    username: str | None = None
    password: str | None = None
    unknown_recipients: frozenset[str] = frozenset()
    answers: dict[str, str] = field(default_factory=dict)
    hangs_up_on: str | None = None
    delivered: list[Delivered] = field(default_factory=list)
    port: int = 0

    @contextmanager
    def serving(self) -> Iterator["FakeMailServer"]:
        """Serve on a free port, which is then `port`."""
        fake = self

        class Handler(_Conversation):
            server_state = fake

        with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
            server.daemon_threads = True
            self.port = server.server_address[1]
            thread = threading.Thread(
                target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
            )
            thread.start()
            try:
                yield self
            finally:
                server.shutdown()
                thread.join(timeout=10)


class _Conversation(socketserver.StreamRequestHandler):
    """One client, from greeting to QUIT."""

    server_state: FakeMailServer

    def setup(self) -> None:
        super().setup()
        self.is_greeted = False
        self.is_signed_in = self.server_state.username is None
        self._reset()

    def _reset(self) -> None:
        self.sender: str | None = None
        self.recipients: list[str] = []

    def handle(self) -> None:
        self._say("220 fake ESMTP")
        while line := self.rfile.readline(4096):
            verb, _, rest = line.decode("utf-8").rstrip("\r\n").partition(" ")
            verb = verb.upper()
            if self.server_state.hangs_up_on == verb:
                return
            scripted = self.server_state.answers.pop(verb, None)
            answer = scripted if scripted is not None else self._answer(verb, rest)
            if answer is None:
                return
            self._say(answer)
            if verb == "QUIT":
                return

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def _answer(self, verb: str, rest: str) -> str | None:
        if verb in {"EHLO", "HELO"}:
            self.is_greeted = True
            offers_sign_in = verb == "EHLO" and self.server_state.username is not None
            return (
                "250-fake\r\n250-SMTPUTF8\r\n250 AUTH PLAIN" if offers_sign_in else "250-fake\r\n250 SMTPUTF8"
            )
        if verb in {"NOOP", "QUIT"}:
            return "221 bye" if verb == "QUIT" else "250 ok"
        if not self.is_greeted:
            return "503 say EHLO first"
        return self._mail_answer(verb, rest)

    def _mail_answer(self, verb: str, rest: str) -> str | None:
        if verb == "AUTH":
            return self._sign_in(rest)
        if verb == "RSET":
            self._reset()
            return "250 ok"
        if not self.is_signed_in:
            return "530 authentication required"
        if verb == "MAIL" and rest.upper().startswith("FROM:"):
            self.sender = rest[5:].split(maxsplit=1)[0].strip("<>")
            return "250 ok"
        if verb == "RCPT" and rest.upper().startswith("TO:") and self.sender is not None:
            address = rest[3:].split(maxsplit=1)[0].strip("<>")
            if address in self.server_state.unknown_recipients:
                return "550 no such mailbox"
            self.recipients.append(address)
            return "250 ok"
        if verb == "DATA" and self.recipients:
            return self._take_message()
        return "503 out of order"

    def _sign_in(self, rest: str) -> str:
        method, _, initial = rest.partition(" ")
        if method.upper() != "PLAIN":
            return "504 only PLAIN"
        try:
            _, username, password = base64.b64decode(initial).decode().split("\0")
        except (binascii.Error, ValueError):
            return "501 not understood"
        if (username, password) != (self.server_state.username, self.server_state.password):
            return "535 wrong user name or password"
        self.is_signed_in = True
        return "235 welcome"

    def _take_message(self) -> str | None:
        self._say("354 go on")
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line[1:] if line.startswith(b".") else line)
        if self.server_state.hangs_up_on == "MESSAGE":
            return None
        message = message_from_bytes(b"".join(lines), policy=policy.default)
        assert self.sender is not None
        self.server_state.delivered.append(
            Delivered(sender=self.sender, recipients=tuple(self.recipients), message=message)
        )
        self._reset()
        return "250 queued"
