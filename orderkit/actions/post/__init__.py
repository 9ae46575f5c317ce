"""The action that posts into a ledger."""

from collections.abc import Mapping
from typing import ClassVar

from orderkit.actions.action_type import ActionContext, ActionType, Effect, Word
from orderkit.actions.options import assignments, expression, selection, text
from orderkit.model import labels


class Post(ActionType):
    """`{post: stock.issue, each: lines, where: …, qty: =item.qty, against: place}`.

    Without `each` it posts once, for the record. Every amount that the posting uses has a key of its
    name. Keys that are not given are fields of their name, or the ledger's defaults; the options hold
    all of them under `keys`, and all amounts under `amounts`.
    """

    name = "post"
    label = labels.label(zh="记账", en="Post into a ledger")
    description = labels.label(
        zh="在台账里记一笔，或对每行明细各记一笔", en="Posts into a ledger, once or for each row"
    )
    effect = frozenset({Effect.IN_TRANSACTION})
    words: ClassVar = {
        "post": Word.POSTING,
        "each": Word.ROWS,
        "where": Word.CONDITION,
        "keys": Word.LEDGER_KEYS,
        "qty": Word.AMOUNT,
        "amount": Word.AMOUNT,
        "cost": Word.AMOUNT,
        "against": Word.TRANSITION,
        "reason": Word.TEMPLATE,
    }
    more = Word.AMOUNT
    required = frozenset({"post"})

    def run(self, options: Mapping[str, object], context: ActionContext) -> None:
        """Post."""
        context.post(
            text(options, "post"),
            each=selection(options, "each") if "each" in options else None,
            where=expression(options, "where"),
            keys=assignments(options, "keys"),
            amounts=assignments(options, "amounts"),
            against=text(options, "against") if "against" in options else None,
            reason=expression(options, "reason"),
        )


TYPE = Post()
