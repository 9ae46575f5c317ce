"""What a caller asks to be changed, and what came of it. `applying` does it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from orderkit.model.errors import Problem, Refused
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import FieldId, FormId

Values = Mapping[FieldId, Scalar]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChange:
    """One row of a collection: `id` None is a new row. Fields left out keep their value (or default)."""

    id: int | None = None
    values: Values = field(default_factory=dict)


Lines = Mapping[str, Sequence[LineChange]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Create:
    """A new record. A field left out gets its default; one given as None stays empty.

    An `editable` copy that is given counts as overwritten by the person; left out, it is copied.
    """

    form: FormId
    values: Values = field(default_factory=dict)
    lines: Lines = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """Changes of one record. A collection named in `lines` is the full new set, in order.

    Values equal to the stored ones count as not given. With `revision`, a record that has
    another one by now is refused as Stale.
    """

    form: FormId
    id: int
    values: Values = field(default_factory=dict)
    lines: Lines = field(default_factory=dict)
    revision: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete:
    """The end of a record and its lines. The audit tells what it was; the bin keeps it for a while."""

    form: FormId
    id: int
    revision: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Restore:
    """A record comes back from the bin as it was, under its old id and number."""

    form: FormId
    id: int


Change = Create | Update | Delete | Restore


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What came of one change, in the order of the changes. `has_changed` is false for a no-op."""

    form: FormId
    id: int
    revision: int
    has_changed: bool


class ChangesRefused(Refused):
    """Some changes of a batch break the rules; `by_change` maps their index to their problems."""

    def __init__(self, by_change: Mapping[int, tuple[Problem, ...]]) -> None:
        self.by_change = dict(by_change)
        super().__init__([problem for problems in by_change.values() for problem in problems])
