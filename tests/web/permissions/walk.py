"""One project with its people and records, and everything that is asked of it: each answer is held against the oracle."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar

import httpx2
from starlette.testclient import TestClient

from orderkit.engine.accounts import make_token
from orderkit.engine.accounts.sessions import start_session
from orderkit.engine.following import NOTICE_JOB, NoticeHandler
from orderkit.engine.jobs import Worker
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.model.forms import Form
from orderkit.web.app import create_app
from orderkit.web.request.cookies import SESSION
from orderkit.web.server.secret_keys import SecretKeys
from orderkit.web.server.settings import Settings
from tests.support.office import Office
from tests.web.permissions.filling import Filler
from tests.web.permissions.markers import Markers, text_of_answer, tokens_of, without_days
from tests.web.permissions.oracle import Memory, Sight, everybody

_T = TypeVar("_T")
KEY = "a key that is long enough"


@dataclass
class Walk:
    """What is walked over. Of many alike `most` are asked for.

    `differences` are defects in words, `counted` how much was looked at.
    """

    office: Office
    client: TestClient
    memory: Memory
    markers: Markers
    gone: frozenset[tuple[str, int]]
    random: Random
    most: int
    differences: list[str] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.people = everybody(self.office, self.memory)
        self._permitted: dict[str, frozenset[str]] = {}
        self._tokens: dict[str, str] = {}
        self._sessions: dict[str, tuple[str, str]] = {}

    @property
    def forms(self) -> tuple[Form, ...]:
        return self.memory.shown_forms

    def records(self) -> Iterator[tuple[Form, int]]:
        """Yield every record that is not in the bin."""
        for form in self.forms:
            for record_id in self.memory.tables[form.id]:
                yield form, record_id

    def some(self, found: Iterable[_T]) -> list[_T]:
        """Return some of many, all of a few."""
        listed = list(found)
        return listed if len(listed) <= self.most else self.random.sample(listed, self.most)

    def permitted(self, sight: Sight) -> frozenset[str]:
        """Return what may stand in answers to a person."""
        if sight.login not in self._permitted:
            revived = Sight(self.markers.memory, sight.login, sight.person_id, sight.roles)
            self._permitted[sight.login] = self.markers.permitted(sight, revived)
        return self._permitted[sight.login]

    def differ(self, sight: Sight | None, channel: str, what: str) -> None:
        """Write down a defect."""
        login = "" if sight is None else f"{sight.login} ({', '.join(sorted(sight.roles)) or 'no role'})"
        self.differences.append(f"{channel}: {login}: {what}")

    def same(self, sight: Sight, channel: str, what: str, found: object, expected: object) -> None:
        """Hold what a channel says against what the oracle says."""
        self.counted[channel] += 1
        if found != expected:
            self.differ(sight, channel, f"{what}: {found!r} instead of {expected!r}")

    def hold(
        self, sight: Sight, channel: str, what: str, answer: httpx2.Response, asked: str = ""
    ) -> set[str]:
        """Find no marker in an answer that this person may not see; return those that stand in it.

        What was asked for is said back by some pages, so `asked` does not count.
        """
        text = text_of_answer(answer)
        if asked:
            text = text.replace(asked, "")
        if "/calendar" in what:
            text = without_days(text)
        found = self.markers.found_in(text)
        self.counted[channel] += 1
        self.counted["markers seen"] += len(found)
        unseen = found - self.permitted(sight)
        if "copy=" in what:
            # A form that is filled in computes anew, from the values that its reader sees and copies.
            unseen = {
                each for each in unseen if not all(map(self.markers.is_computed, self.markers.cells[each]))
            }
        for token in sorted(unseen):
            cells = ", ".join(
                f"{each.form} {each.id} {each.path}" for each in sorted(self.markers.cells[token])
            )
            self.differ(sight, channel, f"{what} ({answer.status_code}) shows {token} of {cells}")
        if answer.status_code >= 500:
            self.differ(sight, channel, f"{what} answers {answer.status_code}: {answer.text[:300]}")
        return found

    def page(
        self, sight: Sight, path: str, data: dict[str, Any] | None = None, *, method: str = "", **more: Any
    ) -> httpx2.Response:
        """Ask for a page, or send a form, as this person."""
        token, csrf = self._session(sight)
        self.client.cookies.clear()
        self.client.cookies.set(SESSION, token, domain="shop.test")
        if method != "POST" and data is None:
            return self.client.get(path, follow_redirects=False, **more)
        return self.client.post(
            path, data={"csrf_token": csrf, **(data or {})}, follow_redirects=False, **more
        )

    def call(self, sight: Sight, method: str, path: str, body: object = None) -> httpx2.Response:
        """Call the API with a token of this person."""
        if sight.login not in self._tokens:
            with self.office.runtime.write(SYSTEM, Channel.COMMAND) as unit:
                self._tokens[sight.login] = make_token(unit, sight.person_id, "walk")
        self.client.cookies.clear()
        return self.client.request(
            method,
            f"/api/v1{path}",
            content=None if body is None else json.dumps(body).encode(),
            headers={
                "authorization": f"Bearer {self._tokens[sight.login]}",
                "content-type": "application/json",
            },
        )

    def _session(self, sight: Sight) -> tuple[str, str]:
        if sight.login not in self._sessions:
            with self.office.runtime.write(SYSTEM, Channel.PAGE) as unit:
                session = start_session(unit, sight.person_id)
            self._sessions[sight.login] = (session.token, session.csrf)
        return self._sessions[sight.login]

    def end(self) -> None:
        """Fail with all that was found."""
        assert self.differences == [], "\n".join(
            [f"{len(self.differences)} differences", *self.differences[:60]]
        )


@contextmanager
def walking(office: Office, filler: Filler, *, most: int) -> Iterator[Walk]:
    """Let everything come to rest in a filled office, and open it."""
    before = Memory(office)
    filler.delete()
    Worker(office.runtime, {NOTICE_JOB: NoticeHandler()}).run_once()
    memory = Memory(office)
    gone = frozenset(filler.traces.deleted)
    markers = Markers(Memory(office, before), gone)
    for token, form, record_id, path in filler.traces.markers:
        for each in tokens_of(token):
            markers.add(each, form, record_id, path)
    settings = Settings(secret_keys=SecretKeys([KEY]), threads=4)
    with TestClient(create_app(office.runtime, settings), base_url="http://shop.test") as client:
        client.headers["accept-language"] = "zh-CN"
        yield Walk(office, client, memory, markers, gone, filler.random, most)
