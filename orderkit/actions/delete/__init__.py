"""The action that deletes related records."""

from collections.abc import Mapping
from typing import ClassVar

from orderkit.actions.action_type import ActionContext, ActionType, Effect, Word
from orderkit.actions.options import expression, selection
from orderkit.model import labels


class Delete(ActionType):
    """`{delete: lines, where: "item.qty == 0"}`: related records, as far as nothing refers to them."""

    name = "delete"
    label = labels.label(zh="删除记录", en="Delete records")
    description = labels.label(
        zh="删除相关记录（引用、明细或按条件查找）",
        en="Deletes related records: behind a reference, lines, or those that a condition finds",
    )
    effect = frozenset({Effect.IN_TRANSACTION})
    words: ClassVar = {
        "delete": Word.RECORDS,
        "where": Word.CONDITION,
    }
    required = frozenset({"delete"})

    def run(self, options: Mapping[str, object], context: ActionContext) -> None:
        """Delete them."""
        context.delete(selection(options, "delete"), where=expression(options, "where"))


TYPE = Delete()
