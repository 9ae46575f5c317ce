"""What a press and a decision cost with the length of a record's history: 10 to 10,000 events (`ORDERKIT_BENCH_HISTORY`).

A tenth as many steps and tasks stand behind it. Every contract is submitted once and approved once; the lengths take
turns, in tables that hold all of them. What is wanted is that a long history costs nothing.
"""

import os
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from benchmarks.contracts import FORM, Office, office
from benchmarks.counting import statements
from benchmarks.filling import looked_at
from benchmarks.measuring import Figure, Measured, Result
from benchmarks.pages import signed_in
from benchmarks.shops import DIALECTS
from orderkit.database.schema.system_tables import audit
from orderkit.database.schema.system_tables import workflow_event as events
from orderkit.database.schema.system_tables import workflow_instance as instances
from orderkit.database.schema.system_tables import workflow_step as steps
from orderkit.database.schema.system_tables import workflow_task as tasks

LONGEST = int(os.environ.get("ORDERKIT_BENCH_HISTORY", "10000"))
SHORT = 10
LENGTHS = tuple(each for each in (SHORT, 100, 1_000, 10_000, 100_000) if each <= LONGEST)
ROUNDS = int(os.environ.get("ORDERKIT_BENCH_ROUNDS", "30"))
WARM_UP = 2
EACH_STEP = 10
WANTED = 1.2
CHUNK = 10_000

Work = Callable[[int], object]


def measure() -> Iterator[Measured]:
    """Yield each kind of step at each length against the shortest, on both databases."""
    for dialect in DIALECTS:
        with office(dialect) as opened:
            yield from _measured(opened)


def _measured(opened: Office) -> Iterator[Measured]:
    contracts = _filled(opened)
    yield from _compared(opened, "submitting", contracts, lambda each: opened.press(each, "submit"))
    yield _asked(opened, contracts)
    # Finding the task reads all tasks of a record here, which whoever decides from a page never does.
    waiting = _waiting(opened, contracts)
    yield from _compared(
        opened, "approving", contracts, lambda each: opened.decide(waiting[each], opened.lead)
    )
    with signed_in(opened.opened, opened.opened.seller) as browser:
        yield from _compared(
            opened, "the record's page", contracts, lambda each: browser.get(f"/forms/{FORM}/{each}")
        )


def _compared(
    opened: Office, what: str, contracts: Mapping[int, list[int]], work: Work
) -> Iterator[Measured]:
    times: dict[int, list[float]] = {length: [] for length in LENGTHS}
    for turn in range(WARM_UP + ROUNDS):
        for length in LENGTHS:
            start = time.perf_counter()
            work(contracts[length][turn])
            if turn >= WARM_UP:
                times[length].append(time.perf_counter() - start)
    medians = {length: statistics.median(found) for length, found in times.items()}
    for length in LENGTHS[1:]:
        yield Result(
            name=f"history: {what} with {length:,} events behind it: {opened.opened.dialect}",
            ours=f"{length:,} events",
            baseline=f"{SHORT} events",
            our_seconds=medians[length],
            baseline_seconds=medians[SHORT],
            rounds=ROUNDS,
            wanted=None if "page" in what else WANTED,
        )


def _asked(opened: Office, contracts: Mapping[int, list[int]]) -> Measured:
    """Approve one more contract of the greatest length, and count: loops over a history would show."""
    counts = []
    for length in (SHORT, LENGTHS[-1]):
        contract = contracts[length][-1]
        opened.press(contract, "submit")
        task = opened.open_task(contract)
        with statements(opened.runtime) as asked:
            opened.decide(task, opened.lead)
        counts.append(len(asked))
    return Figure(
        name=f"history: statements of approving with {LENGTHS[-1]:,} events: {opened.opened.dialect}",
        value=counts[1],
        unit="statements",
        note=f"with {SHORT}: {counts[0]}",
    )


def _waiting(opened: Office, contracts: Mapping[int, list[int]]) -> dict[int, int]:
    """Return the open task of each contract that is measured, by contract."""
    measured = [each for found in contracts.values() for each in found[: WARM_UP + ROUNDS]]
    return {each: opened.open_task(each) for each in measured}


def _filled(opened: Office) -> dict[int, list[int]]:
    """Return contracts in draft by the length of their history; one more than are measured."""
    pattern = _pattern(opened)
    found: dict[int, list[int]] = {length: [] for length in LENGTHS}
    # By turns, as the histories of different records grow beside each other.
    for turn in range(WARM_UP + ROUNDS + 1):
        for length in LENGTHS:
            contract = opened.create(turn)
            _lengthen(opened, contract, length, pattern)
            found[length].append(contract)
    looked_at(opened.opened)
    return found


def _pattern(opened: Office) -> dict[sa.Table, Mapping[str, Any]]:
    """Return a row of each table that a history grows in, as the engine wrote it for one life."""
    contract = opened.live(0)
    found: dict[sa.Table, Mapping[str, Any]] = {}
    with opened.runtime.database.read() as connection:
        for table, condition in (
            (events, events.c.target == "review"),
            (audit, audit.c.form == FORM),
            (tasks, tasks.c.form == FORM),
            (steps, sa.true()),
        ):
            own = condition if table is steps else sa.and_(condition, table.c.record_id == contract)
            row = connection.execute(sa.select(table).where(own).order_by(table.c.id.desc()).limit(1))
            found[table] = {name: value for name, value in row.mappings().one().items() if name != "id"}
    return found


def _lengthen(
    opened: Office, contract: int, length: int, pattern: Mapping[sa.Table, Mapping[str, Any]]
) -> None:
    """Write a history in which the contract went back and forth, and is in draft again."""
    with opened.runtime.database.write() as connection:
        instance = connection.execute(
            sa.select(instances.c.id).where(instances.c.record_id == contract)
        ).scalar_one()
        own = {"instance_id": instance, "record_id": contract}
        for start in range(1, length + 1, CHUNK):
            visits = range(start, min(start + CHUNK, length + 1))
            connection.execute(
                sa.insert(events),
                [
                    {
                        **pattern[events],
                        **own,
                        "visit": visit,
                        "source": "draft" if visit % 2 else "review",
                        "target": "review" if visit % 2 else "draft",
                    }
                    for visit in visits
                ],
            )
            connection.execute(sa.insert(audit), [{**pattern[audit], "record_id": contract} for _ in visits])
        for visit in range(1, length + 1, EACH_STEP):
            step = connection.execute(
                sa.insert(steps)
                .values({**pattern[steps], "instance_id": instance, "visit": visit})
                .returning(steps.c.id)
            ).scalar_one()
            connection.execute(sa.insert(tasks).values({**pattern[tasks], **own, "step_id": step}))
        connection.execute(sa.update(instances).where(instances.c.id == instance).values(visit=length + 1))
