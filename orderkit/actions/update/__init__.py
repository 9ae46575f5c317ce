"""The action that writes fields of related records."""

from collections.abc import Mapping
from typing import ClassVar

from orderkit.actions.action_type import ActionContext, ActionType, Effect, Word
from orderkit.actions.options import assignments, expression, selection
from orderkit.model import labels


class Update(ActionType):
    """`{update: customer, set: {last_order: =ordered_on}}`: the record behind a reference, or each of some rows."""

    name = "update"
    label = labels.label(zh="更新记录", en="Update records")
    description = labels.label(
        zh="改写相关记录（引用、明细或按条件查找）的字段",
        en="Writes fields of related records: behind a reference, lines, or those that a condition finds",
    )
    effect = frozenset({Effect.IN_TRANSACTION})
    words: ClassVar = {
        "update": Word.RECORDS,
        "where": Word.CONDITION,
        "set": Word.ASSIGNMENTS,
    }
    required = frozenset({"update", "set"})

    def run(self, options: Mapping[str, object], context: ActionContext) -> None:
        """Write them."""
        context.update(
            selection(options, "update"),
            where=expression(options, "where"),
            values=assignments(options, "set"),
        )


TYPE = Update()
