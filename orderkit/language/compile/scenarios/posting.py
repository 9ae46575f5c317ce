"""What stands in a ledger when a story begins: every key and every amount of a posting, typed by the ledger."""

from orderkit.language.compile.ledgers.keys import POSTING_WITHOUT_KEY
from orderkit.language.compile.ledgers.movements import moved_by, named_posting
from orderkit.language.compile.ledgers.posting import WRONG_AMOUNTS
from orderkit.language.compile.ledgers.shaping import LedgerShape
from orderkit.language.compile.names.references import report_unknown
from orderkit.language.compile.scenarios.cast import Cast
from orderkit.language.findings import did_you_mean
from orderkit.language.source import ScalarNode
from orderkit.language.spec import Written
from orderkit.language.spec.kinds import ledger as ledger_words
from orderkit.language.spec.kinds import scenario as words
from orderkit.model.expressions.nodes import Expression
from orderkit.model.labels import label
from orderkit.model.ledgers import AGAINST, COST, LOT
from orderkit.model.scenarios import GivenPosting


def read_posting(cast: Cast, written: Written, person: str | None) -> GivenPosting | None:
    """Return a posting that is given, or None where its ledger is not known."""
    node = written[words.POST]
    named = None if node is None else named_posting(cast.lowering, node)
    if node is None or named is None:
        return None
    shape, posting = named
    return GivenPosting(
        ledger=shape.id,
        posting=posting,
        person=person,
        keys=_keys(cast, written, node, shape),
        amounts=_amounts(cast, written, node, shape, posting),
    )


def _keys(
    cast: Cast, written: Written, target: ScalarNode, shape: LedgerShape
) -> tuple[tuple[str, Expression], ...]:
    found = []
    pairs = written[words.KEYS] or ()
    for key, node in pairs:
        known = shape.keys.get(key.text)
        if known is None:
            report_unknown(cast.lowering.reading, key, "key", shape.keys)
            continue
        value = cast.lowering.values.of_type(node, cast.scope(), known.type)
        if value is not None:
            found.append((key.text, value))
    given = {key.text for key, _ in pairs}
    ledger = shape.declared.written
    picks_lots = ledger is not None and ledger_words.PICK in ledger
    for name in shape.keys:
        if name not in given and not (name == LOT and picks_lots):
            cast.lowering.reading.report(
                POSTING_WITHOUT_KEY,
                target,
                label(zh=f"不知道这笔记账的 `{name}`", en=f"the posting does not know its `{name}`"),
                label(zh=f"在 `keys` 里加上 `{name}:`", en=f"add `{name}:` to `keys`"),
            )
    return tuple(found)


def _amounts(
    cast: Cast, written: Written, target: ScalarNode, shape: LedgerShape, posting: str
) -> tuple[tuple[str, Expression], ...]:
    ledger = shape.declared.written
    worked_out = {AGAINST, COST} if ledger is not None and ledger_words.COST_ in ledger else {AGAINST}
    types = {amount: type_ for _, amount, type_ in moved_by(shape, posting) if amount not in worked_out}
    found = []
    for key, node in written.extra.values():
        if key.text not in types:
            cast.lowering.reading.report(
                WRONG_AMOUNTS,
                key,
                label(
                    zh=f"`{target.text}` 不用 `{key.text}`", en=f"`{target.text}` does not use `{key.text}`"
                ),
                did_you_mean(key.text, (*types, *words.GIVEN_WORDS.by_name)),
            )
            continue
        value = cast.lowering.values.of_type(node, cast.scope(), types[key.text])
        if value is not None:
            found.append((key.text, value))
    for name in types:
        if name not in written.extra:
            cast.lowering.reading.report(
                WRONG_AMOUNTS,
                target,
                label(
                    zh=f"`{target.text}` 要用 `{name}`，这里没有给",
                    en=f"`{target.text}` uses `{name}`, which is not given",
                ),
                label(zh=f"加上 `{name}:`", en=f"add `{name}:`"),
            )
    return tuple(found)
