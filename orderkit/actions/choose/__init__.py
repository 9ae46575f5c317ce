"""The action that chooses among others."""

from collections.abc import Mapping
from typing import ClassVar

from orderkit.actions.action_type import ActionContext, ActionType, Effect, Word
from orderkit.actions.options import branches
from orderkit.model import labels


class Choose(ActionType):
    """`{choose: [{when: "total > 100", actions: […]}, {default: true, actions: []}]}`: the first that holds."""

    name = "choose"
    label = labels.label(zh="按条件执行", en="Choose")
    description = labels.label(
        zh="按顺序执行第一个条件成立的分支",
        en="Does the actions of the first branch whose condition holds",
    )
    effect = frozenset({Effect.IN_TRANSACTION, Effect.AFTER_COMMIT})
    words: ClassVar = {
        "choose": Word.BRANCHES,
    }
    required = frozenset({"choose"})

    def run(self, options: Mapping[str, object], context: ActionContext) -> None:
        """Do those of the first branch that holds."""
        context.choose(branches(options, "choose"))


TYPE = Choose()
