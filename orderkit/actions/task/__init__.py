"""The action that puts a record into people's inbox because it needs them."""

from collections.abc import Mapping
from typing import ClassVar

from orderkit.actions.action_type import ActionContext, ActionType, Effect, Word
from orderkit.actions.options import expression, who
from orderkit.model import labels


class Task(ActionType):
    """`{task: role(finance)}`: in `on_dead` it says what went wrong, unless `text` says it better."""

    name = "task"
    label = labels.label(zh="派待办", en="Open a task")
    description = labels.label(zh="在相关人员的收件箱里放一条待办", en="Puts the record into people's inbox")
    effect = frozenset({Effect.AFTER_COMMIT})
    words: ClassVar = {"task": Word.WHO, "text": Word.TEMPLATE}
    required = frozenset({"task"})

    def run(self, options: Mapping[str, object], context: ActionContext) -> None:
        """Open it."""
        template = expression(options, "text")
        shown = None if template is None else context.value(template)
        context.open_task(who(options, "task"), None if shown is None else str(shown))


TYPE = Task()
