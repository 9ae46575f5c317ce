"""The action `post`: which ledger, over which rows, how much, and by which keys."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from orderkit.actions.action_type import Word
from orderkit.language.compile.ledgers.ledgers import default_form
from orderkit.language.compile.ledgers.shaping import LedgerShape
from orderkit.language.compile.names.references import report_unknown
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.places.scopes import inside_each
from orderkit.language.compile.shapes.shape import FormShape
from orderkit.language.compile.workflows.action_places import WrittenAction
from orderkit.language.compile.workflows.selections import read_selection
from orderkit.language.expressions.fitting import fits
from orderkit.language.expressions.kinship import type_name
from orderkit.language.findings import ERROR, Code, Note, did_you_mean
from orderkit.language.source import MappingNode, Node, ScalarNode
from orderkit.language.spec import Written
from orderkit.language.spec import ledger as words
from orderkit.language.spec import workflow as workflow_words
from orderkit.language.spec.mentions import ReadExpression
from orderkit.language.spec.readers import scalar
from orderkit.language.spec.words import report_shape
from orderkit.model.actions import Selection
from orderkit.model.expressions import Expression, Get, Root
from orderkit.model.labels import Label, label
from orderkit.model.ledgers import AGAINST, COST, LOT, LedgerKey
from orderkit.model.types import Number, Record

POSTING_WITHOUT_KEY = Code(
    "OK4506",
    "posting-without-key",
    ERROR,
    since="0.1",
    explain="""
    A posting must know every key of its ledger. A key is taken from `keys:` of the posting, else from a field
    of that name and type on the row or the record, else from the ledger's `defaults`.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: owner, do: [{post: stock.reserve, qty: =qty}]}}
    # order.yaml
    form: order
    fields: {goods: {type: ref, to: product, required: true}, qty: {type: decimal, scale: 3, required: true}}
    # product.yaml
    form: product
    fields: {name: {type: text}}
    # stock.yaml
    ledger: stock
    keys: {product: ref(product)}
    measures: {reserved: decimal(3)}
    postings: {reserve: {reserved: +qty}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: owner, do: [{post: stock.reserve, keys: {product: =goods}, qty: =qty}]}}
    # order.yaml
    form: order
    fields: {goods: {type: ref, to: product, required: true}, qty: {type: decimal, scale: 3, required: true}}
    # product.yaml
    form: product
    fields: {name: {type: text}}
    # stock.yaml
    ledger: stock
    keys: {product: ref(product)}
    measures: {reserved: decimal(3)}
    postings: {reserve: {reserved: +qty}}
    ~~~""",
    zh="记账必须知道台账的每个键。键取自记账的 `keys:`，其次是明细行或单据上同名同类型的字段，再次是台账的 `defaults`。",
)
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


def named_posting(lowering: Lowering, node: ScalarNode) -> tuple[LedgerShape, str] | None:
    """Return the ledger and the posting that `stock.reserve` names."""
    name, _, posting = node.text.partition(".")
    ledgers = lowering.compilation.ledgers
    shape = ledgers.get(name)
    if shape is None:
        report_unknown(lowering.reading, node.part(0, len(name)), "ledger", ledgers, name=name)
        return None
    lowering.reading.mentions.name("ledger", name, node, 0, len(name))
    if shape.is_broken:
        return None
    if posting in shape.postings:
        return shape, posting
    place = node.part(len(name) + 1, len(node.text)) if posting else node
    report_unknown(lowering.reading, place, "posting", shape.postings, name=posting or node.text)
    return None


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
        keys: dict[str, Node] = {}
        for key, value in self.node.entries:
            match self._word(key):
                case Word.CONDITION:
                    self._keep(options, key.text, self._condition)
                case Word.TEMPLATE:
                    self._keep(options, key.text, self._template)
                case Word.LEDGER_KEYS:
                    keys = self._given_keys(value)
                case Word.TRANSITION:
                    self._keep(options, key.text, self._transition)
                case Word.AMOUNT:
                    amount = self._amount(key, value)
                    amounts |= {} if amount is None else {key.text: amount}
        self._check_amounts()
        self._check_against()
        options["keys"] = tuple(self._keys(keys))
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

    # Keys

    def _given_keys(self, node: Node) -> dict[str, Node]:
        if not isinstance(node, MappingNode):
            report_shape(self.reading, node, zh="一个映射（`键: 值`）", en="a map (`key: value`)")
            self.is_right = False
            return {}
        for key, _ in node.entries:
            if key.text not in self.shape.keys:
                self.is_right = False
                report_unknown(self.reading, key, "key", self.shape.keys)
        return {key.text: value for key, value in node.entries}

    def _keys(self, given: Mapping[str, Node]) -> Iterator[tuple[str, Expression]]:
        for key in self.shape.keys.values():
            if key.id in given:
                value = self.lowering.values.of_type(given[key.id], self.scope, key.type)
            elif key.id == LOT and self._picks_lots():
                continue
            else:
                value = self._found(key)
            if value is None:
                self.is_right = False
            else:
                yield key.id, value

    def _picks_lots(self) -> bool:
        written = self.shape.declared.written
        return written is not None and words.PICK in written

    def _found(self, key: LedgerKey) -> Expression | None:
        """Return the key as the row or the record names it, or by default; else report that it is missing."""
        notes: list[Note] = []
        for root, form in self._holders():
            field = form.fields.get(key.id)
            if field is None:
                continue
            if form.is_broken or field.field is None:
                return None
            if fits(field.type, key.type):
                found = Get(root, key.id, field.type)
                read = ReadExpression(self.target, 0, None, found, self.scope)
                self.reading.mentions.expressions.append(read)
                return found
            name, wanted = type_name(field.type), type_name(key.type)
            notes.append(
                Note(
                    text=label(
                        zh=f"`{form.id}` 的 `{key.id}` 是{name['zh']}，要的是{wanted['zh']}",
                        en=f"`{key.id}` of `{form.id}` is {name['en']}, not {wanted['en']}",
                    ),
                    span=None if field.id_node is None else field.id_node.span,
                )
            )
        if self.has_lost_rows or any(form.is_broken for _, form in self._holders()):
            return None
        default = self._default(key)
        if default is None:
            self._report_missing(key, notes)
        return default

    def _holders(self) -> Iterator[tuple[Root, FormShape]]:
        if self.rows is not None:
            yield Root("item", Record(self.rows.id)), self.rows
        if self.place.form is not None and self.place.scope.implicit is not None:
            yield self.place.scope.implicit, self.place.form

    def _default(self, key: LedgerKey) -> Expression | None:
        written = self.shape.declared.written
        pairs = (written[words.DEFAULTS] if written is not None else None) or ()
        nodes = [node for name, group in pairs if name.text == key.id for node in group]
        for root, form in self._holders():
            for node in nodes:
                if default_form(self.lowering, node) == form.id:
                    scope = replace(self.place.scope, implicit=root)
                    return self.lowering.checking.expression(node, scope, key.type, skip=len(form.id) + 1)
        return None

    def _report_missing(self, key: LedgerKey, notes: list[Note]) -> None:
        places = [f"`{form.id}`" for _, form in self._holders()]
        has = "has" if len(places) == 1 else "have"
        self.reading.report(
            POSTING_WITHOUT_KEY,
            self.target,
            label(
                zh=f"不知道这笔记账的 `{key.id}`：{'、'.join(places)} 没有这样的字段",
                en=f"the posting does not know its `{key.id}`: {' and '.join(places)} {has} no such field",
            )
            if places
            else label(
                zh=f"不知道这笔记账的 `{key.id}`：这里没有单据",
                en=f"the posting does not know its `{key.id}`: there is no record here",
            ),
            label(
                zh=f"写 `keys: {{{key.id}: =…}}`，或在台账的 `defaults` 里写从哪里取",
                en=f"write `keys: {{{key.id}: =…}}`, or say in the ledger's `defaults` where it is taken from",
            ),
            notes=notes,
        )


def done_by(transitions: Mapping[str, object], name: str) -> Node | None:
    """Return the `do` of a transition as written, if it has one."""
    written = transitions.get(name)
    if isinstance(written, Written) and workflow_words.TRANSITION_DO in written:
        return written.value_of(workflow_words.TRANSITION_DO)
    return None


def moved_by(shape: LedgerShape, posting: str) -> list[tuple[str, str, Number]]:
    """Return the measures that a posting moves, by which amount, with their types, as far as they are right."""
    written = shape.declared.written
    pairs = (written[words.POSTINGS] if written is not None else None) or ()
    return [
        (key.text, node.text.strip().lstrip("+- "), shape.measures[key.text].type)
        for name, each in pairs
        if name.text == posting
        for key, node in each.extra.values()
        if key.text in shape.measures and isinstance(node, ScalarNode)
    ]


def postings_in(node: Node | None) -> Iterator[str]:
    """Yield what is posted anywhere in a `do`: `stock.reserve`."""
    for action in actions_in(node):
        target = action.get("post")
        if isinstance(target, ScalarNode):
            yield target.text


def actions_in(node: Node | None) -> Iterator[MappingNode]:
    """Yield every map at any depth: actions may hold actions."""
    if node is None or isinstance(node, ScalarNode):
        return
    if isinstance(node, MappingNode):
        yield node
        for _, value in node.entries:
            yield from actions_in(value)
        return
    for item in node.items:
        yield from actions_in(item)
