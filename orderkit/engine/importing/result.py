"""What an import tells while it runs and when it has ended; `run` does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from orderkit.engine.importing.problems import ImportProblem
from orderkit.engine.importing.refused import RefusedRows
from orderkit.engine.importing.runs import RunState
from orderkit.model.forms import FormId


class Stage(StrEnum):
    """What an import is doing."""

    READING = "reading"
    TRYING = "trying"
    WRITING = "writing"


OnProgress = Callable[[Stage, int, int], None]
OnRefused = Callable[[RefusedRows], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What came of a file. REFUSED, or after a dry run, nothing of it has been written.

    FAILED with problems means that somebody changed what the file refers to while it was written,
    or before it was gone on with; what was written by then stays, and importing the file again goes on from there.
    `created`, `updated` and `unchanged` count records, `refused` those that have problems; `made` those
    of other forms that they refer to and that did not exist. Of a dry run they say what would happen.
    """

    run_id: int
    mapping: str
    file_name: str
    sheet: str
    state: RunState
    is_dry: bool
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    made: Mapping[FormId, int] = field(default_factory=dict)
    problems: tuple[ImportProblem, ...] = ()
    warnings: tuple[ImportProblem, ...] = ()
    refused_rows: RefusedRows | None = None

    @property
    def is_clean(self) -> bool:
        """Whether the file was (or can be) imported in full."""
        return self.state is RunState.DONE and not self.problems
