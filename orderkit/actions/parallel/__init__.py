"""The action that runs branches of others beside each other."""

from collections.abc import Mapping
from typing import ClassVar

from orderkit.actions.action_type import ActionContext, ActionType, Effect, Word
from orderkit.actions.options import parallel
from orderkit.model import labels


class Parallel(ActionType):
    """`{parallel: {join: all, branches: [{actions: […]}, {actions: […]}]}}`."""

    name = "parallel"
    label = labels.label(zh="并行执行", en="In parallel")
    description = labels.label(
        zh="在后台并行执行几组动作",
        en="Runs groups of actions beside each other in the background",
    )
    effect = frozenset({Effect.AFTER_COMMIT})
    words: ClassVar = {
        "parallel": Word.PARALLEL,
    }
    required = frozenset({"parallel"})

    def run(self, options: Mapping[str, object], context: ActionContext) -> None:
        """Begin them."""
        context.beside(parallel(options, "parallel"))


TYPE = Parallel()
