"""`orderkit worker`: run background jobs in a process of their own, beside any number of `serve`."""

from pathlib import Path
from typing import Annotated

import typer

from orderkit.cli import console
from orderkit.cli.opening import DatabaseOption, opened
from orderkit.model.labels import label


def worker(
    directory: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="The project folder, or the artifact itself.")
    ] = Path(),
    *,
    database: DatabaseOption = None,
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, then leave.")] = False,
    threads: Annotated[int, typer.Option(min=1, max=64, help="Jobs at the same time.")] = 2,
) -> None:
    """Send messages and call other systems for a built project until stopped.

    Jobs under way are finished first when the process is asked to stop.

    Example: `orderkit worker shop --threads 4`
    """
    import signal  # noqa: PLC0415 - `--help` does without
    import threading  # noqa: PLC0415

    from orderkit.engine.jobs import Worker  # noqa: PLC0415
    from orderkit.engine.opening import chores, job_handlers, routines  # noqa: PLC0415

    # Two connections more: one says that the working ones still do, one seals the audit.
    with opened(directory, database, threads=threads + 2) as runtime:
        working = Worker(
            runtime, job_handlers(), chores=chores(), routines=routines(runtime), threads=threads
        )
        if once:
            made = working.run_once()
            working.do_routines()
            console.say(label(zh="执行了 {count} 次", en="made {count} attempts"), count=made)
            return
        stop = threading.Event()
        for wish in (signal.SIGINT, signal.SIGTERM):
            signal.signal(wish, lambda *_: stop.set())
        console.note(label(zh="后台任务已启动，按 Ctrl+C 停止", en="working; Ctrl+C stops it"))
        working.run(stop)
        console.note(label(zh="已停止", en="stopped"))
