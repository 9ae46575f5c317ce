"""A real server and a real Chromium. What a page prints as an error fails the test that opened it."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request, expect, sync_playwright

from orderkit.catalog import Catalog
from orderkit.engine.access.people import find_person
from orderkit.engine.accounts.sessions import start_session
from orderkit.engine.importing import seeds
from orderkit.engine.jobs import Worker
from orderkit.engine.opening import job_handlers, runtime_over
from orderkit.engine.runtime import SYSTEM, Channel, Runtime
from orderkit.model.project import Project
from orderkit.model.stored import model_hash
from orderkit.testing.playing import make_people
from orderkit.testing.story import PersonWords, Story
from orderkit.web.app import create_app
from orderkit.web.request.cookies import SESSION
from orderkit.web.server.secret_keys import SecretKeys
from orderkit.web.server.settings import Settings
from tests.support.databases import Databases
from tests.support.projects import example

PASSWORD = "orderkit-demo"
PEOPLE = Story(
    password=PASSWORD,
    people={
        "zhang": PersonWords(name="张敏", roles=["sales"], manager="li"),
        "li": PersonWords(name="李强", roles=["lead"]),
        "wang": PersonWords(name="王雪", roles=["director"]),
        "zhao": PersonWords(name="赵刚", roles=["planner"]),
        "qian": PersonWords(name="钱红", roles=["warehouse"]),
        "sun": PersonWords(name="孙丽", roles=["finance"]),
        "admin": PersonWords(name="管理员", roles=["admin"]),
    },
)
ADMIN = Story(password=PASSWORD, people={"admin": PersonWords(name="管理员", roles=["admin"])})
NAMES = ("chromium", "chromium-browser", "google-chrome")
SECONDS = 20
STREAMS = {"eventsource", "websocket"}
AT_REST = """() => new Promise((done) =>
  requestAnimationFrame(() => requestIdleCallback(() => setTimeout(done, 10), { timeout: 1000 })))"""
# A machine that does several things at once answers late, but it answers.
expect.set_options(timeout=SECONDS * 1000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A Chromium: that of ORDERKIT_TEST_CHROMIUM, of the machine, or the one that Playwright has installed."""
    named = os.environ.get("ORDERKIT_TEST_CHROMIUM")
    found = named or next((path for name in NAMES if (path := shutil.which(name))), None)
    started = playwright.chromium.launch(
        executable_path=found, args=["--no-sandbox", "--disable-gpu", "--lang=zh-CN"]
    )
    yield started
    started.close()


@dataclass(slots=True)
class Shop:
    """The example, served on a free port."""

    url: str
    browser: Browser
    runtime: Runtime
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)
    is_cut_off: bool = False
    asked: dict[Page, set[Request]] = field(default_factory=dict)

    def visit(
        self,
        login: str | None,
        *,
        is_phone: bool = False,
        scheme: str = "light",
        locale: str = "zh-CN",
        has_worker: bool = False,
        url: str = "",
    ) -> Page:
        """Open a browser of its own, signed in: the page of signing in has stories of its own.

        With `has_worker` it keeps pages and what is saved without a connection, which it may then lose;
        `url` is that of something between it and the server.
        """
        self.is_cut_off |= has_worker
        address = url or self.url
        context = self.browser.new_context(
            viewport={"width": 390, "height": 844} if is_phone else {"width": 1440, "height": 900},
            is_mobile=is_phone,
            has_touch=is_phone,
            color_scheme=scheme,  # type: ignore[arg-type]
            locale=locale,
            base_url=address,
            service_workers="allow" if has_worker else "block",
            reduced_motion="reduce",
        )
        context.set_default_timeout(SECONDS * 1000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: self._heard(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(f"error on {page.url}: {error}"))
        page.on("requestfailed", lambda request: self._failed(request.url, request.failure))
        asked = self.asked[page] = set()

        def answered(request: Request) -> None:
            asked.discard(request)

        page.on("request", lambda request: None if request.resource_type in STREAMS else asked.add(request))
        page.on("requestfinished", answered)
        page.on("requestfailed", answered)
        if login is not None:
            with self.runtime.write(SYSTEM, Channel.PAGE) as unit:
                person = find_person(unit, login)
                assert person is not None
                session = start_session(unit, person.id)
            context.add_cookies(
                [
                    {
                        "name": SESSION,
                        "value": session.token,
                        "url": address,
                        "httpOnly": True,
                        "sameSite": "Lax",
                    }
                ]
            )
            page.goto("/")
        return page

    def settle(self, page: Page) -> None:
        """Wait until a page has all it asks for: twice in a row its scripts rest with nothing under way.

        `networkidle` would wait half a second each time.
        """
        deadline = time.monotonic() + SECONDS
        rests = 0
        while rests < 2:
            assert time.monotonic() < deadline, f"{page.url} still asks for {self.asked[page]}"
            page.evaluate(AT_REST)
            rests = 0 if self.asked[page] else rests + 1

    def _heard(self, kind: str, text: str) -> None:
        # That a form was refused is an answer; the browser prints its status all the same.
        expected = ["the server responded with a status of 4", "Service Worker registration blocked by"]
        if self.is_cut_off:
            expected += ["net::ERR_", "the server responded with a status of 502", "a status of 503"]
        if kind in {"error", "warning"} and not any(each in text for each in expected):
            self.complaints.append(f"{kind}: {text}")

    def _failed(self, url: str, why: str | None) -> None:
        is_ours = url.startswith(self.url) and "ERR_ABORTED" in (why or "")
        if not (is_ours or self.is_cut_off):
            self.complaints.append(f"not loaded: {url}: {why}")


@pytest.fixture
def shop(databases: Databases, browser: Browser, tmp_path: Path) -> Iterator[Shop]:
    """The example with its people and reference records, on SQLite, with a worker beside it."""
    yield from served(databases, browser, tmp_path)


@pytest.fixture
def workshop(databases: Databases, browser: Browser, tmp_path: Path) -> Iterator[Shop]:
    """The example as whoever writes it serves it: with the style page."""
    yield from served(databases, browser, tmp_path, is_development=True)


def served(
    databases: Databases,
    browser: Browser,
    tmp_path: Path,
    *,
    is_development: bool = False,
    project: Project | None = None,
    people: Story = PEOPLE,
    catalog: Catalog | None = None,
) -> Iterator[Shop]:
    """Serve a project, the example if none is given, on a free port, with a worker beside it."""
    project = project or example()

    def furnish() -> str:
        url = databases.migrated_url(project, "sqlite", catalog)
        with closing(databases.open(url, project, catalog)) as database:
            runtime = runtime_over(project, database, files_folder=tmp_path / "files", catalog=catalog)
            with runtime.write(SYSTEM, Channel.COMMAND) as unit:
                seeds.apply(unit)
            make_people(runtime, people)
            with database.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return url

    url = databases.once(f"{model_hash(project)} {people}", furnish)
    database = databases.open(url, project, catalog, threads=12)
    runtime = runtime_over(project, database, files_folder=tmp_path / "files", catalog=catalog)
    listening = socket.create_server(("127.0.0.1", 0))
    keys = SecretKeys(["a key that is long enough"])
    app = create_app(runtime, Settings(secret_keys=keys, threads=8, is_development=is_development))
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="error", lifespan="off", timeout_graceful_shutdown=1)
    )
    stop = threading.Event()
    worker = Worker(runtime, job_handlers())
    threads = [
        threading.Thread(target=server.run, kwargs={"sockets": [listening]}),
        threading.Thread(target=worker.run, args=(stop,)),
    ]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + SECONDS
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    found = Shop(url=f"http://127.0.0.1:{listening.getsockname()[1]}", browser=browser, runtime=runtime)
    yield found
    for context in found.contexts:
        context.close()
    server.should_exit = True
    stop.set()
    runtime.wake_worker()
    for thread in threads:
        thread.join()
    listening.close()
    database.close()
    assert found.complaints == []
