"""How large a file may be, and the one way to say that a file cannot be read."""

from dataclasses import dataclass

from orderkit.model.errors import Problem, Refused
from orderkit.model.labels import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds on what is read from outside. Memory and time bound the process that opens a workbook."""

    file_bytes: int = 200 * 1024 * 1024
    rows: int = 1_000_000
    columns: int = 1_000
    cells: int = 30_000_000
    memory_bytes: int = 3 * 1024 * 1024 * 1024
    seconds: int = 120


class UnreadableFile(Refused):
    """The file cannot be read as a table; see the problem for the reason and the remedy."""

    def __init__(self, code: str, message: Label, remedy: Label | None = None) -> None:
        super().__init__([Problem(path="file", code=code, message=message, help=remedy)])
