"""The action that presses another transition of the same record."""

from collections.abc import Mapping
from typing import ClassVar

from orderkit.actions.action_type import ActionContext, ActionType, Effect, Word
from orderkit.actions.options import text
from orderkit.model import labels


class Run(ActionType):
    """`{run: settle}`: pressed as the system; where its guard refuses, so does what asked for it.

    `if_refused` says what else may happen then: `ignore` it, or keep an `incident` for a person.
    """

    name = "run"
    label = labels.label(zh="执行流转", en="Press a transition")
    description = labels.label(
        zh="以系统身份执行本记录的另一个流转", en="Presses another transition as the system"
    )
    effect = frozenset({Effect.IN_TRANSACTION, Effect.AFTER_COMMIT})
    words: ClassVar = {"run": Word.TRANSITION, "if_refused": Word.CHOICE}
    choices: ClassVar = {"if_refused": ("ignore", "incident")}
    needs_record = True
    required = frozenset({"run"})

    def run(self, options: Mapping[str, object], context: ActionContext) -> None:
        """Press it."""
        context.run(text(options, "run"), text(options, "if_refused") if "if_refused" in options else None)


TYPE = Run()
