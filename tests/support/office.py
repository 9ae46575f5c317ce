"""An opened project with people in it, for tests that let them work: press buttons, decide, confirm.

`Office.act` is one unit of one person, as a page or the API would open it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import insert

from orderkit.database.connections.database import Database
from orderkit.database.schema.system_tables import user_role
from orderkit.engine import records, workflow
from orderkit.engine.access.people import find_person
from orderkit.engine.integrations import handlers
from orderkit.engine.jobs import Worker
from orderkit.engine.opening import runtime_over
from orderkit.engine.records import Create, LineChange, Update
from orderkit.engine.rows import rows_of
from orderkit.engine.runtime import SYSTEM, Channel, Person, Runtime, Unit
from orderkit.engine.workflow import Decided, Done, Verb
from orderkit.model.project import Project
from tests.support.clock import FakeClock
from tests.support.projects import example_assets, hash_if_known


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Somebody to be: roles, and the login of their manager."""

    login: str
    roles: tuple[str, ...] = ()
    manager: str | None = None
    values: Mapping[str, object] | None = None


class Office:
    """A runtime with people and short ways to do what people do."""

    def __init__(self, runtime: Runtime, staff: Sequence[Staff]) -> None:
        self.runtime = runtime
        self.ids: dict[str, int] = {}
        with self.act(None) as unit:
            for each in staff:
                values = {"login": each.login, "name": each.login, **(each.values or {})}
                if each.manager is not None:
                    values["manager"] = self.ids[each.manager]
                (made,) = records.apply(unit, [Create(form="user", values=values)])
                self.ids[each.login] = made.id
                for role in each.roles:
                    unit.connection.execute(insert(user_role).values(user_id=made.id, role=role))

    @property
    def today(self) -> date:
        """The day in the project's zone."""
        return self.runtime.clock.now().astimezone(self.runtime.timezone).date()

    def person(self, login: str) -> Person:
        with self.runtime.read(SYSTEM, Channel.PAGE) as unit:
            found = find_person(unit, login)
        assert found is not None, login
        return found

    @contextmanager
    def act(self, login: str | None, *, channel: Channel = Channel.PAGE) -> Iterator[Unit]:
        """Open a writing unit of a person; None is the system."""
        person = SYSTEM if login is None else self.person(login)
        with self.runtime.write(person, channel) as unit:
            yield unit

    @contextmanager
    def look(self, login: str | None) -> Iterator[Unit]:
        """Open a reading unit of a person."""
        person = SYSTEM if login is None else self.person(login)
        with self.runtime.read(person, Channel.PAGE) as unit:
            yield unit

    def create(
        self,
        login: str | None,
        form: str,
        values: Mapping[str, object],
        lines: Mapping[str, Sequence[Mapping[str, object]]] | None = None,
    ) -> int:
        made = {name: [LineChange(values=row) for row in rows] for name, rows in (lines or {}).items()}
        with self.act(login) as unit:
            (applied,) = records.apply(unit, [Create(form=form, values=values, lines=made)])
        return applied.id

    def update(
        self, login: str | None, form: str, record_id: int, *, by_rule: bool = False, **values: object
    ) -> None:
        with self.act(login) as unit:
            records.apply(unit, [Update(form=form, id=record_id, values=values)], by_rule=by_rule)

    def do(self, login: str, form: str, record_id: int, transition: str, **values: object) -> Done:
        with self.act(login) as unit:
            return workflow.do(unit, form, record_id, transition, values)

    def decide(self, login: str, verb: Verb = Verb.APPROVE, comment: str | None = None) -> Decided:
        """Decide the newest open task of a person."""
        with self.act(login) as unit:
            task = workflow.tasks(unit)[0]
            return workflow.decide_task(unit, task.id, verb, comment, seen=task.seen)

    def value(self, form: str, record_id: int, field: str) -> object:
        with self.look(None) as unit:
            row = rows_of(unit).row(form, record_id)
            assert row is not None
            return row.get(field)

    def tasks(self, *logins: str) -> dict[str, int]:
        """Return how many open tasks each of these people has."""
        found = {}
        for login in logins:
            with self.look(login) as unit:
                found[login] = workflow.count_tasks(unit)
        return found

    def timeline(self, form: str, record_id: int) -> list[tuple[str, ...]]:
        """Return the steps of a record: verb, actor, and what else says which one it was."""
        with self.look(None) as unit:
            entries = workflow.timeline(unit, form, record_id)
        return [
            (
                each.verb,
                each.actor.name,
                *(part for part in (each.transition, each.step, each.target) if part),
            )
            for each in entries
        ]

    def work(self) -> int:
        """Let a worker do everything that is due."""
        workflow.ring(self.runtime)
        return Worker(self.runtime, handlers()).run_once()


def open_office(
    project: Project,
    database: Database,
    folder: Path,
    clock: FakeClock,
    staff: Sequence[Staff],
    *,
    environment: Mapping[str, str] | None = None,
) -> Office:
    """Return an office in a database that has the tables of `project`."""
    runtime = runtime_over(
        project,
        database,
        files_folder=folder,
        clock=clock,
        environment=(environment or {}).get,
        model_hash=hash_if_known(project),
        asset=example_assets().get,
    )
    return Office(runtime, staff)
