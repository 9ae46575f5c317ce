"""Posting: from the keys and amounts that an action gives to entries.

What a posting takes `against` another transition it takes from what that transition posted for the same
row, oldest first, where it was posted, and no more than is still open: a delivery of a part uses up a part.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from orderkit.engine.ledger.entries import NOWHERE, Entry, Posted, Source, open_entries, write_entries
from orderkit.engine.ledger.wording import without_amount, without_key, without_lot
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Problem, Refused
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.labels import Label
from orderkit.model.ledgers import AGAINST, COST, LOT, Ledger, Movement, PostingKind
from orderkit.model.values.numbers import round_half_up

__all__ = ["Posting", "Source", "post"]

NOT_COMPLETE = "posting"
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One posting: `target` is `stock.issue`; `against` the transition whose postings it uses up."""

    target: str
    keys: Mapping[str, Scalar]
    amounts: Mapping[str, Decimal | int | None]
    source: Source = NOWHERE
    against: str | None = None
    reason: str | None = None


def post(unit: Unit, postings: Sequence[Posting]) -> tuple[tuple[str, int], ...]:
    """Post into ledgers, and return ledger and id of every entry. Balances follow at the end of the unit.

    Raises: Refused where a key or an amount is missing; at the end of the unit, where a bound would be broken.
    """
    made: list[tuple[str, int]] = []
    tallies = _Tallies(unit)
    entries: dict[str, list[Entry]] = {}
    problems: list[Problem] = []
    for each in postings:
        ledger, kind = _named(unit, each.target)
        found = _Posting(ledger, kind, each, tallies).entries()
        if isinstance(found, dict):
            problems += [Problem(path="", code=NOT_COMPLETE, message=why) for why in found.values()]
        else:
            entries.setdefault(ledger.id, []).extend(found)
    if problems:
        raise Refused(problems)
    for ledger_id, some in entries.items():
        ids = write_entries(unit, unit.project.ledger_by_id[ledger_id], some)
        made += [(ledger_id, each) for each in ids]
    return tuple(made)


def _named(unit: Unit, target: str) -> tuple[Ledger, PostingKind]:
    name, _, kind = target.partition(".")
    ledger = unit.project.ledger_by_id[name]
    return ledger, ledger.posting_by_id[kind]


@dataclass(slots=True)
class _Tallies:
    """What is still open of what transitions posted, while these postings use it up."""

    unit: Unit
    known: dict[tuple[str, str, Source], Mapping[tuple[str | None, int | None], Sequence[Posted]]] = field(
        default_factory=dict
    )

    def of(self, ledger: Ledger, source: Source, transition: str) -> Sequence[Posted]:
        """Return what a transition posted for the row of the source, oldest first."""
        life = Source(form=source.form, record_id=source.record_id, workflow=source.workflow)
        key = (ledger.id, transition, life)
        if key not in self.known:
            self.known[key] = open_entries(self.unit, ledger, life, transition)
        return self.known[key].get((source.row_form, source.row_id), ())


@dataclass(frozen=True, slots=True)
class _Posting:
    ledger: Ledger
    kind: PostingKind
    given: Posting
    tallies: _Tallies

    def entries(self) -> list[Entry] | dict[str, Label]:
        """Return the entries to write, or what is missing."""
        missing = self._missing()
        if missing:
            return missing
        moves = {each.measure: self._amount(each) for each in self.kind.movements if not self._is_apart(each)}
        entries = [self._entry(self.given.keys, moves)] if any(moves.values()) else []
        return [*entries, *self._uses()]

    def _missing(self) -> dict[str, Label]:
        found: dict[str, Label] = {}
        for key in self.ledger.keys:
            if self.given.keys.get(key.id) is None:
                is_unpicked = key.id == LOT and key.id not in self.given.keys
                found[key.id] = without_lot(self.ledger) if is_unpicked else without_key(self.ledger, key)
        for each in self.kind.movements:
            if not self._is_apart(each) and self.given.amounts.get(each.amount) is None:
                found[each.amount] = without_amount(self.ledger, each.amount)
        return found

    def _is_apart(self, movement: Movement) -> bool:
        """Whether its amount is not given: used up of another transition, or worked out by a cost method."""
        is_costed = movement.amount == COST and self.ledger.cost is not None
        return movement.amount == AGAINST or is_costed

    def _amount(self, movement: Movement) -> Decimal:
        given = self.given.amounts[movement.amount]
        assert given is not None
        return round_half_up(given, self._scale(movement)) * movement.sign

    def _scale(self, movement: Movement) -> int:
        return next(each.type.scale for each in self.ledger.measures if each.id == movement.measure)

    def _uses(self) -> list[Entry]:
        used = [each for each in self.kind.movements if each.amount == AGAINST]
        if not used or self.given.against is None:
            return []
        posted = self.tallies.of(self.ledger, self.given.source, self.given.against)
        left = {each.measure: self._most(each, posted) for each in used}
        entries = []
        for original in posted:
            moves = {each.measure: self._used(each, original, left) for each in used}
            if any(moves.values()):
                entries.append(self._entry(original.keys, moves, uses_id=original.id))
        return entries

    def _most(self, movement: Movement, posted: Sequence[Posted]) -> Decimal | None:
        """Return how much may be used up: as much as is posted by the amount that the original was posted by."""
        kinds = self.ledger.posting_by_id
        names = {
            each.amount
            for original in posted
            if original.posting in kinds
            for each in kinds[original.posting].movements
            if each.measure == movement.measure
        }
        amounts: list[Decimal | int | None] = [self.given.amounts.get(name) for name in sorted(names)]
        given = [abs(Decimal(each)) for each in amounts if each is not None]
        return round_half_up(max(given), self._scale(movement)) if given else None

    def _used(self, movement: Movement, original: Posted, left: dict[str, Decimal | None]) -> Decimal:
        measure = movement.measure
        is_open = original.open[measure] * -movement.sign
        most = left[measure]
        amount = max(_ZERO, is_open if most is None else min(is_open, most))
        if most is not None:
            left[measure] = most - amount
        original.open[measure] += amount * movement.sign
        return amount * movement.sign

    def _entry(
        self, keys: Mapping[str, Scalar], moves: Mapping[str, Decimal], *, uses_id: int | None = None
    ) -> Entry:
        return Entry(
            posting=self.kind.id,
            source=self.given.source,
            keys=keys,
            moves=moves,
            reason=self.given.reason,
            uses_id=uses_id,
        )
