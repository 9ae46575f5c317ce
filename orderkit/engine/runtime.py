"""What every part of the engine is given: the model, the database, the clock, and one unit of work.

A `Unit` is one transaction on behalf of one person over one channel. Everything that happens in it
has the same time and the same request id; what must happen after the commit is queued as a job in
it, or, if losing it does no harm (waking a worker), added to `after_commit`.
"""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from orderkit.catalog import Catalog
from orderkit.database.connections.database import Database
from orderkit.engine.hooks import Hooks
from orderkit.engine.scopes import Scope
from orderkit.model.errors import Denied
from orderkit.model.labels import label
from orderkit.model.project import Project
from orderkit.model.roles import ADMIN

T = TypeVar("T")


class Clock(Protocol):
    """Where the time comes from; tests bring their own."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""
        return datetime.now(UTC)


class FileStore(Protocol):
    """Where attachments lie, each under the SHA-256 of what is in it: a folder, or a bucket of object storage."""

    @property
    def place(self) -> str:
        """Where it is, for people."""

    def digests(self) -> Iterator[str]:
        """Yield what it holds, in no order."""

    def holds(self, digest: str) -> bool:
        """Return whether it has this content."""

    def put(self, digest: str, source: Path) -> None:
        """Keep a copy of a local file; it is there whole or not at all."""

    def fetch(self, digest: str, target: Path) -> None:
        """Write a copy to a local path. Raises FileNotFoundError."""

    def remove(self, digest: str) -> None:
        """Remove content that nobody refers to any more; nothing happens when it is not there."""


class Channel(StrEnum):
    """Through which door a change comes in. The same rules hold on all of them."""

    PAGE = "page"
    API = "api"
    IMPORT = "import"
    AUTOMATION = "automation"
    COMMAND = "command"
    LINK = "link"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who acts. `id` None is the system itself, which is granted everything.

    `timezone` is the zone of their own clock, where they have set one that this machine knows. `scope` is
    what is left of their rights where a program acts for them with a token that is narrower than they are.
    """

    id: int | None
    login: str
    name: str
    roles: frozenset[str]
    department_id: int | None = None
    locale: str | None = None
    timezone: str | None = None
    scope: Scope | None = None

    @property
    def is_system(self) -> bool:
        """Whether the engine itself acts."""
        return self.id is None

    @property
    def is_administrator(self) -> bool:
        """Whether they are granted everything: not through a token that is narrower than they are."""
        return self.is_system or (ADMIN in self.roles and self.scope is None)


SYSTEM = Person(id=None, login="system", name="system", roles=frozenset({"admin"}))


@dataclass(frozen=True, kw_only=True)
class Runtime:
    """An opened project: everything that lives as long as the process.

    Attachments lie in `files_folder`; with `remote_files` they lie there, and the folder keeps what was
    used here. Relative paths of the project start at `home`. `commit` is the git commit that the artifact was built from, where it was built from one.
    `asset` answers the bytes of a file of the project by their SHA-256.
    `keys_for` answers the keys of a purpose that follow from the secret keys, the one in use first.
    """

    project: Project
    model_hash: str
    catalog: Catalog
    database: Database
    files_folder: Path
    remote_files: FileStore | None = None
    home: Path | None = None
    commit: str | None = None
    asset: Callable[[str], bytes | None] = lambda digest: None  # noqa: ARG005 - a port with no files
    clock: Clock = field(default_factory=SystemClock)
    environment: Callable[[str], str | None] = lambda name: None  # noqa: ARG005 - a port with no secrets
    keys_for: Callable[[str], tuple[bytes, ...]] = lambda purpose: ()  # noqa: ARG005 - a port with no keys
    wake_worker: Callable[[], None] = lambda: None
    hooks: Hooks = field(default_factory=Hooks)

    _kept: dict[type, object] = field(default_factory=dict, init=False, repr=False, compare=False)

    def keep(self, key: type[T], make: Callable[[], T]) -> T:
        """Return the one object of this type that lives as long as the runtime, made when first asked for.

        It must follow from the model alone: two threads may both make one, and one is dropped.
        """
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = make()
        assert isinstance(found, key)
        return found

    @cached_property
    def timezone(self) -> ZoneInfo:
        """The project's zone, in which days begin and end."""
        return ZoneInfo(self.project.timezone)

    def zone_of(self, person: Person) -> ZoneInfo:
        """The zone in which a person reads and types instants; when a day of the project begins does not depend on it."""
        return ZoneInfo(person.timezone) if person.timezone else self.timezone

    @contextmanager
    def read(self, person: Person, channel: Channel, *, request_id: str | None = None) -> Iterator["Unit"]:
        """Open a unit that only reads: one consistent snapshot, never waiting for writers."""
        with self.database.read() as connection:
            yield Unit(self, connection, person, channel, request_id=request_id, is_writing=False)

    @contextmanager
    def write(
        self,
        person: Person,
        channel: Channel,
        *,
        request_id: str | None = None,
        cause: str | None = None,
        depth: int = 0,
    ) -> Iterator["Unit"]:
        """Open a unit that writes. It commits at the end, or rolls everything back on an exception.

        Raises: Denied for a person whose token only reads, whatever it is that would be written.
        """
        if person.scope is not None and not person.scope.may_write:
            raise Denied(
                label(
                    zh="这个令牌只能查看，不能修改；请换用可读写的令牌",
                    en="This token only reads; take one that may write",
                )
            )
        with self.database.write() as connection:
            unit = Unit(
                self,
                connection,
                person,
                channel,
                request_id=request_id,
                is_writing=True,
                cause=cause,
                depth=depth,
            )
            yield unit
            unit.before_commit()
        for action in unit.after_commit:
            action()


class Unit:
    """One transaction of one person over one channel."""

    def __init__(
        self,
        runtime: Runtime,
        connection: Connection,
        person: Person,
        channel: Channel,
        *,
        request_id: str | None,
        is_writing: bool,
        cause: str | None = None,
        depth: int = 0,
    ) -> None:
        self.runtime = runtime
        self.connection = connection
        self.person = person
        self.channel = channel
        self.request_id = request_id
        self.is_writing = is_writing
        self.cause = cause
        self.depth = depth
        # All of it will be taken back: what nobody reads before that, and what cannot fail, is not written.
        self.is_trial = False
        self.now = runtime.clock.now()
        self.after_commit: list[Callable[[], None]] = []
        self._kept: dict[type, object] = {}
        # Hot rows (number counters, balances, summaries) are written last and in a fixed order.
        self.last_writes: list[tuple[str, Callable[[], None]]] = []
        self.has_written_hot_rows = False

    @property
    def project(self) -> Project:
        """The model in force."""
        return self.runtime.project

    @property
    def today(self) -> date:
        """The day in the project's zone."""
        return self.now.astimezone(self.runtime.timezone).date()

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the person reads and types instants, and on whose days lists put them."""
        return self.runtime.zone_of(self.person)

    @property
    def locale(self) -> str:
        """The language of the person, or the project's main one."""
        return self.person.locale or self.runtime.project.locale

    def keep(self, key: type[T], make: Callable[[], T]) -> T:
        """Return the one object of this type that lives as long as the unit, made when first asked for."""
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = make()
        assert isinstance(found, key)
        return found

    def acting_as(self, person: Person) -> "Unit":
        """Return this very transaction in the name of another, such as the system."""
        other = copy.copy(self)
        other.person = person
        return other

    @contextmanager
    def within(self) -> Iterator["Unit"]:
        """Open a unit inside this transaction, with nothing in hand: it sees what was written before it began.

        Its writes stand when it ends well, and are undone, they alone, when it raises.
        """
        with self.connection.begin_nested():
            inner = Unit(
                self.runtime,
                self.connection,
                self.person,
                self.channel,
                request_id=self.request_id,
                is_writing=self.is_writing,
                cause=self.cause,
                depth=self.depth,
            )
            yield inner
            inner.before_commit()
        self.after_commit += inner.after_commit
        self.has_written_hot_rows |= inner.has_written_hot_rows

    def before_commit(self) -> None:
        """Write the hot rows, ordered by name so that two units never wait for each other in a ring."""
        while self.last_writes:
            writes = sorted(self.last_writes, key=lambda pair: pair[0])
            self.last_writes.clear()
            # What begins so is a row of this unit alone: entries of the search, jobs.
            self.has_written_hot_rows |= any(not name.startswith("~") for name, _ in writes)
            for _, write in writes:
                write()
