"""What is wrong in a file, each thing at its cell."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from orderkit.engine.importing.reading.cells import column_of
from orderkit.model.labels import Label, label


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportProblem:
    """One bad cell (or heading, or row): where it stands, what is wrong, what is expected.

    `row` counts from 1 as Excel does and is 0 for a problem of the whole sheet; `cell` is `C12`, and
    empty where there is no single cell. `text` is what stands there.
    """

    sheet: str
    row: int
    cell: str
    heading: str
    text: str
    code: str
    what: Label
    expected: Label | None = None

    @property
    def column(self) -> int | None:
        """The column of the cell, counted from 0."""
        return column_of(self.cell) if self.cell else None

    def to_json(self) -> dict[str, Any]:
        """Return what is kept of it with the run."""
        return {
            "sheet": self.sheet,
            "row": self.row,
            "cell": self.cell,
            "heading": self.heading,
            "text": self.text,
            "code": self.code,
            "what": dict(self.what),
            "expected": None if self.expected is None else dict(self.expected),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ImportProblem":
        """Read back what `to_json` returned."""
        expected = data["expected"]
        return cls(
            sheet=data["sheet"],
            row=data["row"],
            cell=data["cell"],
            heading=data["heading"],
            text=data["text"],
            code=data["code"],
            what=label(**data["what"]),
            expected=None if expected is None else label(**expected),
        )
