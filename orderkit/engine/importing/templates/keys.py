"""The keys by which a template's references are named: those of records that the reader may pick, bounded."""

from collections.abc import Sequence
from dataclasses import dataclass

from orderkit.engine.access import Right
from orderkit.engine.importing.templates.columns import TemplateColumn
from orderkit.engine.records import pickable
from orderkit.engine.runtime import Unit

MOST_KEYS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What may stand in a column of references: the key of each record and what people call it."""

    pairs: Sequence[tuple[str, str]]
    is_cut: bool


def keys_for(unit: Unit, column: TemplateColumn) -> Keys:
    """Return the keys of a column of references, in their order."""
    slot = column.slot
    assert slot is not None
    assert column.form is not None
    views = pickable(unit, column.form.id, slot.field.id, limit=MOST_KEYS + 1)
    pairs: dict[str, str] = {}
    for view in views[:MOST_KEYS]:
        readable = (
            view.values.get(key) for key in slot.keys if view.rights.get(key, Right.HIDDEN) >= Right.READ
        )
        key = next((each for each in readable if isinstance(each, str) and each), view.title)
        pairs.setdefault(key, view.title)
    return Keys(pairs=tuple(pairs.items()), is_cut=len(views) > MOST_KEYS)
