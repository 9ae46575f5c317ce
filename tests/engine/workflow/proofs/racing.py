"""What each thread and process of a race does: it clicks on whatever it is given, and tells what became of it."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from orderkit.engine import workflow
from orderkit.engine.access.people import find_person
from orderkit.engine.opening import open_runtime
from orderkit.engine.runtime import SYSTEM, Channel, Runtime
from orderkit.engine.workflow import Verb
from orderkit.model.errors import Conflict, Denied
from tests.engine.workflow.reviewing import a_project

BOARD = ("ann", "bob", "cid", "dan", "eve")
# Of each kind of record: its approval's only step, and by which clicks it is raced for.
STEPS = {
    "any": "{id: s, approvers: role(board), mode: any}",
    "veto": "{id: s, approvers: role(board), mode: all}",
    "all": "{id: s, approvers: role(board), mode: all}",
    "vote": '{id: s, approvers: role(board), mode: {vote: ">= 60%"}, veto: false}',
}
# (who, what, record, task): a press has no task.
Click = tuple[str, str, int, int]
VERBS = {"approve": Verb.APPROVE, "reject": Verb.REJECT}


def click(runtime: Runtime, one: Click) -> str:
    """Do one thing and return what became of it: `done`, `again` or `told`."""
    login, what, record, task = one
    with runtime.read(SYSTEM, Channel.PAGE) as unit:
        person = find_person(unit, login)
    assert person is not None
    try:
        with runtime.write(person, Channel.PAGE) as unit:
            if what in VERBS:
                found = workflow.decide_task(unit, task, VERBS[what], "so")
            elif what == "withdraw":
                found = workflow.withdraw(unit, "request", record)
            else:
                found = workflow.do(unit, "request", record, what)
    except (Conflict, Denied):
        return "told"
    return "again" if found.is_repeated else "done"


def click_all(
    runtime: Runtime, clicks: Sequence[Click], threads: int, on_click: Callable[[], None] = lambda: None
) -> Counter[tuple[int, str, str]]:
    """Click on everything with so many threads; return how often each click came to what, by record and verb."""
    found: Counter[tuple[int, str, str]] = Counter()
    with ThreadPoolExecutor(threads) as pool:
        for one, said in zip(clicks, pool.map(lambda each: click(runtime, each), clicks), strict=True):
            found[one[2], one[1], said] += 1
            on_click()
    return found


def click_in_process(
    url: str, folder: str, step: str, clicks: Sequence[Click], threads: int
) -> Counter[tuple[int, str, str]]:
    """Open the office by oneself and click."""
    runtime = open_runtime(a_project(step), database_url=url, files_folder=Path(folder))
    try:
        return click_all(runtime, clicks, threads)
    finally:
        runtime.database.close()
