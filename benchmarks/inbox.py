"""The inbox of somebody with 10,000 open tasks among 1,000,000 (`ORDERKIT_BENCH_TASKS`), and the count that every page shows.

Each contract has had ten tasks; one of them is open, and one contract in ten waits for this person. The baseline is
one hand-written query of the same rows and one of the count.
"""

import os
from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from benchmarks.contracts import FORM, Office, office
from benchmarks.counting import statements
from benchmarks.filling import looked_at
from benchmarks.measuring import Figure, Measured, compared
from benchmarks.pages import Browser, signed_in
from benchmarks.shops import DIALECTS
from orderkit.database.schema.system_tables import workflow_clock as clocks
from orderkit.database.schema.system_tables import workflow_instance as instances
from orderkit.database.schema.system_tables import workflow_step as steps
from orderkit.database.schema.system_tables import workflow_task as tasks
from orderkit.engine import workflow
from orderkit.engine.runtime import Channel
from orderkit.engine.workflow import TaskState

TASKS = int(os.environ.get("ORDERKIT_BENCH_TASKS", "1000000"))
EACH = 10
CONTRACTS = max(100, TASKS // EACH)
MINE = CONTRACTS // 10
OTHERS = 500
PAGE = 30
CHUNK = 2_000
# Ids of people and rows that the engine did not make begin here.
BEYOND = 1_000_000
INBOX = "/inbox"


def measure() -> Iterator[Measured]:
    """Yield the page, a deep one, the count, and how many statements the page takes, on both databases."""
    for dialect in DIALECTS:
        with (
            office(dialect, kept=f"inbox-{TASKS}") as opened,
            signed_in(opened.opened, _me(opened)) as browser,
        ):
            _fill(opened)
            yield from _pages(opened, browser)
            yield _counted(opened)
            with statements(opened.runtime) as asked:
                browser.get(INBOX)
            yield Figure(
                name=f"inbox: statements of the page: {dialect}",
                value=len(asked),
                unit="statements",
                note=f"{PAGE} tasks",
            )


def _me(opened: Office) -> int:
    assert opened.lead.id is not None
    return opened.lead.id


def _pages(opened: Office, browser: Browser) -> Iterator[Measured]:
    deep = _id_at(opened, MINE // 2)
    for name, before in (("first page", None), ("a page in the middle", deep)):
        path = INBOX if before is None else f"{INBOX}?before={before}"
        yield compared(
            f"inbox: {name} of {MINE:,} open tasks among {CONTRACTS * EACH:,}: {opened.opened.dialect}",
            ("HTML", lambda path=path: browser.get(path)),  # type: ignore[misc]
            ("bare queries", lambda before=before: _bare_page(opened, before)),  # type: ignore[misc]
            seconds=8,
        )


def _counted(opened: Office) -> Measured:
    def count() -> None:
        with opened.runtime.read(opened.lead, Channel.PAGE) as unit:
            assert sum(workflow.count_tasks_by_form(unit).values()) == MINE

    return compared(
        f"inbox: the count of {MINE:,} open tasks, which every page shows: {opened.opened.dialect}",
        ("engine", count),
        ("bare query", lambda: _bare_count(opened)),
        seconds=5,
    )


def _bare_page(opened: Office, before: int | None) -> list[dict[str, object]]:
    contract, user = opened.runtime.database.tables[FORM], opened.runtime.database.tables["user"]
    query = (
        sa.select(
            tasks.c.id,
            tasks.c.created_at,
            steps.c.step,
            contract.c.subject,
            contract.c.partner,
            contract.c.amount,
            contract.c.status,
            user.c.name,
            clocks.c.due_at,
        )
        .join(steps, steps.c.id == tasks.c.step_id)
        .join(instances, instances.c.id == tasks.c.instance_id)
        .join(contract, contract.c.id == tasks.c.record_id)
        .join(user, user.c.id == instances.c.submitter_id)
        .outerjoin(clocks, clocks.c.task_id == tasks.c.id)
        .where(tasks.c.assignee_id == _me(opened), tasks.c.state == TaskState.OPEN)
        .order_by(tasks.c.id.desc())
        .limit(PAGE)
    )
    if before is not None:
        query = query.where(tasks.c.id < before)
    with opened.runtime.database.read() as connection:
        rows = [dict(row) for row in connection.execute(query).mappings()]
        connection.execute(_count(opened)).scalar_one()
    assert len(rows) == PAGE or MINE < 2 * PAGE
    return rows


def _bare_count(opened: Office) -> int:
    with opened.runtime.database.read() as connection:
        return int(connection.execute(_count(opened)).scalar_one())


def _count(opened: Office) -> sa.Select[Any]:
    return (
        sa.select(sa.func.count())
        .select_from(tasks)
        .where(tasks.c.assignee_id == _me(opened), tasks.c.state == TaskState.OPEN)
    )


def _id_at(opened: Office, position: int) -> int:
    """Return the id of the task that so many of this person's newer ones stand before."""
    query = (
        sa.select(tasks.c.id)
        .where(tasks.c.assignee_id == _me(opened), tasks.c.state == TaskState.OPEN)
        .order_by(tasks.c.id.desc())
        .offset(position)
        .limit(1)
    )
    with opened.runtime.database.read() as connection:
        return int(connection.execute(query).scalar_one())


def _fill(opened: Office) -> None:
    if opened.opened.is_filled:
        return
    pattern = _pattern(opened)
    table = opened.runtime.database.tables[FORM]
    with opened.runtime.database.write() as connection:
        for start in range(0, CONTRACTS, CHUNK):
            numbers = range(start, min(start + CHUNK, CONTRACTS))
            connection.execute(sa.insert(table), [_contract(pattern[FORM], each) for each in numbers])
            connection.execute(
                sa.insert(instances), [_of_contract(pattern["instance"], each) for each in numbers]
            )
            work = [(each, turn) for each in numbers for turn in range(EACH)]
            connection.execute(sa.insert(steps), [_step(pattern["step"], *each) for each in work])
            connection.execute(
                sa.insert(tasks), [_task(pattern["task"], *each, me=_me(opened)) for each in work]
            )
    looked_at(opened.opened)
    opened.opened.keep()


def _pattern(opened: Office) -> dict[str, Mapping[str, Any]]:
    """Return the rows of one contract that waits for its first approval, as the engine writes them; it is then decided."""
    contract = opened.create(0)
    opened.press(contract, "submit")
    table = opened.runtime.database.tables[FORM]
    found: dict[str, Mapping[str, Any]] = {}
    with opened.runtime.database.read() as connection:

        def only(query: sa.Select[Any]) -> Mapping[str, Any]:
            return dict(connection.execute(query).mappings().one())

        found[FORM] = only(sa.select(table).where(table.c.id == contract))
        found["instance"] = only(sa.select(instances).where(instances.c.record_id == contract))
        instance = found["instance"]["id"]
        found["step"] = only(sa.select(steps).where(steps.c.instance_id == instance))
        found["task"] = only(sa.select(tasks).where(tasks.c.instance_id == instance))
    opened.approve(contract, opened.lead)
    return found


def _contract(row: Mapping[str, Any], number: int) -> dict[str, Any]:
    subject = f"Contract {number:07}"
    return {
        **row,
        "id": BEYOND + number,
        "subject": subject,
        "amount": Decimal(number % 9000) + Decimal("0.50"),
    }


def _of_contract(row: Mapping[str, Any], number: int) -> dict[str, Any]:
    return {**row, "id": BEYOND + number, "record_id": BEYOND + number, "visit": 2 * EACH}


def _is_open(turn: int) -> bool:
    """Whether a task is the last of its contract."""
    return turn == EACH - 1


def _step(row: Mapping[str, Any], number: int, turn: int) -> dict[str, Any]:
    begun = row["started_at"]
    return {
        **row,
        "id": BEYOND + number * EACH + turn,
        "instance_id": BEYOND + number,
        "visit": 2 * (turn + 1),
        **({} if _is_open(turn) else {"state": "returned", "ended_at": begun + timedelta(hours=1)}),
    }


def _task(row: Mapping[str, Any], number: int, turn: int, *, me: int) -> dict[str, Any]:
    other = BEYOND + (number + turn) % OTHERS
    decided = {
        "state": TaskState.RETURNED.value,
        "decided_at": row["created_at"] + timedelta(hours=1),
        "decided_by": other,
    }
    is_mine = _is_open(turn) and number % 10 == 0
    return {
        **row,
        "id": BEYOND + number * EACH + turn,
        "step_id": BEYOND + number * EACH + turn,
        "instance_id": BEYOND + number,
        "record_id": BEYOND + number,
        "assignee_id": me if is_mine else other,
        **({} if _is_open(turn) else decided),
    }
