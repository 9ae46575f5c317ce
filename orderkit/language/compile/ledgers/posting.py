"""The action `post`: which ledger, over which rows, how much, and by which keys."""

from collections.abc import Mapping
from dataclasses import dataclass

from orderkit.actions.action_type import Word
from orderkit.language.compile.ledgers.keys import PostingKeys
from orderkit.language.compile.ledgers.movements import done_by, moved_by, named_posting, postings_in
from orderkit.language.compile.ledgers.shaping import LedgerShape
from orderkit.language.compile.names.references import report_unknown
from orderkit.language.compile.places.scopes import inside_each
from orderkit.language.compile.shapes.shape import FormShape
from orderkit.language.compile.workflows.action_places import WrittenAction
from orderkit.language.compile.workflows.selections import read_selection
from orderkit.language.findings import ERROR, Code, did_you_mean
from orderkit.language.source import Node, ScalarNode
from orderkit.language.spec.kinds import ledger as words
from orderkit.language.spec.readers import scalar
from orderkit.model.expressions.nodes import Expression
from orderkit.model.labels import Label, label
from orderkit.model.ledgers import AGAINST, COST
from orderkit.model.workflow.actions import Selection

WRONG_AMOUNTS = Code(
    "OK4507",
    "wrong-amounts",
    ERROR,
    since="0.1",
    explain="""
    A posting is given an amount that it does not use, or one that it uses is not given.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: owner, do: [{post: stock.receive, qty: =qty}]}}
    # order.yaml
    form: order
    fields: {product: {type: ref, to: product, required: true}, qty: {type: decimal, scale: 3, required: true}}
    # product.yaml
    form: product
    fields: {name: {type: text}}
    # stock.yaml
    ledger: stock
    keys: {product: ref(product)}
    measures: {on_hand: decimal(3), value: money}
    postings: {receive: {on_hand: +qty, value: +amount}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: owner, do: [{post: stock.receive, qty: =qty, amount: 12.50}]}}
    # order.yaml
    form: order
    fields: {product: {type: ref, to: product, required: true}, qty: {type: decimal, scale: 3, required: true}}
    # product.yaml
    form: product
    fields: {name: {type: text}}
    # stock.yaml
    ledger: stock
    keys: {product: ref(product)}
    measures: {on_hand: decimal(3), value: money}
    postings: {receive: {on_hand: +qty, value: +amount}}
    ~~~""",
    zh="给了记账用不到的数量，或记账要用的数量没有给。",
)
AGAINST_NOTHING = Code(
    "OK4508",
    "against-nothing",
    ERROR,
    since="0.1",
    explain="""
    `against: place` uses up what the transition `place` posted. The posting must take something away by
    `-against`, and that transition must have posted into the same measure of the same ledger.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, placed: {}, done: {final: completed}}
    transitions:
      place: {from: draft, to: placed, by: owner}
      ship: {from: placed, to: done, by: owner, do: [{post: stock.issue, qty: =qty, against: place}]}
    # order.yaml
    form: order
    fields: {product: {type: ref, to: product, required: true}, qty: {type: decimal, scale: 3, required: true}}
    # product.yaml
    form: product
    fields: {name: {type: text}}
    # stock.yaml
    ledger: stock
    keys: {product: ref(product)}
    measures: {on_hand: decimal(3), reserved: decimal(3)}
    postings: {reserve: {reserved: +qty}, issue: {on_hand: -qty, reserved: -against}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, placed: {}, done: {final: completed}}
    transitions:
      place: {from: draft, to: placed, by: owner, do: [{post: stock.reserve, qty: =qty}]}
      ship: {from: placed, to: done, by: owner, do: [{post: stock.issue, qty: =qty, against: place}]}
    # order.yaml
    form: order
    fields: {product: {type: ref, to: product, required: true}, qty: {type: decimal, scale: 3, required: true}}
    # product.yaml
    form: product
    fields: {name: {type: text}}
    # stock.yaml
    ledger: stock
    keys: {product: ref(product)}
    measures: {on_hand: decimal(3), reserved: decimal(3)}
    postings: {reserve: {reserved: +qty}, issue: {on_hand: -qty, reserved: -against}}
    ~~~""",
    zh="`against: place` 用掉流转 `place` 记下的数。这笔记账要有 `-against`，那个流转也要在同一台账的同一个数上记过账。",
)


def read_posting(action: WrittenAction) -> Mapping[str, object] | None:
    """Return the options of a posting action, or None where something is wrong."""
    words_of = action.type.words
    target = next(value for key, value in action.node.entries if words_of.get(key.text) is Word.POSTING)
    found = scalar(target, action.lowering.reading)
    named = None if found is None else named_posting(action.lowering, found)
    if found is None or named is None:
        return None
    return _Post(action, _Target(found, *named)).options()


@dataclass(frozen=True, slots=True)
class _Target:
    """`stock.reserve` as written, and what it names."""

    node: ScalarNode
    shape: LedgerShape
    posting: str


class _Post:
    def __init__(self, action: WrittenAction, target: _Target) -> None:
        self.lowering = action.lowering
        self.reading = action.lowering.reading
        self.action_type = action.type
        self.node = action.node
        self.place = action.place
        self.target = target.node
        self.shape = target.shape
        self.moved = moved_by(target.shape, target.posting)
        self.rows: FormShape | None = None
        self.has_lost_rows = False
        self.scope = action.place.scope
        self.is_right = True

    def options(self) -> Mapping[str, object] | None:
        """Return what the words mean, or None where one is wrong."""
        options: dict[str, object] = {self.action_type.name: self.target.text}
        each = next((value for key, value in self.node.entries if self._word(key) is Word.ROWS), None)
        if each is not None:
            options["each"] = self._each(each)
        amounts: dict[str, Expression] = {}
        keys: Node | None = None
        for key, value in self.node.entries:
            match self._word(key):
                case Word.CONDITION:
                    self._keep(options, key.text, self._condition)
                case Word.TEMPLATE:
                    self._keep(options, key.text, self._template)
                case Word.LEDGER_KEYS:
                    keys = value
                case Word.TRANSITION:
                    self._keep(options, key.text, self._transition)
                case Word.AMOUNT:
                    amount = self._amount(key, value)
                    amounts |= {} if amount is None else {key.text: amount}
        self._check_amounts()
        self._check_against()
        found = PostingKeys(
            lowering=self.lowering,
            target=self.target,
            shape=self.shape,
            place=self.place,
            scope=self.scope,
            rows=self.rows,
            has_lost_rows=self.has_lost_rows,
        )
        options["keys"] = found.read(keys)
        self.is_right = self.is_right and found.is_right
        options["amounts"] = tuple(sorted(amounts.items()))
        return options if self.is_right else None

    def _keep(self, options: dict[str, object], word: str, read: object) -> None:
        """Read a word where it is written; what is wrong was reported."""
        node = self.node.get(word)
        if node is None or not callable(read):
            return
        found = scalar(node, self.reading)
        value = None if found is None else read(found)
        if value is None:
            self.is_right = False
        else:
            options[word] = value

    def _word(self, key: ScalarNode) -> Word:
        return self.action_type.words.get(key.text, Word.AMOUNT)

    def _each(self, node: Node) -> Selection | None:
        selection = read_selection(self.lowering, node, self.place)
        if selection is None:
            # Nothing more can be said of keys and amounts that name `item`.
            self.is_right = False
            self.scope = inside_each(self.place.scope, None)
            self.has_lost_rows = True
            return None
        self.rows = self.lowering.compilation.shapes[selection.form]
        self.scope = self.place.inside(selection.form).scope
        return selection

    def _condition(self, node: ScalarNode) -> Expression | None:
        return self.lowering.checking.condition(node, self.scope)

    def _template(self, node: ScalarNode) -> Expression | None:
        return self.lowering.checking.template(node, self.scope)

    def _transition(self, node: ScalarNode) -> str | None:
        if node.text in self.place.transitions:
            self.lowering.compilation.name_transition(self.place.form, node)
            return node.text
        report_unknown(self.reading, node, "transition", self.place.transitions)
        return None

    # Amounts

    def _amount(self, key: ScalarNode, value: Node) -> Expression | None:
        types = [type_ for _, amount, type_ in self.moved if amount == key.text]
        if not types or key.text not in self._needed():
            self.is_right = False
            known = self._needed()
            is_worked_out = key.text == COST and bool(types)
            self.reading.report(
                WRONG_AMOUNTS,
                key,
                label(zh=f"`{key.text}` 由台账自己算", en=f"the ledger works out `{key.text}` itself")
                if is_worked_out
                else label(
                    zh=f"`{self.target.text}` 不用 `{key.text}`",
                    en=f"`{self.target.text}` does not use `{key.text}`",
                ),
                None if is_worked_out else did_you_mean(key.text, (*known, *self.action_type.words)),
            )
            return None
        found = self.lowering.values.of_type(value, self.scope, types[0])
        self.is_right = self.is_right and found is not None
        return found

    def _needed(self) -> list[str]:
        """Return the amounts that must be given, in the order of the posting."""
        written = self.shape.declared.written
        has_cost = written is not None and words.COST_ in written
        filled = {AGAINST, COST} if has_cost else {AGAINST}
        return [name for name in dict.fromkeys(amount for _, amount, _ in self.moved) if name not in filled]

    def _check_amounts(self) -> None:
        for name in self._needed():
            if self.node.get(name) is None:
                self.is_right = False
                self.reading.report(
                    WRONG_AMOUNTS,
                    self.target,
                    label(
                        zh=f"`{self.target.text}` 要用 `{name}`，这里没有给",
                        en=f"`{self.target.text}` uses `{name}`, which is not given",
                    ),
                    label(zh=f"加上 `{name}:`", en=f"add `{name}:`"),
                )

    # Against

    def _check_against(self) -> None:
        node = self.node.get("against")
        measures = [measure for measure, amount, _ in self.moved if amount == AGAINST]
        if node is None and measures:
            self._wrong_against(
                self.target,
                label(
                    zh=f"`{self.target.text}` 要用掉某个流转记下的数，这里没有写是哪个",
                    en=f"`{self.target.text}` uses up what a transition posted, and none is named",
                ),
                label(zh="加上 `against: 流转`", en="add `against:` with the transition"),
            )
        if not isinstance(node, ScalarNode) or node.text not in self.place.transitions:
            return
        if not measures:
            self._wrong_against(
                node,
                label(
                    zh=f"`{self.target.text}` 没有 `-against`",
                    en=f"`{self.target.text}` moves nothing by `-against`",
                ),
                label(
                    zh="去掉 `against`，或在记账里写例如 `reserved: -against`",
                    en="take `against` away, or write, for example, `reserved: -against` in the posting",
                ),
            )
            return
        posted = {
            measure
            for text in postings_in(done_by(self.place.transitions, node.text))
            if text.partition(".")[0] == self.shape.id
            for measure, amount, _ in moved_by(self.shape, text.partition(".")[2])
            if amount != AGAINST
        }
        missing = [measure for measure in measures if measure not in posted]
        if missing:
            self._wrong_against(
                node,
                label(
                    zh=f"流转 `{node.text}` 没有在 `{self.shape.id}` 的 `{missing[0]}` 上记账",
                    en=f"the transition `{node.text}` posts nothing to `{missing[0]}` of `{self.shape.id}`",
                ),
                None,
            )

    def _wrong_against(self, node: ScalarNode, headline: Label, help_: Label | None) -> None:
        self.is_right = False
        self.reading.report(AGAINST_NOTHING, node, headline, help_)
