"""How a file is to be read and kept, as somebody chose it for one import."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class DateOrder(StrEnum):
    """What stands first in a date such as `03/04/2026`."""

    DAY = "dmy"
    MONTH = "mdy"
    YEAR = "ymd"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The choices of one import.

    `keep_good`: what has no problem is written although the rest is refused. `columns` says by column,
    counted from 0, which path it fills; empty for one that fills nothing. None leaves it to the headings.
    """

    sheet: str | None = None
    keep_good: bool = False
    dates: DateOrder | None = None
    columns: Mapping[int, str] | None = None

    def to_json(self) -> dict[str, Any]:
        """Return what is kept of them with the run."""
        columns = None if self.columns is None else {str(at): path for at, path in self.columns.items()}
        return {
            "sheet": self.sheet,
            "keep_good": self.keep_good,
            "dates": None if self.dates is None else self.dates.value,
            "columns": columns,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Options":
        """Return the choices that a run keeps."""
        columns, dates = stored.get("columns"), stored.get("dates")
        return cls(
            sheet=stored.get("sheet"),
            keep_good=bool(stored.get("keep_good")),
            dates=None if dates is None else DateOrder(dates),
            columns=None if columns is None else {int(at): path for at, path in columns.items()},
        )
