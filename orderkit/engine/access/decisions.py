"""What an access question is answered with: allowed, or refused with a reason for people."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from orderkit.model.labels import Label


class Action(StrEnum):
    """What a person may want to do with a form or a record."""

    CREATE = "create"
    READ = "read"
    UPDATE = "update"
    DELETE = "delete"
    EXPORT = "export"
    PRINT = "print"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Allowed:
    """Yes."""

    def __bool__(self) -> Literal[True]:
        return True


@dataclass(frozen=True, slots=True)
class RefusedAccess:
    """No, and why. `code` is a stable word: `no_grant`, `row_rule`, `hidden`, `masked`, `readonly`, `state`."""

    why: Label
    code: str

    def __bool__(self) -> Literal[False]:
        return False


Decision = Allowed | RefusedAccess
ALLOWED = Allowed()
