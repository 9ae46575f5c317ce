"""What a caller may handle at run time. What a consultant wrote wrong is a finding, never one of these.

The docstring is the default message in English and says what to do next; `explain` carries the
message for people in their languages. `orderkit.web` holds the one table from type to HTTP status.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from orderkit.model.codes import Code
from orderkit.model.labels import Label, label


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong with what a person entered.

    `path` points at the field: `need_by`, `lines.2.qty` (rows from 0), or `` for the whole record.
    `code` is a stable word for programs, such as `required`, `too_long`, `check_failed`, `locked`;
    `known_as` is the permanent code that `orderkit explain` knows, where what is wrong has one.
    """

    path: str
    code: str
    message: Label
    help: Label | None = None
    known_as: Code | None = None


class OrderkitError(Exception):
    """Something was refused; the message says what to do. `known_as` is its code, if it has one."""

    known_as: Code | None = None

    def __init__(self, explain: Label | None = None) -> None:
        text = (type(self).__doc__ or "").strip()
        self.explain: Label = explain if explain is not None else label(en=text)
        super().__init__(self.explain.get("en") or next(iter(self.explain.values()), text))


class NotFound(OrderkitError):
    """There is no such record, or you may not see it."""


class Denied(OrderkitError):
    """You have no right to do this; ask an administrator for a role that grants it."""


class Refused(OrderkitError):
    """The rules of this project do not allow this; see the problems."""

    def __init__(self, problems: Sequence[Problem], explain: Label | None = None) -> None:
        self.problems = tuple(problems)
        super().__init__(explain or (problems[0].message if problems else None))


class Stale(OrderkitError):
    """Somebody changed this in the meantime; load it again and repeat your change."""


class Conflict(OrderkitError):
    """This was already done, or collides with something that exists."""


class ConnectorFailed(OrderkitError):
    """An external system did not accept a call.

    `is_permanent` means that trying again cannot help; `retry_after_seconds` is the system's wish;
    `summary` is a redacted account of request and answer for the attempt log.
    """

    def __init__(
        self,
        explain: Label,
        *,
        is_permanent: bool = False,
        is_outcome_unknown: bool = False,
        retry_after_seconds: float | None = None,
        summary: str | None = None,
    ) -> None:
        super().__init__(explain)
        self.summary = summary
        self.is_permanent = is_permanent
        self.is_outcome_unknown = is_outcome_unknown
        self.retry_after_seconds = retry_after_seconds


@contextmanager
def placed(place: object) -> Iterator[None]:
    """Name the place in what the machine refuses meanwhile: a write that fails does not know its file's name."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(place)
        raise
