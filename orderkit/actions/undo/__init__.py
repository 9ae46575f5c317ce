"""The action that takes back what another transition did."""

from collections.abc import Mapping
from typing import ClassVar

from orderkit.actions.action_type import ActionContext, ActionType, Effect, Word
from orderkit.actions.options import text
from orderkit.model import labels


class Undo(ActionType):
    """`{undo: place}`: reverses once whatever of that transition's postings and assignments is still open."""

    name = "undo"
    label = labels.label(zh="撤回", en="Undo a transition")
    description = labels.label(
        zh="撤回另一个流转的记账和赋值中尚未用掉的部分，只撤一次",
        en="Reverses once what another transition posted and assigned, as far as it is still open",
    )
    effect = frozenset({Effect.IN_TRANSACTION})
    words: ClassVar = {"undo": Word.UNDONE}
    required = frozenset({"undo"})
    needs_record = True

    def run(self, options: Mapping[str, object], context: ActionContext) -> None:
        """Undo it."""
        context.undo(text(options, "undo"))


TYPE = Undo()
