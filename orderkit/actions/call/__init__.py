"""The action that calls an external system, or starts another workflow on a new record."""

from collections.abc import Mapping
from typing import ClassVar

from orderkit.actions.action_type import ActionContext, ActionType, Effect, Request, Word
from orderkit.actions.options import actions, assignments, expression, text
from orderkit.model import labels

SUB_FLOW = "workflow:"


class Call(ActionType):
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

    def run(self, options: Mapping[str, object], context: ActionContext) -> None:
        """Queue the call, or begin the sub-flow."""
        called = text(options, "call")
        if called.startswith(SUB_FLOW):
            then = text(options, "then") if "then" in options else None
            context.start(called.removeprefix(SUB_FLOW), assignments(options, "set"), then)
            return
        connection, _, operation = called.partition(".")
        arguments, key = expression(options, "with"), expression(options, "key")
        shown = None if key is None else context.value(key)
        context.request(
            Request(
                connection=connection,
                operation=operation,
                arguments={} if arguments is None else context.value(arguments),
                key=None if shown is None else str(shown),
                save=assignments(options, "save"),
                on_dead=actions(options, "on_dead"),
            )
        )


TYPE = Call()
