"""How a file is to be read and kept, as somebody chose it for one import."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class DateOrder(StrEnum):
    """What stands first in a date such as `03/04/2026`."""

    DAY = "dmy"
    MONTH = "mdy"
    YEAR = "ymd"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenColumns:
    """Which path each column of a sheet fills, as somebody chose it.

    Columns count from 0, `header_rows` from 1. `paths` is empty for a column that is not to be imported;
    `headings` is what stood above it, by which the choice is known again in another file.
    """

    header_rows: tuple[int, ...]
    paths: Mapping[int, str]
    headings: Mapping[int, str] = field(default_factory=dict)

    @property
    def by_path(self) -> Mapping[str, int]:
        """The column that fills each path."""
        return {path: column for column, path in self.paths.items() if path}

    def to_json(self) -> dict[str, Any]:
        """Return what is kept of it with the run."""
        return {
            "header_rows": list(self.header_rows),
            "paths": {str(column): path for column, path in self.paths.items()},
            "headings": {str(column): text for column, text in self.headings.items()},
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "ChosenColumns":
        """Return the choice that a run keeps."""
        return cls(
            header_rows=tuple(stored["header_rows"]),
            paths={int(column): path for column, path in stored["paths"].items()},
            headings={int(column): text for column, text in stored["headings"].items()},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The choices of one import.

    `keep_good`: what has no problem is written although the rest is refused. `columns` None leaves it to
    the headings which field a column fills.
    """

    sheet: str | None = None
    keep_good: bool = False
    dates: DateOrder | None = None
    columns: ChosenColumns | None = None

    def to_json(self) -> dict[str, Any]:
        """Return what is kept of them with the run."""
        return {
            "sheet": self.sheet,
            "keep_good": self.keep_good,
            "dates": None if self.dates is None else self.dates.value,
            "columns": None if self.columns is None else self.columns.to_json(),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Options":
        """Return the choices that a run keeps."""
        columns, dates = stored.get("columns"), stored.get("dates")
        return cls(
            sheet=stored.get("sheet"),
            keep_good=bool(stored.get("keep_good")),
            dates=None if dates is None else DateOrder(dates),
            columns=None if columns is None else ChosenColumns.from_json(columns),
        )
