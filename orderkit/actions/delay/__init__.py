"""The action that does others later."""

from collections.abc import Mapping
from typing import ClassVar

from orderkit.actions.action_type import ActionContext, ActionType, Effect, Word
from orderkit.actions.options import actions, delay
from orderkit.model import labels


class Delay(ActionType):
    """`{delay: 2wd, actions: [{send: reminder, to: owner}]}`, or `{delay: {until: need_by}, actions: […]}`."""

    name = "delay"
    label = labels.label(zh="延时执行", en="Delay")
    description = labels.label(
        zh="等一段时间，或到某一时刻，再执行一组动作",
        en="Does actions after a while, or at a moment",
    )
    effect = frozenset({Effect.AFTER_COMMIT})
    words: ClassVar = {
        "delay": Word.DELAY,
        "actions": Word.NESTED,
    }
    required = frozenset({"delay", "actions"})

    def run(self, options: Mapping[str, object], context: ActionContext) -> None:
        """Begin to wait."""
        context.later(delay(options, "delay"), actions(options, "actions"))


TYPE = Delay()
