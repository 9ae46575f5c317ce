"""Orders entered one after the other while 50 people sign in at once, against the same without them.

A real server process over HTTP, on both databases: hashing passwords must not starve who works.
"""

import json
import re
import shutil
import signal
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import sqlalchemy as sa

from benchmarks.measuring import Figure, Measured, Result
from benchmarks.processes import ORDERKIT
from benchmarks.serving import ENVIRONMENT
from benchmarks.shops import DIALECTS, EXAMPLE, database_url, example, order
from orderkit.engine.accounts import make_token, make_user
from orderkit.engine.accounts.passwords import hash_password, set_password_hash
from orderkit.engine.importing import seeds
from orderkit.engine.opening import open_runtime
from orderkit.engine.runtime import SYSTEM, Channel

PEOPLE = 50
ROUNDS = 6
PASSWORD = "a long enough password"
PORT = 24_617


def measure() -> Iterator[Measured]:
    """Yield the median and the 95th percentile of an order, and how long a storm lasts."""
    for dialect in DIALECTS:
        with _served(dialect) as entry:
            yield from _measured(dialect, entry)


@dataclass(slots=True)
class Entry:
    """Somebody who enters orders without a pause, over one connection."""

    token: str
    body: str
    quiet: list[float] = field(default_factory=list)
    stormy: list[float] = field(default_factory=list)

    def enter(self, times: list[float], until: threading.Event) -> None:
        """Enter orders until the event; note what each took."""
        headers = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
        connection = HTTPConnection("127.0.0.1", PORT)
        while not until.is_set():
            start = time.perf_counter()
            connection.request("POST", "/api/v1/order", self.body, headers)
            answer = connection.getresponse()
            said = answer.read()
            times.append(time.perf_counter() - start)
            assert answer.status == 201, (answer.status, said[:300])
        connection.close()


def _measured(dialect: str, entry: Entry) -> Iterator[Measured]:
    lasted: list[float] = []
    with ThreadPoolExecutor(PEOPLE) as people:
        for number in range(ROUNDS + 1):
            seconds = _alongside(entry, entry.stormy if number else [], lambda: _storm(people))
            _alongside(entry, entry.quiet if number else [], lambda seconds=seconds: time.sleep(seconds))  # type: ignore[misc]
            lasted += [seconds] if number else []
    for name, of in (("median", statistics.median), ("p95", _p95)):
        yield Result(
            name=f"storm: entering an order while {PEOPLE} sign in, {name}: {dialect}",
            ours="with the storm",
            baseline="without",
            our_seconds=of(entry.stormy),
            baseline_seconds=of(entry.quiet),
            rounds=len(entry.stormy),
            note=f"the slowest: {max(entry.stormy) * 1e3:,.0f} ms",
        )
    yield Figure(
        name=f"storm: until all {PEOPLE} are in: {dialect}",
        value=statistics.median(lasted),
        unit="s",
        note=f"{PEOPLE / statistics.median(lasted):.0f} sign-ins a second, orders entered meanwhile",
    )


def _alongside(entry: Entry, times: list[float], what: Callable[[], object]) -> float:
    """Do something while orders are entered; return how long it took."""
    until = threading.Event()
    working = threading.Thread(target=entry.enter, args=(times, until))
    working.start()
    start = time.perf_counter()
    try:
        what()
        return time.perf_counter() - start
    finally:
        until.set()
        working.join()


def _storm(people: ThreadPoolExecutor) -> None:
    connection = HTTPConnection("127.0.0.1", PORT)
    connection.request("GET", "/sign-in")
    page = connection.getresponse()
    token = re.search(r'name="csrf-token" content="([^"]+)"', page.read().decode())
    assert token is not None
    # What a form that was opened before sends along.
    cookie = "; ".join(each.split(";")[0] for each in page.headers.get_all("set-cookie") or ())
    statuses = list(people.map(lambda number: _sign_in(number, token[1], cookie), range(PEOPLE)))
    assert statuses == [303] * PEOPLE, statuses


def _sign_in(number: int, token: str, cookie: str) -> int:
    connection = HTTPConnection("127.0.0.1", PORT, timeout=120)
    body = urlencode({"login": f"person{number}", "password": PASSWORD, "next": "/", "csrf_token": token})
    headers = {"content-type": "application/x-www-form-urlencoded", "cookie": cookie}
    connection.request("POST", "/sign-in", body, headers)
    status = connection.getresponse().status
    connection.close()
    return status


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


@contextmanager
def _served(dialect: str) -> Iterator[Entry]:
    """Yield who enters orders on a server with 50 people who have passwords."""
    with tempfile.TemporaryDirectory(prefix="orderkit-bench-") as name:
        folder = Path(name) / "example"
        shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("build", "var"))
        with database_url(dialect, Path(name)) as url:
            environment = {**ENVIRONMENT, "ORDERKIT_DATABASE_URL": url}
            for command in ("build", "migrate"):
                subprocess.run(
                    [*ORDERKIT, command, str(folder)], check=True, capture_output=True, env=environment
                )
            entry = _staffed(url, Path(name))
            process = subprocess.Popen(
                [*ORDERKIT, "serve", str(folder), "--port", str(PORT)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environment,
            )
            try:
                _await_answer(process)
                yield entry
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(20)


def _staffed(url: str, folder: Path) -> Entry:
    runtime = open_runtime(example(), database_url=url, files_folder=folder / "files")
    try:
        stored = hash_password(PASSWORD)
        with runtime.write(SYSTEM, Channel.COMMAND) as unit:
            seeds.apply(unit)
            seller = make_user(unit, login="seller", name="Seller", roles=["sales"])
            token = make_token(unit, seller, "benchmark")
            for number in range(PEOPLE):
                login = f"person{number}"
                set_password_hash(unit, make_user(unit, login=login, name=login, roles=["sales"]), stored)
        tables = runtime.database.tables
        with runtime.database.read() as connection:
            customer, *_ = connection.execute(sa.select(tables["customer"].c.id)).scalars()
            products = list(connection.execute(sa.select(tables["product"].c.id)).scalars())
    finally:
        runtime.database.close()
    return Entry(token, json.dumps(order(customer, products)))


def _await_answer(process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < end:
        try:
            connection = HTTPConnection("127.0.0.1", PORT)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the server did not start")
