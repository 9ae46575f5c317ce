"""What a person is told before a record is made of others: what may be made, and of which lines how much."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from orderkit.model.forms import Field, FieldId, FormId
from orderkit.model.labels import Label

# More records than these are no selection that a person made; a statement of a month stays below it.
MOST_SOURCES = 200


class OfferKind(StrEnum):
    """What a button makes: another record, two of one, or one of several."""

    MAKE = "make"
    SPLIT = "split"
    MERGE = "merge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One button. `target` is the form that is made; `why` says why it cannot be pressed now.

    With `picks` a page asks first which lines, and how much of them.
    """

    kind: OfferKind
    target: FormId
    label: Label
    why: Label | None = None
    picks: bool = False
    takes_many: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """How much of a line may be taken into one field. None is a number that this person may not see.

    `open` is what is left, `most` includes the tolerance, `preset` is what is taken when nothing is said.
    """

    field: Field
    open: Decimal | None
    most: Decimal | None
    preset: Decimal | None
    is_writable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PickLine:
    """One row of a source record that is still open."""

    source_id: int
    form: FormId
    row_id: int
    quantities: tuple[Quantity, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PickSource:
    """One record that something is made of."""

    id: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PickGroup:
    """The records that together make one."""

    sources: tuple[PickSource, ...]
    lines: tuple[PickLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picking:
    """What can be made of the chosen records, and what each new record would hold."""

    source: FormId
    target: FormId
    label: Label
    has_lines: bool
    groups: tuple[PickGroup, ...]


# By the row of the source: how much of each field is taken. A row that is left out is not taken.
Picks = Mapping[int, Mapping[FieldId, Decimal]]
