"""What a process does that is killed at any moment: it presses buttons whose actions call another system, and lets them go out."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from orderkit.engine import records, workflow
from orderkit.engine.access.people import find_person
from orderkit.engine.integrations import handlers
from orderkit.engine.jobs import Worker
from orderkit.engine.opening import open_runtime
from orderkit.engine.records import Create
from orderkit.engine.runtime import SYSTEM, Channel
from tests.support.clock import FakeClock
from tests.support.projects import project

FORM = "form: order\ntitle: '{name}'\nfields: {name: {type: text}, number: {type: text}}\n"
ROLE = "role: everyone\nlabel: everyone\nforms: {order: {create: true, read: true, update: true}}\n"
LIFE = """
workflow: life
for: order
state: status
initial: draft
states: {draft: {}, open: {}}
transitions:
  send: {from: draft, to: open, by: everyone, after: [{call: erp.post, key: "order:{name}", with: {path: "/orders", body: {name: =name}}, save: {number: =result.number}}]}
"""
ERP = """
connection: erp
connector: http
settings: {base_url: "${ERP_URL}", allow_private_network: true}
"""
BEGIN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PRESSES = 4


class TakenBackError(Exception):
    """Ends a unit without a commit."""


@cache
def a_project():
    return project(FORM, ROLE, LIFE, ERP)


def at(run: int) -> datetime:
    """Return when a run begins: each so late that what the one before had in hand is free again."""
    return BEGIN + timedelta(minutes=10 * run)


def press_and_send(url: str, folder: Path) -> None:
    """Press a few times, take every other press back, and let a worker send what follows the others."""
    told = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    runtime = open_runtime(
        a_project(),
        database_url=url,
        files_folder=folder,
        clock=FakeClock(at(told["run"])),
        environment={"ERP_URL": told["url"]}.get,
    )
    with runtime.read(SYSTEM, Channel.PAGE) as unit:
        person = find_person(unit, "ann")
    assert person is not None
    for press in range(PRESSES):
        with suppress(TakenBackError), runtime.write(person, Channel.PAGE) as unit:
            name = f"{told['run']}-{press}"
            (made,) = records.apply(unit, [Create(form="order", values={"name": name})])
            workflow.do(unit, "order", made.id, "send")
            if press % 2:
                raise TakenBackError
    Worker(runtime, handlers()).run_once()
    runtime.database.close()
