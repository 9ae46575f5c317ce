"""A program that mines processes reads the log of a workflow and finds what was done. It weighs 700 MB: `make soak`."""

import json
import subprocess
import sys
from collections import Counter
from random import Random

import pytest

from orderkit.engine.workflow.analytics import Asked, Question, logs
from orderkit.engine.workflow.analytics.logs import LOG_FORMATS, write_log
from tests.engine.workflow.analytics.test_laws import lead

LIVES = 150


@pytest.mark.soak
def test_another_program_reads_the_log(desk, tmp_path, progress):
    random = Random(1)
    for _ in range(LIVES):
        lead(desk, [(random.randrange(200_000), random.randrange(6)) for _ in range(random.randrange(8))])
        progress.step(of=LIVES)
    path = tmp_path / "log.xes"
    with desk.office.look("root") as unit:
        with path.open("wb") as file:
            count = write_log(unit, Question(workflow="life"), LOG_FORMATS["xes"], file)
        written = list(logs.traces(Asked(unit, Question(workflow="life"), is_leaving=True)))
    command = [sys.executable, "-m", "tests.engine.workflow.analytics.mined", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8")
    found = json.loads(done.stdout.splitlines()[-1])
    ways = Counter(tuple(each.activity for each in trace.events) for trace in written)
    assert (found["cases"], found["events"]) == (LIVES, count)
    assert found["people"] == sorted({each.who for trace in written for each in trace.events})
    assert {tuple(way): number for way, number in found["ways"]} == ways
