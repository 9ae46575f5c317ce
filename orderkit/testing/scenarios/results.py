"""What came of scenarios. Plain values, as they travel between processes; texts in every language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from orderkit.model.forms import Origin
from orderkit.model.labels import Label

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """One thing that is not as it should be."""

    what: Texts
    expected: Texts
    found: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One entry of the timeline of the record that a step is about."""

    at: datetime
    who: str
    what: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Where a scenario went another way: at step `number`, 0 for what is given. `what` is the step in words."""

    number: int
    what: Texts
    origin: Origin | None
    mismatches: tuple[Mismatch, ...]
    timeline: tuple[Happened, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of one scenario; `reached` names points of coverage."""

    scenario: str
    label: Texts
    origin: Origin | None
    seconds: float
    failure: Failure | None
    reached: frozenset[str]

    @property
    def is_passed(self) -> bool:
        """Whether everything came as expected."""
        return self.failure is None


def texts(label: Label) -> Texts:
    """Return a label that can travel to another process."""
    return dict(label)


def failed(results: Sequence[Result]) -> int:
    """Return how many did not pass."""
    return sum(not each.is_passed for each in results)
