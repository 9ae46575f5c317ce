"""The action that joins other records of the same form into this one."""

from typing import ClassVar

from orderkit.actions.action_type import AwaitedAction, Effect, Word
from orderkit.model import labels


class Merge(AwaitedAction):
    """`{merge: {form: order, where: "customer == this.customer"}, lines: [lines], run: cancel}`.

    Rows of the records found move here; then they press `run`, or are deleted without it.
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


TYPE = Merge()
