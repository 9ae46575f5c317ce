"""The action that makes a field refer to another record."""

from collections.abc import Mapping
from typing import ClassVar

from orderkit.actions.action_type import ActionContext, ActionType, Effect, Word
from orderkit.actions.options import expression, text
from orderkit.model import labels


class Link(ActionType):
    """`{link: tags, to: "=find(tag, code == 'VIP')"}`: a field of many references gets one more."""

    name = "link"
    label = labels.label(zh="关联", en="Link")
    description = labels.label(
        zh="让本记录的引用字段指向另一条记录",
        en="Makes a reference field of the record point to another record",
    )
    effect = frozenset({Effect.IN_TRANSACTION})
    words: ClassVar = {
        "link": Word.FIELD,
        "to": Word.VALUE,
    }
    required = frozenset({"link", "to"})
    needs_record = True

    def run(self, options: Mapping[str, object], context: ActionContext) -> None:
        """Let it lead there."""
        to = expression(options, "to")
        assert to is not None
        context.link(text(options, "link"), context.value(to))


TYPE = Link()
