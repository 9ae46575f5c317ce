"""What stands in a ledger when a story begins: posted by hand, as the person who is named or as the system."""

from decimal import Decimal
from typing import Any, cast

from orderkit.engine.importing.matching.mapping import as_named
from orderkit.engine.importing.seeds import find_by_text
from orderkit.engine.ledger import post_by_hand
from orderkit.engine.runtime import Unit
from orderkit.model.expressions.nodes import Expression, Scalar
from orderkit.model.expressions.types import Record, Type
from orderkit.model.labels import label
from orderkit.model.scenarios import GivenPosting
from orderkit.testing.scenarios.values import plain
from orderkit.testing.stage import Stage, wrong


def post(stage: Stage, unit: Unit, given: GivenPosting) -> None:
    """Post to a ledger. Raises Refused, for a record that is not there or a bound that it would break."""
    types = {key.id: key.type for key in unit.project.ledger_by_id[given.ledger].keys}
    keys = {name: _key(stage, unit, types[name], expression) for name, expression in given.keys}
    amounts = {name: _amount(stage, unit, expression) for name, expression in given.amounts}
    post_by_hand(unit, f"{given.ledger}.{given.posting}", keys, amounts)


def _amount(stage: Stage, unit: Unit, given: Expression) -> Decimal | None:
    value = plain(stage, unit, given)
    return Decimal(value) if isinstance(value, int | Decimal) else None


def _key(stage: Stage, unit: Unit, kind: Type, given: Expression) -> Scalar:
    """Return a key; of a record its id, found by the text by which people know it."""
    value: Any = plain(stage, unit, as_named(given) or given)
    if not isinstance(kind, Record):
        return cast("Scalar", value)
    if isinstance(value, str):
        found = find_by_text(unit, unit.project.form_by_id[kind.form], value)
        if found is None:
            raise wrong(label(zh=f"没有记录“{value}”", en=f"there is no record `{value}`"))
        return found
    return None if value is None else int(value.id)
