"""The action that does others once for each row."""

from collections.abc import Mapping
from typing import ClassVar

from orderkit.actions.action_type import ActionContext, ActionType, Effect, Word
from orderkit.actions.options import actions, expression, selection
from orderkit.model import labels


class Foreach(ActionType):
    """`{foreach: lines, where: "item.qty > 0", actions: [{create: purchase, set: {qty: =item.qty}}]}`."""

    name = "foreach"
    label = labels.label(zh="逐行执行", en="For each row")
    description = labels.label(
        zh="对每一行执行一组动作，行写作 `item`",
        en="Does actions once for each row, which they see as `item`",
    )
    effect = frozenset({Effect.IN_TRANSACTION, Effect.AFTER_COMMIT})
    words: ClassVar = {
        "foreach": Word.ROWS,
        "where": Word.CONDITION,
        "actions": Word.NESTED,
    }
    required = frozenset({"foreach", "actions"})

    def run(self, options: Mapping[str, object], context: ActionContext) -> None:
        """Do them."""
        context.each(
            selection(options, "foreach"),
            where=expression(options, "where"),
            actions=actions(options, "actions"),
        )


TYPE = Foreach()
