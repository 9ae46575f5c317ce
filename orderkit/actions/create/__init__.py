"""The action that makes a record of another form."""

from collections.abc import Mapping
from typing import ClassVar

from orderkit.actions.action_type import ActionContext, ActionType, Effect, Word
from orderkit.actions.options import assignments, text
from orderkit.model import labels


class Create(ActionType):
    """`{create: delivery, set: {order: =this}}`: fields that are not named get their defaults."""

    name = "create"
    label = labels.label(zh="新建记录", en="Create a record")
    description = labels.label(zh="新建另一种单据的一条记录", en="Makes a record of another form")
    effect = frozenset({Effect.IN_TRANSACTION, Effect.AFTER_COMMIT})
    words: ClassVar = {"create": Word.FORM, "set": Word.ASSIGNMENTS}
    required = frozenset({"create"})

    def run(self, options: Mapping[str, object], context: ActionContext) -> None:
        """Make the record."""
        values = {name: context.value(value) for name, value in assignments(options, "set")}
        context.create(text(options, "create"), values)


TYPE = Create()
