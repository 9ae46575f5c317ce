"""The action that divides a record in two."""

from typing import ClassVar

from orderkit.actions.action_type import AwaitedAction, Effect, Word
from orderkit.model import labels


class Split(AwaitedAction):
    """`{split: lines, where: "item.open_qty > 0"}`: the rows that match move to a new record of the same form.

    `take` says which part of a row goes, `set` what the new record gets.
    """

    name = "split"
    label = labels.label(zh="拆分", en="Split")
    description = labels.label(
        zh="把一部分明细拆到同一表单的新记录",
        en="Moves a part of the rows to a new record of the same form",
    )
    effect = frozenset({Effect.IN_TRANSACTION})
    words: ClassVar = {
        "split": Word.ROWS,
        "where": Word.CONDITION,
        "take": Word.ROW_VALUES,
        "set": Word.ASSIGNMENTS,
    }
    required = frozenset({"split"})
    needs_record = True


TYPE = Split()
