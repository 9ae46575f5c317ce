"""Whole lives: a contract that is entered, submitted, approved twice and signed, with its audit, its timeline and a
message in the outbox; five transactions, by one client and by eight.

Clients are threads of this process over the engine: no HTTP, no pages. The baseline writes exactly the same rows in
the same five transactions, with Core, by as many threads. `ORDERKIT_BENCH_LIVES` says how many lives make a turn.
"""

import itertools
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from benchmarks.contracts import FORM, Office, office
from benchmarks.counting import statements
from benchmarks.measuring import Figure, Measured, Result, by_turns
from benchmarks.peer_engine import Peer
from benchmarks.rows_written import Copies, Written, written_by
from benchmarks.shops import DIALECTS

LIVES = int(os.environ.get("ORDERKIT_BENCH_LIVES", "80"))
CLIENTS = (1, 8)
LEAST = 5


def measure() -> Iterator[Measured]:
    """Yield the time of one life for each number of clients, what each step asks the database, and the peer's time."""
    for dialect in DIALECTS:
        # Searches are found by an index that a hand-written program would not have.
        with office(dialect, is_indexed=False) as opened:
            numbers = itertools.count(1)
            opened.live(next(numbers))  # the first also pins the definition
            written = _recorded(opened, numbers)
            yield _asked(opened, written, numbers)
            for clients in CLIENTS:
                yield _lived(opened, written, numbers, clients)
            if dialect == DIALECTS[0]:
                yield _beside_peer(opened, numbers)


def _recorded(opened: Office, numbers: Iterator[int]) -> dict[str, Written]:
    """Return what each step of a life writes, in its order."""
    made: list[int] = []
    found = {"create": written_by(opened.runtime, FORM, lambda: made.append(opened.create(next(numbers))))}
    for name, step in opened.steps().items():
        found[name] = written_by(opened.runtime, FORM, lambda step=step: step(made[0]))  # type: ignore[misc]
    return found


def _written_again(opened: Office, written: Sequence[Written]) -> Copies:
    copies: Copies = {}
    for each in written:
        with opened.runtime.database.write() as connection:
            each.write_again(connection, copies)
    return copies


def _asked(opened: Office, written: dict[str, Written], numbers: Iterator[int]) -> Measured:
    """Yield how many statements a life takes: a figure that no neighbour changes."""
    counts: dict[str, int] = {}
    with statements(opened.runtime) as asked:
        contract = opened.create(next(numbers))
    counts["create"] = len(asked)
    for name, step in opened.steps().items():
        with statements(opened.runtime) as asked:
            step(contract)
        counts[name] = len(asked)
    with statements(opened.runtime) as asked:
        _written_again(opened, [*written.values()])
    return Figure(
        name=f"lives: statements of one life: {opened.opened.dialect}",
        value=sum(counts.values()),
        unit="statements",
        note=", ".join(f"{name}: {count}" for name, count in counts.items()) + f"; bare: {len(asked)}",
    )


def _lived(opened: Office, written: dict[str, Written], numbers: Iterator[int], clients: int) -> Measured:
    steps = [*written.values()]
    counts: dict[str, int] = {}
    for each in steps:
        for name, count in each.counts.items():
            counts[name] = counts.get(name, 0) + count
    with ThreadPoolExecutor(clients) as pool:

        def all_of(live: Callable[[int], object]) -> None:
            for _ in pool.map(live, [next(numbers) for _ in range(LIVES)]):
                pass

        ours, baseline, rounds = by_turns(
            lambda: all_of(opened.live),
            lambda: all_of(lambda _: _written_again(opened, steps)),
            seconds=20,
            least=LEAST,
        )
    rows = ", ".join(f"{count} {name}" for name, count in counts.items())
    return Result(
        name=f"lives: one contract from entered to signed, {_clients(clients)}: {opened.opened.dialect}",
        ours="engine",
        baseline="bare SQL",
        our_seconds=ours / LIVES,
        baseline_seconds=baseline / LIVES,
        rounds=rounds,
        note=f"{LIVES / ours:,.0f} a second, bare {LIVES / baseline:,.0f}; rows each: {rows}",
    )


def _clients(number: int) -> str:
    return "1 client" if number == 1 else f"{number} clients"


def _beside_peer(opened: Office, numbers: Iterator[int]) -> Measured:
    (workflow,) = opened.runtime.project.workflows
    peer = Peer(workflow)
    ours, theirs, rounds = by_turns(lambda: opened.live(next(numbers)), peer.live, seconds=10)
    return Result(
        name=f"lives: beside SpiffWorkflow: {opened.opened.dialect}",
        ours="engine, on a database",
        baseline="SpiffWorkflow, in memory",
        our_seconds=ours,
        baseline_seconds=theirs,
        rounds=rounds,
        note="the peer runs our BPMN and is written down as JSON and read back after each step; it has no people, rights, audit or database",
    )
