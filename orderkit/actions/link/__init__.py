"""The action that makes a field refer to another record."""

from typing import ClassVar

from orderkit.actions.action_type import AwaitedAction, Effect, Word
from orderkit.model import labels


class Link(AwaitedAction):
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


TYPE = Link()
