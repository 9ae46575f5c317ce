"""A shop whose orders are approved, behind a real HTTP server, and the channels by which people write into it."""

import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import httpx2
import uvicorn
import xlsxwriter

from orderkit.engine.accounts import make_token
from orderkit.engine.accounts.sessions import start_session
from orderkit.engine.jobs import Worker
from orderkit.engine.opening import job_handlers
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.web.app import create_app
from orderkit.web.request.cookies import SESSION
from orderkit.web.server.secret_keys import SecretKeys
from orderkit.web.server.settings import Settings
from tests.support.office import Office
from tests.web.reader import Reader

PATIENCE_SECONDS = 20
# In the state `open` everything may be edited, so that only the approval stands between people and what it protects.
YAML = """
form: order
label: {zh: 订单, en: Order}
title: "{code}"
fields:
  code:  {type: text, required: true, unique: true}
  term:  {type: text}
  note:  {type: text}
  lines: {type: lines, fields: {goods: {type: text}, price: {type: money}}}
  total: {type: money, compute: "sum(lines.price)"}
---
workflow: life
for: order
state: status
initial: draft
states:
  draft:  {}
  review: {approval: check, edit: [term, note, lines]}
  open:   {edit: [term, note, lines]}
  done:   {final: completed}
  gone:   {final: cancelled}
transitions:
  place:  {from: draft, to: review, by: everyone}
  amend:  {from: open, to: draft, by: everyone, ask: [{field: term}]}
  finish: {from: open, to: done, by: everyone, ask: [{field: term}]}
  cheat:  {from: open, to: done, by: everyone, do: [{set: {term: credit}}]}
approvals:
  check:
    protects: [term, PROTECTED]
    approved: open
    rejected: gone
    MORE
    steps:
      - {id: one, approvers: role(lead)}
      - {id: two, approvers: role(board)}
---
role: everyone
label: {zh: 所有人, en: Everyone}
forms: {order: {create: true, read: true, update: true, import: true}}
---
role: lead
label: 主管
---
role: board
label: 董事
---
import: orders
for: order
label: 订单
match: [code]
columns: {code: 编号, term: 付款, note: 备注}
"""


def yaml(*, protects: str = "lines", more: str = "label: 审批") -> tuple[str, ...]:
    """Return the files of the shop."""
    return tuple(YAML.replace("PROTECTED", protects).replace("MORE", more).split("\n---\n"))


def sheet(rows: list[list[object]]) -> bytes:
    """Return an Excel file."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        page = book.add_worksheet("订单")
        for index, row in enumerate(rows):
            page.write_row(index, 0, row)
    return buffer.getvalue()


@contextmanager
def serving(office: Office, **given: float) -> Iterator[str]:
    """Serve the app on a port of its own; yield its address. `given` are settings of the server."""
    settings = Settings(secret_keys=SecretKeys(["a key that is long enough"]), threads=4, **given)
    server = uvicorn.Server(
        uvicorn.Config(create_app(office.runtime, settings), log_level="error", lifespan="off")
    )
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@dataclass(frozen=True)
class Shop:
    """The served shop and what people send to it, each by the channel that the method names."""

    office: Office
    url: str

    def api(
        self, login: str, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> httpx2.Response:
        """Call the JSON API."""
        with self.office.runtime.write(SYSTEM, Channel.COMMAND) as unit:
            token = make_token(unit, self.office.ids[login], "test")
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
        return httpx2.request(method, f"{self.url}/api/v1{path}", json=body, headers=headers)

    def page(self, login: str, path: str, data: Mapping[str, object]) -> int:
        """Post a form as a browser does; return the status of the answer."""
        with self._reader(login) as reader:
            return reader.post(path, dict(data), follow=False).status

    def imported(self, login: str, *rows: list[object]) -> str:
        """Upload an Excel file, let the worker import it and return the page that tells how it went."""
        with self._reader(login) as reader:
            reader.get("/imports/orders")
            file = {"file": ("orders.xlsx", sheet(list(rows)))}
            page = reader.post("/imports/orders", files=file)
            assert page.status == 200, page.text
            # Columns that nobody reads are shown first; it goes on without a choice.
            run = reader.post(page.path.removesuffix("/columns"), {})
            assert run.status == 200, run.text
            Worker(self.office.runtime, job_handlers()).run_once()
            return reader.get(run.path).text

    def order(self, login: str = "ann", **values: object) -> int:
        """Enter an order of 100 by the API."""
        code = f"O{time.monotonic_ns()}"
        body = {"code": code, "term": "cash", "lines": [{"goods": "bolt", "price": "100.00"}], **values}
        made = self.api(login, "POST", "/order", body)
        assert made.status_code == 201, made.text
        return int(made.json()["id"])

    def read(self, order: int) -> dict[str, Any]:
        """Return an order as the API shows it."""
        found: dict[str, Any] = self.api("ann", "GET", f"/order/{order}").json()
        return found

    def press(self, order: int, transition: str, values: Mapping[str, Any] | None = None) -> int:
        """Press a transition; return the status of the answer."""
        body = None if values is None else {"values": values}
        return self.api("ann", "POST", f"/order/{order}/do/{transition}", body).status_code

    def approve(self, *logins: str) -> None:
        """Let people approve the newest of their tasks."""
        for login in logins:
            self.office.decide(login)

    def approved(self) -> int:
        """Return an order that went through its approval."""
        order = self.order()
        assert self.press(order, "place") == 200
        self.approve("lee", "kim")
        assert self.read(order)["status"] == "open"
        return order

    @contextmanager
    def _reader(self, login: str) -> Iterator[Reader]:
        with self.office.runtime.write(SYSTEM, Channel.PAGE) as unit:
            session = start_session(unit, self.office.ids[login])
        with httpx2.Client(base_url=self.url, cookies={SESSION: session.token}) as client:
            reader = Reader(client)
            reader.csrf = session.csrf
            yield reader
