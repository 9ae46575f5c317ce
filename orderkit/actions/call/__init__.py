"""The action that calls an external system, or starts another workflow on a new record."""

from typing import ClassVar

from orderkit.actions.action_type import AwaitedAction, Effect, Word
from orderkit.model import labels


class Call(AwaitedAction):
    """`{call: finance.post, with: {…}}` asks another system, `{call: "workflow:purchase_life", set: {…}}` starts a sub-flow.

    A sub-flow gets a record of its own, made with `set`; when it has ended, `then` is pressed here.
    """

    name = "call"
    label = labels.label(zh="调用", en="Call")
    description = labels.label(
        zh="调用外部系统的操作，或在新记录上启动另一流程",
        en="Calls an operation of an external system, or starts another workflow on a new record",
    )
    effect = frozenset({Effect.IN_TRANSACTION, Effect.AFTER_COMMIT})
    words: ClassVar = {
        "call": Word.CALL,
        "with": Word.ARGUMENTS,
        "key": Word.TEMPLATE,
        "save": Word.ANSWERS,
        "set": Word.ASSIGNMENTS,
        "then": Word.TRANSITION,
        "on_dead": Word.ACTIONS,
    }
    required = frozenset({"call"})


TYPE = Call()
