"""The action that divides a record in two."""

from collections.abc import Mapping
from typing import ClassVar

from orderkit.actions.action_type import ActionContext, ActionType, Effect, Word
from orderkit.actions.options import assignments, expression, selection
from orderkit.model import labels


class Split(ActionType):
    """`{split: lines, where: "item.open_qty > 0"}`: the rows that match move to a new record of the same form.

    `take` says which part of a row goes, `set` what the new record gets. Where no row matches, nothing is
    done; where all of them would go whole, it is refused.
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

    def run(self, options: Mapping[str, object], context: ActionContext) -> None:
        """Move the rows."""
        context.split(
            selection(options, "split"),
            where=expression(options, "where"),
            take=dict(assignments(options, "take")),
            values=dict(assignments(options, "set")),
        )


TYPE = Split()
