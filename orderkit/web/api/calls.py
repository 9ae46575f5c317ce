"""One request and one answer of the API, as plain values: handlers are functions from one to the other.

Handlers run in a thread, see no ASGI and raise what they refuse; `serving` is the shell around them.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from orderkit.engine.runtime import Channel, Person, Runtime, Unit

JSON_TYPE = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that came with the request, to be read piece by piece."""

    name: str
    chunks: Iterator[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request after sign-in. `parameters` keeps the order and the repetitions of the query string."""

    method: str
    path: str
    names: Mapping[str, str]
    parameters: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes
    upload: Upload | None = None
    person: Person
    locale: str
    request_id: str | None = None

    def reading(self, runtime: Runtime) -> AbstractContextManager[Unit]:
        """Open a unit that reads as this person."""
        return runtime.read(self.person, Channel.API, request_id=self.request_id)

    def writing(self, runtime: Runtime) -> AbstractContextManager[Unit]:
        """Open a unit that writes as this person."""
        return runtime.write(self.person, Channel.API, request_id=self.request_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back. `file` is sent instead of `body` where it is set."""

    status: int = 200
    body: bytes = b""
    media_type: str | None = JSON_TYPE
    headers: Mapping[str, str] = field(default_factory=dict)
    file: Path | None = None


Handler = Callable[[Runtime, Call], Answer]


def json_answer(document: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """Return a JSON answer that no cache keeps: what it says depends on who asked."""
    return Answer(
        status=status,
        body=json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(),
        headers={"Cache-Control": "no-store", **(headers or {})},
    )
