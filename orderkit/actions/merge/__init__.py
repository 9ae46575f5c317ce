"""The action that joins other records of the same form into this one."""

from collections.abc import Mapping
from typing import ClassVar

from orderkit.actions.action_type import ActionContext, ActionType, Effect, Word
from orderkit.actions.options import expression, selection, text, texts
from orderkit.model import labels


class Merge(ActionType):
    """`{merge: {form: order, where: "customer == this.customer"}, lines: [lines], run: cancel}`.

    Rows of the records found move here; then they press `run`, or are deleted without it. Lines that are
    not named stay out of it; none named are all.
    """

    name = "merge"
    label = labels.label(zh="合并", en="Merge")
    description = labels.label(
        zh="把同一表单的其它记录并入本记录",
        en="Joins other records of the same form into this one",
    )
    effect = frozenset({Effect.IN_TRANSACTION})
    words: ClassVar = {
        "merge": Word.RECORDS,
        "where": Word.CONDITION,
        "lines": Word.FIELDS,
        "run": Word.TRANSITION,
    }
    required = frozenset({"merge"})
    needs_record = True

    def run(self, options: Mapping[str, object], context: ActionContext) -> None:
        """Join the records."""
        context.merge(
            selection(options, "merge"),
            where=expression(options, "where"),
            lines=texts(options, "lines"),
            run=text(options, "run") if "run" in options else None,
        )


TYPE = Merge()
