"""The action that tells people something in a few words."""

from typing import ClassVar

from orderkit.actions.action_type import AwaitedAction, Effect, Word
from orderkit.model import labels


class Notify(AwaitedAction):
    """`{notify: role(finance), text: "订单 {number} 已完成"}`: a short text where a `message` would be too much."""

    name = "notify"
    label = labels.label(zh="通知", en="Notify")
    description = labels.label(
        zh="给人发一句话，不必另写消息",
        en="Tells people something in a few words, without a message of its own",
    )
    effect = frozenset({Effect.AFTER_COMMIT})
    words: ClassVar = {
        "notify": Word.WHO,
        "text": Word.TEMPLATE,
        "via": Word.TEXTS,
        "key": Word.TEMPLATE,
    }
    required = frozenset({"notify", "text"})


TYPE = Notify()
