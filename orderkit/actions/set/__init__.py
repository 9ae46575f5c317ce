"""The action that writes fields of the record itself."""

from collections.abc import Mapping
from typing import ClassVar

from orderkit.actions.action_type import ActionContext, ActionType, Effect, Word
from orderkit.actions.options import assignments
from orderkit.model import labels


class Set(ActionType):
    """`{set: {paid_on: =today()}}`: values are all evaluated first, then written together."""

    name = "set"
    label = labels.label(zh="填写字段", en="Set fields")
    description = labels.label(zh="把值写入本记录的字段", en="Writes values into fields of the record")
    effect = frozenset({Effect.IN_TRANSACTION})
    words: ClassVar = {"set": Word.ASSIGNMENTS}
    required = frozenset({"set"})
    needs_record = True

    def run(self, options: Mapping[str, object], context: ActionContext) -> None:
        """Write the fields."""
        context.assign({name: context.value(value) for name, value in assignments(options, "set")})


TYPE = Set()
