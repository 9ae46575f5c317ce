"""The action that tells people something in a few words."""

from collections.abc import Mapping
from typing import ClassVar

from orderkit.actions.action_type import ActionContext, ActionType, Effect, Word
from orderkit.actions.options import expression, texts, who
from orderkit.model import labels


class Notify(ActionType):
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

    def run(self, options: Mapping[str, object], context: ActionContext) -> None:
        """Queue it."""
        words = expression(options, "text")
        assert words is not None
        key = expression(options, "key")
        shown = None if key is None else context.value(key)
        context.tell(
            words,
            who(options, "notify"),
            texts(options, "via") or ("inbox",),
            None if shown is None else str(shown),
        )


TYPE = Notify()
