"""Ledgers: what postings do to measures, the bounds they keep, and where keys come from."""

import re
from collections.abc import Iterator
from typing import cast

from orderkit.language.compile.ledgers.shaping import LedgerShape, over_measures
from orderkit.language.compile.names.collecting import check_id
from orderkit.language.compile.names.references import mention_form, report_unknown
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.shapes.labels import readable
from orderkit.language.findings import ERROR, Code
from orderkit.language.source import ScalarNode
from orderkit.language.spec import Key, Written
from orderkit.language.spec.kinds import ledger as words
from orderkit.language.spec.readers import scalar
from orderkit.model.expressions.evaluation import Environment, EvaluationError, evaluate, holds
from orderkit.model.expressions.nodes import Expression, Scalar
from orderkit.model.expressions.types import Boolean
from orderkit.model.labels import label
from orderkit.model.ledger_bounds import NotABound, bounds_in
from orderkit.model.ledgers import (
    COST,
    LOT,
    CostMethod,
    KeyDefault,
    Ledger,
    Movement,
    Period,
    Pick,
    PostingKind,
)

WRONG_MOVEMENT = Code(
    "OK4503",
    "wrong-movement",
    ERROR,
    since="0.1",
    explain="""
    A posting says for each measure what is added or taken away: `+qty`, `-qty`, `-against`, `-cost`. It has
    no sign, no amount, or moves nothing at all.
    ~~~yaml bad
    ledger: stock
    keys: {product: ref(product)}
    measures: {on_hand: decimal(3)}
    postings: {receive: {on_hand: qty}}
    # product.yaml
    form: product
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    ledger: stock
    keys: {product: ref(product)}
    measures: {on_hand: decimal(3)}
    postings: {receive: {on_hand: +qty}}
    # product.yaml
    form: product
    fields: {name: {type: text}}
    ~~~""",
    zh="记账要写明每个数加什么、减什么：`+qty`、`-qty`、`-against`、`-cost`。这里没有正负号、没有数量，或什么也不动。",
)
NEVER_FROM_THE_START = Code(
    "OK4504",
    "never-from-the-start",
    ERROR,
    since="0.1",
    explain="""
    A condition of `never` holds already where nothing has been posted and every measure is 0, so the first
    posting of each balance would be refused, or the condition says the opposite of what is meant.
    ~~~yaml bad
    ledger: stock
    keys: {product: ref(product)}
    measures: {on_hand: decimal(3)}
    never: ["on_hand >= 0"]
    postings: {receive: {on_hand: +qty}}
    # product.yaml
    form: product
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    ledger: stock
    keys: {product: ref(product)}
    measures: {on_hand: decimal(3)}
    never: ["on_hand < 0"]
    postings: {receive: {on_hand: +qty}}
    # product.yaml
    form: product
    fields: {name: {type: text}}
    ~~~""",
    zh="`never` 的条件在什么都没记、各数为 0 时就已成立，那么每个余额的第一笔记账都会被拒绝；或者条件写反了。",
)
NOT_A_BOUND = Code(
    "OK4510",
    "not-a-bound",
    ERROR,
    since="0.1",
    explain="""
    The database itself keeps the conditions of `never`, row by row, under any concurrency. It can do that
    where measures, added up or taken from each other, are compared by `<`, `<=`, `>` or `>=`: `open > limit`,
    `on_hand - reserved < 0`. Conditions that are joined by `or` are kept one by one; `and`, `not`, `==`,
    products of measures and functions are no such bounds.
    ~~~yaml bad
    ledger: stock
    keys: {product: ref(product)}
    measures: {on_hand: decimal(3), reserved: decimal(3)}
    never: ["on_hand < 0 and reserved < 0"]
    postings: {receive: {on_hand: +qty}, reserve: {reserved: +qty}}
    # product.yaml
    form: product
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    ledger: stock
    keys: {product: ref(product)}
    measures: {on_hand: decimal(3), reserved: decimal(3)}
    never: ["on_hand < 0", "reserved < 0"]
    postings: {receive: {on_hand: +qty}, reserve: {reserved: +qty}}
    # product.yaml
    form: product
    fields: {name: {type: text}}
    ~~~""",
    zh="`never` 的条件由数据库在任何并发下逐行守住，所以只能是数的和差用 `<`、`<=`、`>`、`>=` 比较，如 `open > limit`、"
    "`on_hand - reserved < 0`。用 `or` 连起来的会逐个守；`and`、`not`、`==`、数的乘积和函数都不是这样的界限。",
)
METHOD_WITHOUT_USE = Code(
    "OK4505",
    "ledger-method-without-use",
    ERROR,
    since="0.1",
    explain="""
    `cost` of a ledger fills the amount `cost` of its postings, which must move a measure of type `money`, and
    none does; or `pick` chooses lots, but the ledger has no key `lot`.
    ~~~yaml bad
    ledger: stock
    keys: {product: ref(product)}
    measures: {on_hand: decimal(3), value: money}
    postings: {receive: {on_hand: +qty, value: +amount}, issue: {on_hand: -qty}}
    cost: moving_average
    # product.yaml
    form: product
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    ledger: stock
    keys: {product: ref(product)}
    measures: {on_hand: decimal(3), value: money}
    postings: {receive: {on_hand: +qty, value: +amount}, issue: {on_hand: -qty, value: -cost}}
    cost: moving_average
    # product.yaml
    form: product
    fields: {name: {type: text}}
    ~~~""",
    zh="台账的 `cost` 用来填记账里的 `cost`，它要变动一个 `money` 类型的数，却没有记账这样用；或 `pick` 要选批次，台账却没有键 `lot`。",
)

_MOVEMENT = re.compile(r"(?P<sign>[+-])\s*(?P<amount>[a-z][a-z0-9_]*)")


def lower_ledgers(lowering: Lowering) -> tuple[Ledger, ...]:
    """Return every ledger, by id."""
    lowered = (_lower(lowering, shape) for shape in lowering.compilation.ledgers.values())
    return tuple(ledger for ledger in lowered if ledger is not None)


def _lower(lowering: Lowering, shape: LedgerShape) -> Ledger | None:
    written = shape.declared.written
    if written is None or shape.is_broken:
        return None
    return _Ledger(lowering, shape, written).lower()


class _Ledger:
    def __init__(self, lowering: Lowering, shape: LedgerShape, written: Written) -> None:
        self.lowering = lowering
        self.reading = lowering.reading
        self.shape = shape
        self.written = written

    def lower(self) -> Ledger:
        """Return the ledger as far as it is right."""
        postings = [self._posting(key, each) for key, each in self.written[words.POSTINGS] or ()]
        never = [self._never(node) for node in self.written[words.NEVER] or ()]
        cost, pick, period = (self.written[key] for key in (words.COST_, words.PICK, words.PERIOD))
        found = Ledger(
            id=self.shape.id,
            label=self.shape.label,
            keys=tuple(self.shape.keys.values()),
            measures=tuple(self.shape.measures.values()),
            balances=tuple(self.shape.balances.values()),
            postings=tuple(posting for posting in postings if posting is not None),
            never=tuple(each for each in never if each is not None),
            defaults=tuple(self._defaults()),
            cost=None if cost is None else CostMethod(cost),
            pick=None if pick is None else Pick(pick),
            period=None if period is None else Period(period),
            renamed_from=self.written[words.RENAMED_FROM],
            origin=self.shape.declared.origin,
        )
        if len(found.postings) == len(postings):
            self._check_methods(found)
        return found

    def _posting(self, key: ScalarNode, written: Written) -> PostingKind | None:
        if not check_id(key, self.reading) or written.is_broken:
            return None
        movements = [self._movement(name, node) for name, node in written.extra.values()]
        by = self.lowering.people.read(written[words.POSTING_BY], self.lowering.places.constant())
        if not movements:
            self.reading.report(
                WRONG_MOVEMENT,
                key,
                label(zh=f"记账 `{key.text}` 什么也不动", en=f"the posting `{key.text}` moves nothing"),
                label(zh="写上例如 `on_hand: +qty`", en="write, for example, `on_hand: +qty`"),
            )
        if not movements or None in movements:
            return None
        return PostingKind(
            id=key.text,
            label=written[words.POSTING_LABEL] or readable(key.text),
            movements=tuple(each for each in movements if each is not None),
            by=by,
        )

    def _movement(self, key: ScalarNode, value: object) -> Movement | None:
        node = scalar(value, self.reading)  # type: ignore[arg-type]
        if key.text not in self.shape.measures:
            known = self.shape.measures
            report_unknown(self.reading, key, "measure", known)
            return None
        if node is None:
            return None
        match = _MOVEMENT.fullmatch(node.text.strip())
        if match is not None:
            return Movement(measure=key.text, sign=1 if match["sign"] == "+" else -1, amount=match["amount"])
        self.reading.report(
            WRONG_MOVEMENT,
            node,
            label(
                zh=f"`{node.text}` 没有写明加减什么",
                en=f"`{node.text}` does not say what is added or taken away",
            ),
            label(
                zh="写 `+qty`、`-qty`、`-against` 或 `-cost`",
                en="write `+qty`, `-qty`, `-against` or `-cost`",
            ),
        )
        return None

    def _never(self, node: ScalarNode) -> Expression | None:
        found = over_measures(self.shape, node, Boolean(), self.reading)
        if found is None:
            return None
        if not _holds_at_first(found, self.shape):
            return found if self._is_kept(node, found) else None
        self.reading.report(
            NEVER_FROM_THE_START,
            node,
            label(zh="什么都没记时，这个条件就已成立", en="this holds already where nothing has been posted"),
            label(
                zh="写绝不允许的情况，例如 `on_hand < 0`",
                en="write what must not happen, such as `on_hand < 0`",
            ),
        )
        return None

    def _is_kept(self, node: ScalarNode, condition: Expression) -> bool:
        """Whether the database can keep the bound; else report that it cannot."""
        measures = {each.id: each.type.scale for each in self.shape.measures.values()}
        try:
            bounds_in(condition, measures, self.shape.balances)
        except NotABound:
            self.reading.report(
                NOT_A_BOUND,
                node,
                label(zh="数据库守不住这个条件", en="the database cannot keep this condition"),
                label(
                    zh="比较数的和与差，例如 `on_hand - reserved < 0`；多个条件分行写",
                    en="compare sums of measures, such as `on_hand - reserved < 0`; write several conditions as a list",
                ),
            )
            return False
        return True

    def _defaults(self) -> Iterator[KeyDefault]:
        for key, nodes in self.written[words.DEFAULTS] or ():
            if key.text not in self.shape.keys:
                report_unknown(self.reading, key, "key", self.shape.keys)
                continue
            for node in nodes:
                form = default_form(self.lowering, node)
                if form is None:
                    continue
                expression = self.lowering.checking.expression(
                    node,
                    self.lowering.places.record(form),
                    self.shape.keys[key.text].type,
                    skip=len(form) + 1,
                )
                if expression is not None:
                    yield KeyDefault(key=key.text, form=form, expression=expression)

    def _check_methods(self, ledger: Ledger) -> None:
        money = {each.id for each in ledger.measures if each.type.currency is not None}
        valued = {
            movement.measure
            for posting in ledger.postings
            for movement in posting.movements
            if movement.amount == COST
        }
        if ledger.cost is not None and not valued & money:
            self._without_use(
                words.COST_,
                "没有记账用 `cost` 变动一个 `money` 类型的数",
                "no posting moves a measure of type `money` by `cost`",
                "在出库的记账里写例如 `value: -cost`",
                "write, for example, `value: -cost` in what takes away",
            )
        if ledger.pick is not None and LOT not in self.shape.keys:
            self._without_use(
                words.PICK,
                "台账没有键 `lot`",
                "the ledger has no key `lot`",
                "在 `keys` 里加 `lot: text`，或去掉 `pick`",
                "add `lot: text` to `keys`, or take `pick` away",
            )

    def _without_use(self, key: Key[str], zh: str, en: str, help_zh: str, help_en: str) -> None:
        self.reading.report(
            METHOD_WITHOUT_USE,
            self.written.key_of(key),
            label(zh=zh, en=en),
            label(zh=help_zh, en=help_en),
        )


def default_form(lowering: Lowering, node: ScalarNode) -> str | None:
    """Return the form that a default such as `order.ship_from` begins with, or report that there is none."""
    parts = node.text.split(".")
    for length in (2, 1):
        form = ".".join(parts[:length])
        if len(parts) > length and form in lowering.compilation.shapes:
            mention_form(lowering.reading, node, len(form))
            return form
    first = node.part(0, len(parts[0]))
    report_unknown(lowering.reading, first, "form", lowering.compilation.shapes, name=parts[0])
    return None


def _holds_at_first(condition: Expression, shape: LedgerShape) -> bool:
    try:
        return holds(condition, Environment(roots={"record": _Nothing(shape)}))
    except EvaluationError:
        return False


class _Nothing:
    """The row of balances before anything is posted."""

    id = 0

    def __init__(self, shape: LedgerShape) -> None:
        self.form = shape.id
        self._shape = shape

    def get(self, field: str) -> Scalar:
        """Return the number of a measure; that of a balance is worked out of zeros."""
        balance = self._shape.balances.get(field)
        if balance is None:
            return 0
        return cast("Scalar", evaluate(balance.expression, Environment(roots={"record": self})))

    def rows(self, collection: str) -> tuple[()]:  # noqa: ARG002 - a record's signature
        """Return nothing: there are no rows."""
        return ()
