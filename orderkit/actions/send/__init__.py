"""The action that sends a named message to people."""

from collections.abc import Mapping
from typing import ClassVar

from orderkit.actions.action_type import ActionContext, ActionType, Effect, Word
from orderkit.actions.options import actions, expression, text, texts, who
from orderkit.model import labels


class Send(ActionType):
    """`{send: shipped, to: owner, via: [inbox], key: "{id}:ship"}`: without `via` into the inbox.

    `key` says which messages are the same one: of those with one key, each reader gets one.
    """

    name = "send"
    label = labels.label(zh="发送消息", en="Send a message")
    description = labels.label(zh="按渠道把一条消息发给人", en="Sends a message to people over channels")
    effect = frozenset({Effect.AFTER_COMMIT})
    words: ClassVar = {
        "send": Word.MESSAGE,
        "to": Word.WHO,
        "via": Word.TEXTS,
        "key": Word.TEMPLATE,
        "on_dead": Word.ACTIONS,
    }
    required = frozenset({"send", "to"})

    def run(self, options: Mapping[str, object], context: ActionContext) -> None:
        """Queue it."""
        key = expression(options, "key")
        shown = None if key is None else context.value(key)
        context.notify(
            text(options, "send"),
            who(options, "to"),
            texts(options, "via") or ("inbox",),
            None if shown is None else str(shown),
            actions(options, "on_dead"),
        )


TYPE = Send()
