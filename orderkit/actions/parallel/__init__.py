"""The action that runs branches of others beside each other."""

from typing import ClassVar

from orderkit.actions.action_type import AwaitedAction, Effect, Word
from orderkit.model import labels


class Parallel(AwaitedAction):
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


TYPE = Parallel()
