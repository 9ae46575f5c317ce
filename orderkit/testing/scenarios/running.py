"""Runs scenarios, in this process or in several: each result is given as soon as it is there."""

import json
import logging
import multiprocessing
import shutil
import signal
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

import structlog

from orderkit.catalog import Catalog, installed
from orderkit.model.errors import NotFound
from orderkit.model.labels import label
from orderkit.model.project import Project
from orderkit.model.scenarios import Scenario
from orderkit.model.stored import from_json, to_json
from orderkit.testing.scenarios.playing import play
from orderkit.testing.scenarios.results import Result
from orderkit.testing.scenarios.theatre import Theatre

# Another process needs seconds to begin: for fewer scenarios than this each it is not worth it.
WORTH_A_PROCESS = 60
_MODEL = "model.json"

_theatre: Theatre | None = None


def chosen(project: Project, names: Sequence[str]) -> tuple[Scenario, ...]:
    """Return the scenarios of these names, or all. Raises NotFound for a name that none has."""
    known = {each.id: each for each in project.scenarios}
    unknown = [name for name in names if name not in known]
    if unknown:
        listed = ", ".join(unknown)
        raise NotFound(
            label(
                zh=f"没有场景 {listed}；已有：{', '.join(known) or '（无）'}",
                en=f"there is no scenario {listed}; there are: {', '.join(known) or '(none)'}",
            )
        )
    return tuple(known[name] for name in dict.fromkeys(names)) if names else project.scenarios


def run(
    project: Project,
    scenarios: Sequence[Scenario],
    *,
    jobs: int | None = None,
    catalog: Catalog | None = None,
) -> Iterator[Result]:
    """Yield what came of each scenario, in the order in which they end.

    Args:
        project: the checked model.
        scenarios: those of it that are played.
        jobs: in how many processes; as many as are worth it when it is None.
        catalog: what is installed, for tests; other processes know only what really is.
    Raises: Refused when the seeds of the project do not fit its rules.
    """
    if not scenarios:
        return
    processes = min(len(scenarios), _worth_while(len(scenarios)) if jobs is None else max(1, jobs))
    with _folder() as folder:
        theatre = Theatre(project=project, catalog=catalog or installed(), folder=folder)
        theatre.furnish()
        if processes == 1:
            for each in scenarios:
                yield play(theatre, each)
        else:
            yield from _in_processes(theatre, scenarios, processes)


def _worth_while(scenarios: int) -> int:
    return max(1, min(multiprocessing.cpu_count(), scenarios // WORTH_A_PROCESS))


@contextmanager
def _folder() -> Iterator[Path]:
    """Yield a folder in memory where the machine has one; nothing in it is to be kept."""
    memory = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a folder of our own in it
    folder = Path(tempfile.mkdtemp(prefix="orderkit-test-", dir=memory if memory.is_dir() else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _in_processes(theatre: Theatre, scenarios: Sequence[Scenario], processes: int) -> Iterator[Result]:
    (theatre.folder / _MODEL).write_text(json.dumps(to_json(theatre.project)), encoding="utf-8")
    # Begun anew and not forked: a copy of a process with threads may wait for ever.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(
        processes, mp_context=context, initializer=_begin, initargs=(str(theatre.folder),)
    )
    try:
        waiting: set[Future[Result]] = {pool.submit(_play_named, each.id) for each in scenarios}
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for each in done:
                yield each.result()
    finally:
        # After Ctrl-C as at the end: nobody waits for what nobody will read.
        pool.shutdown(wait=True, cancel_futures=True)


def quiet() -> None:
    """Let the log say nothing: what goes wrong in a story is told as what came of it."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def _begin(folder: str) -> None:
    """Open the theatre in a process of the pool. Who presses Ctrl-C means the process that asked."""
    global _theatre  # noqa: PLW0603 - a pool hands its processes nothing else that lasts
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    quiet()
    catalog = installed()
    stored = json.loads(Path(folder, _MODEL).read_text(encoding="utf-8"))
    _theatre = Theatre(project=from_json(stored, catalog.fields), catalog=catalog, folder=Path(folder))


def _play_named(name: str) -> Result:
    assert _theatre is not None, "the pool begins each process by `_begin`"
    scenario = next(each for each in _theatre.project.scenarios if each.id == name)
    return play(_theatre, scenario)
