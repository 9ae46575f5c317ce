"""The streams of one process, and the thread that looks for news while there are any.

The thread alone asks the database, so that a hundred open pages cost one look. What a stream has not
passed on yet is bounded: beyond, only the forms are named, so a slow reader costs no memory.
"""

import asyncio
import threading
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace

import structlog

from orderkit.engine.accounts import find_session
from orderkit.engine.live import (
    Happened,
    Looked,
    Marks,
    RecordTold,
    Told,
    Watch,
    lost_to,
    marks_now,
    told_to,
)
from orderkit.engine.runtime import SYSTEM, Channel, Runtime

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.7
FIRST_LOOK_SECONDS = 3.0
AFTER_FAULT_SECONDS = 5.0
MOST_OF_ONE = 8
MOST_STREAMS = 1000
MOST_NAMED = 200


@dataclass(eq=False, slots=True)
class Stream:
    """One open stream. `news` is what was not passed on yet; `is_over` says that it ends.

    `looked_at` are the records that the pages behind it show, `lost` those of them that its person cannot see.
    """

    token: str
    person_id: int | None
    loop: asyncio.AbstractEventLoop
    looked_at: frozenset[Looked] = frozenset()
    lost: frozenset[Looked] = frozenset()
    awake: asyncio.Event = field(default_factory=asyncio.Event)
    news: Told | None = None
    is_over: bool = False

    def tell(self, told: Told) -> None:
        """Add news, from any thread."""
        self._from_thread(lambda: self._add(told))

    def end(self) -> None:
        """End the stream, from any thread."""
        self._from_thread(self._finish)

    def fresh(self, told: Told | None) -> Told | None:
        """Return the news of its person for this stream: of what is lost, only what it shows and was not told before."""
        if told is None:
            return None
        before, self.lost = self.lost, told.lost & self.looked_at
        return replace(told, lost=self.lost - before)

    def take(self) -> Told | None:
        """Return what is to be passed on; called in the loop."""
        news, self.news = self.news, None
        self.awake.clear()
        return news

    def _add(self, told: Told) -> None:
        self.news = told if self.news is None else joined(self.news, told)
        self.awake.set()

    def _finish(self) -> None:
        self.is_over = True
        self.awake.set()

    def _from_thread(self, call: Callable[[], None]) -> None:
        try:
            self.loop.call_soon_threadsafe(call)
        except RuntimeError:
            # The loop is closed, and every stream with it.
            self.is_over = True


def joined(first: Told, second: Told) -> Told:
    """Return both as one; too many records become the forms that they are of."""
    records: dict[tuple[str, int], RecordTold] = {}
    for each in (*first.records, *second.records):
        records[each.form, each.id] = each
    forms = first.forms | second.forms
    if len(records) > MOST_NAMED:
        forms |= {form for form, _ in records}
        records = {}
    return replace(
        second,
        records=tuple(records.values()),
        forms=forms,
        tasks=first.tasks or second.tasks,
        messages=first.messages or second.messages,
        lost=first.lost | second.lost,
    )


class Hub:
    """All streams of this process."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self._streams: set[Stream] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._is_watching = threading.Event()

    def is_full_for(self, person_id: int | None) -> bool:
        """Return whether this person, or everybody together, has as many streams as there may be."""
        with self._lock:
            own = sum(each.person_id == person_id for each in self._streams)
            return own >= MOST_OF_ONE or len(self._streams) >= MOST_STREAMS

    def open(self, stream: Stream) -> None:
        """Let a stream hear what happens from now on."""
        with self._lock:
            if self._stop.is_set():
                stream.is_over = True
                return
            self._streams.add(stream)
            if self._thread is None:
                self._is_watching.clear()
                self._thread = threading.Thread(target=self._watch, name="orderkit-live", daemon=True)
                self._thread.start()

    def leave(self, stream: Stream) -> None:
        """Forget a stream."""
        with self._lock:
            self._streams.discard(stream)

    def close(self) -> None:
        """End all streams, and take no more: the server stops. Safe to call from a signal handler."""
        self._stop.set()
        for stream in tuple(self._streams):
            stream.end()

    def catch_up(self, stream: Stream, since: Marks | None) -> Told | None:
        """Return what the session's person may be told of what happened since, or None when it has ended.

        What they look at and may not see is lost to them, whatever the reason, and whether or not there ever was such
        a record.
        """
        # Only once somebody watches: what happened in between would be told by nobody.
        self._is_watching.wait(FIRST_LOOK_SECONDS)
        session = find_session(self.runtime, stream.token)
        if session is None:
            return None
        with self.runtime.read(session.person, Channel.PAGE) as unit:
            told = Told(marks=marks_now(unit)) if since is None else told_to(unit, Watch(since).look(unit))
            stream.lost = lost_to(unit, stream.looked_at)
            return replace(told, lost=stream.lost)

    def _watch(self) -> None:
        watch: Watch | None = None
        pause = 0.0
        while not self._stop.wait(pause):
            with self._lock:
                if not self._streams:
                    self._thread = None
                    return
                streams = tuple(self._streams)
            try:
                with self.runtime.read(SYSTEM, Channel.PAGE) as unit:
                    watch = watch or Watch(marks_now(unit))
                    happened = watch.look(unit)
                self._is_watching.set()
                if happened:
                    self._pass_on(happened, streams)
                pause = LOOK_SECONDS
            except Exception as error:  # noqa: BLE001 - a database that is away comes back; pages do without
                log.warning("looking_failed", action="live.look", error=type(error).__name__)
                pause = AFTER_FAULT_SECONDS

    def _pass_on(self, happened: Happened, streams: tuple[Stream, ...]) -> None:
        # The streams of one session hear the same: it is asked for once, with all that they show together.
        looked_at: dict[str, set[Looked]] = defaultdict(set)
        for stream in streams:
            looked_at[stream.token] |= stream.looked_at
        told = {token: self._told(token, looked, happened) for token, looked in looked_at.items()}
        for stream in streams:
            news = stream.fresh(told[stream.token])
            if news is None:
                stream.end()
            elif news:
                stream.tell(news)

    def _told(self, token: str, looked_at: Collection[Looked], happened: Happened) -> Told | None:
        # Asked anew each time: who was signed out, or lost a role, hears nothing more.
        session = find_session(self.runtime, token, is_used=False)
        if session is None:
            return None
        with self.runtime.read(session.person, Channel.PAGE) as unit:
            # Whatever happened: what somebody sees may depend on other records than the one that they look at.
            return replace(told_to(unit, happened), lost=lost_to(unit, looked_at))
