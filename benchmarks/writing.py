"""Single orders added and changed one after the other by a process of its own, and how long each took.

`python -m benchmarks.writing URL` writes until its input ends, then prints what came of it.
"""

import json
import random
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import count

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from orderkit.database.connections.urls import database_url

PAUSE_SECONDS = 0.005
MOST_PATIENT_SECONDS = 3600


@dataclass(slots=True)
class Waits:
    """What the writers' process tells: the seconds of the longest and of the middle one, and how many there were.

    `refused` of them came after the new column was required, which a program from before does not fill.
    """

    longest: float = 0.0
    median: float = 0.0
    writes: int = 0
    refused: int = 0


@contextmanager
def writing(url: str) -> Iterator[Waits]:
    """Let orders be written while the block runs; what is yielded is filled in at its end."""
    waits = Waits()
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.writing", url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdout.readline()
        yield waits
        process.stdin.close()
        for name, value in json.loads(process.stdout.readline()).items():
            setattr(waits, name, value)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def main(url: str) -> None:
    """Write until the input ends."""
    made = database_url(url)
    patient = {"timeout": MOST_PATIENT_SECONDS} if made.get_backend_name() == "sqlite" else {}
    engine = sa.create_engine(made, connect_args=patient, isolation_level="AUTOCOMMIT")
    ended = threading.Event()
    threading.Thread(target=_await_end, args=(ended,), daemon=True).start()
    with engine.connect() as connection:
        last = connection.exec_driver_sql('SELECT max(id) FROM "order"').scalar_one()
        statements = _statements(connection, last)
        print("ready", flush=True)
        print(json.dumps(asdict(_measured(connection, statements, ended))), flush=True)
    engine.dispose()


def _await_end(ended: threading.Event) -> None:
    sys.stdin.read()
    ended.set()


def _statements(connection: sa.Connection, last: int) -> Iterator[str]:
    """Yield a new order like an older one, and a change of one, by turns."""
    names = [
        column["name"]
        for column in sa.inspect(connection).get_columns("order")
        if column["name"] not in {"id", "number"}
    ]
    listed = ", ".join(f'"{name}"' for name in names)
    chosen = random.Random(1)
    for number in count():
        like = f"WHERE id = {chosen.randint(1, last)}"
        yield (
            f'INSERT INTO "order" (number, {listed}) SELECT \'W{number}\', {listed} FROM "order" {like}'
            if number % 2
            else f"UPDATE \"order\" SET note = 'changed' {like}"
        )


def _measured(connection: sa.Connection, statements: Iterator[str], ended: threading.Event) -> Waits:
    seconds = []
    refused = 0
    while not ended.wait(PAUSE_SECONDS):
        statement = next(statements)
        start = time.perf_counter()
        try:
            connection.exec_driver_sql(statement)
        except IntegrityError:
            refused += 1
        seconds.append(time.perf_counter() - start)
    return Waits(
        longest=max(seconds, default=0.0),
        median=statistics.median(seconds) if seconds else 0.0,
        writes=len(seconds),
        refused=refused,
    )


if __name__ == "__main__":
    main(sys.argv[1])
