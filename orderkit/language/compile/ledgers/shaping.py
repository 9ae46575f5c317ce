"""What each ledger keeps, types and names only: known before any expression of a form is read."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from orderkit.language.compile.names.collecting import Declared, Named, check_id
from orderkit.language.compile.names.references import labels_of, report_unknown
from orderkit.language.compile.names.settings import Settings
from orderkit.language.compile.shapes.labels import readable
from orderkit.language.compile.shapes.shape import FormShape
from orderkit.language.expressions import check_expression
from orderkit.language.expressions.calls.balances import WHERE
from orderkit.language.expressions.problems import UNKNOWN_NAME
from orderkit.language.expressions.scope import FieldScope, FormScope, LedgerScope, Scope
from orderkit.language.findings import ERROR, Code
from orderkit.language.source import ScalarNode
from orderkit.language.source.corrections import rewriting
from orderkit.language.spec import Reading
from orderkit.language.spec.kinds import ledger as words
from orderkit.model.expressions.nodes import Expression, Root
from orderkit.model.expressions.types import (
    Boolean,
    Choice,
    Date,
    DateTime,
    Number,
    Record,
    Text,
    Type,
)
from orderkit.model.labels import Label, label
from orderkit.model.ledgers import ENTRY_WORDS, LedgerKey, LedgerMeasure, NamedBalance

WRONG_KEY_TYPE = Code(
    "OK4500",
    "wrong-ledger-type",
    ERROR,
    since="0.1",
    explain="""
    A key of a ledger is `ref(form)`, `user`, `text`, `date` or `integer`; a measure is `decimal(places)`,
    `money`, `money(places)` or `integer`. Balances are kept by keys, and measures are added up.
    ~~~yaml bad
    ledger: stock
    keys: {product: product}
    measures: {on_hand: decimal(3)}
    postings: {receive: {on_hand: +qty}}
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
    zh="台账的键是 `ref(表单)`、`user`、`text`、`date` 或 `integer`；数是 `decimal(小数位)`、`money`、`money(小数位)` 或 `integer`。按键记余额，数可相加。",
)
NAME_TAKEN = Code(
    "OK4501",
    "ledger-name-taken",
    ERROR,
    since="0.1",
    explain="""
    A ledger has the id of a form, or two of its keys, measures and balances have one id. Expressions,
    reports and alerts could not tell them apart.
    ~~~yaml bad
    ledger: stock
    keys: {product: ref(product)}
    measures: {product: integer}
    postings: {receive: {product: +qty}}
    # product.yaml
    form: product
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    ledger: stock
    keys: {product: ref(product)}
    measures: {pieces: integer}
    postings: {receive: {pieces: +qty}}
    # product.yaml
    form: product
    fields: {name: {type: text}}
    ~~~""",
    zh="台账与表单同名，或它的键、数、余额之间重名。表达式、报表和预警就分不清了。",
)
NOT_A_MEASURE = Code(
    "OK4502",
    "not-a-measure",
    ERROR,
    since="0.1",
    explain="""
    `never` and `balance` of a ledger read its measures only, so that the database itself can hold the
    bounds, row by row, under any concurrency. Keys and the records behind them are not part of that row.
    ~~~yaml bad
    ledger: credit
    keys: {customer: ref(customer)}
    measures: {open: money}
    never: ["open > customer.credit_limit"]
    postings: {sell: {open: +amount}}
    # customer.yaml
    form: customer
    fields: {name: {type: text}, credit_limit: {type: money}}
    ~~~
    ~~~yaml good
    ledger: credit
    keys: {customer: ref(customer)}
    measures: {open: money, limit: money}
    never: ["open > limit"]
    postings: {sell: {open: +amount}, grant: {limit: +amount}}
    # customer.yaml
    form: customer
    fields: {name: {type: text}}
    ~~~""",
    zh="台账的 `never` 和 `balance` 只能用它的数，这样数据库才能在任何并发下逐行守住界限。键和键背后的记录不在那一行里。",
)

_KEY_TYPE = re.compile(r"ref\(\s*(?P<form>[\w.]+)\s*\)|(?P<plain>user|text|date|integer)")
_PLAIN_KEYS: Mapping[str, Type] = {
    "user": Record("user"),
    "text": Text(),
    "date": Date(),
    "integer": Number(),
}
_MEASURE_TYPE = re.compile(r"(?P<kind>decimal|money|integer)(\(\s*(?P<places>\d{1,2})\s*\))?")
_MOST_PLACES = 12
_DEFAULT_PLACES = {"decimal": 2, "money": 2}
# What keys and numbers cannot be called: words of postings, and of `balance(…)`.
_RESERVED = frozenset({"label", "by", WHERE, *ENTRY_WORDS})


@dataclass(slots=True, kw_only=True)
class LedgerShape:
    """A ledger before its postings are read. A broken one is not spoken of any further."""

    id: str
    declared: Declared
    label: Label
    keys: dict[str, LedgerKey] = field(default_factory=dict)
    measures: dict[str, LedgerMeasure] = field(default_factory=dict)
    balances: dict[str, NamedBalance] = field(default_factory=dict)
    postings: tuple[str, ...] = ()
    is_broken: bool = False

    @property
    def numbers(self) -> Mapping[str, LedgerMeasure | NamedBalance]:
        """Measures and balances by id."""
        return {**self.measures, **self.balances}

    def scope(self) -> LedgerScope:
        """Return the ledger as `balance(…)` sees it."""
        if self.is_broken:
            return LedgerScope(is_broken=True)
        return LedgerScope(
            keys={key.id: key.type for key in self.keys.values()},
            numbers={each.id: each.type for each in self.numbers.values()},
            labels=labels_of(self.numbers),
        )

    def row_scopes(self) -> Iterator[tuple[str, FormScope]]:
        """Yield its rows as expressions see them: balances, and entries."""
        parts: list[LedgerKey | LedgerMeasure | NamedBalance] = [*self.keys.values(), *self.numbers.values()]
        known = labels_of({part.id: part for part in parts})
        kept = {part.id: FieldScope(part.type, is_required=True) for part in parts}
        yield self.id, FormScope(fields=kept, label=self.label, labels=known, is_found=False)
        moved = {name: kept[name] for name in (*self.keys, *self.measures)}
        yield (
            f"{self.id}.entries",
            FormScope(
                fields={**self._entry_fields(), **moved}, label=self.label, labels=known, is_found=False
            ),
        )

    def _entry_fields(self) -> Mapping[str, FieldScope]:
        return {
            "posting": FieldScope(Choice(self.postings), is_required=True),
            "posted_at": FieldScope(DateTime(), is_required=True),
            "person": FieldScope(Record("user")),
            "form": FieldScope(Text()),
            "transition": FieldScope(Text()),
            "reason": FieldScope(Text()),
            "is_reversal": FieldScope(Boolean(), is_required=True),
        }


def ledger_shapes(
    named: Named, settings: Settings, shapes: Mapping[str, FormShape], reading: Reading
) -> Mapping[str, LedgerShape]:
    """Return the shape of every ledger by id."""
    return {
        declared.id: _Shaping(declared, settings, shapes, reading).run()
        for declared in named.of("ledger").values()
    }


class _Shaping:
    def __init__(
        self, declared: Declared, settings: Settings, shapes: Mapping[str, FormShape], reading: Reading
    ) -> None:
        self.declared = declared
        self.settings = settings
        self.shapes = shapes
        self.reading = reading
        self.shape = LedgerShape(id=declared.id, declared=declared, label=readable(declared.id))

    def run(self) -> LedgerShape:
        """Return the shape, broken where a key or a measure is."""
        written = self.declared.written
        self._check_name()
        if written is None or written[words.KEYS] is None or written[words.MEASURES] is None:
            self.shape.is_broken = True
            return self.shape
        self.shape.label = written[words.LABEL_] or self.shape.label
        self.shape.postings = tuple(key.text for key, _ in written[words.POSTINGS] or ())
        for key, each in written[words.KEYS] or ():
            type_ = self._key_type(each[words.KEY_TYPE])
            if self._takes(key) and type_ is not None:
                text = each[words.KEY_LABEL] or self._label_of(type_) or readable(key.text)
                self.shape.keys[key.text] = LedgerKey(
                    id=key.text, label=text, type=type_, renamed_from=each[words.KEY_RENAMED_FROM]
                )
        for key, each in written[words.MEASURES] or ():
            number = self._measure_type(each[words.MEASURE_TYPE])
            if self._takes(key) and number is not None:
                text = each[words.MEASURE_LABEL] or readable(key.text)
                self.shape.measures[key.text] = LedgerMeasure(
                    id=key.text, label=text, type=number, renamed_from=each[words.MEASURE_RENAMED_FROM]
                )
        for key, each in written[words.BALANCES] or ():
            node = each[words.BALANCE_EXPR]
            if node is None or self.shape.is_broken:
                continue
            found = over_measures(self.shape, node, Number(), self.reading)
            if self._takes(key) and found is not None and isinstance(found.type, Number):
                text = each[words.BALANCE_LABEL] or readable(key.text)
                self.shape.balances[key.text] = NamedBalance(
                    id=key.text, label=text, expression=found, type=found.type
                )
        return self.shape

    def _check_name(self) -> None:
        form = self.shapes.get(self.declared.id)
        if form is None or form.is_broken or self.declared.written is None:
            return
        self.reading.report(
            NAME_TAKEN,
            self.declared.id_node,
            label(zh=f"`{self.declared.id}` 已是表单的标识", en=f"`{self.declared.id}` is the id of a form"),
            label(zh="给台账换一个标识", en="give the ledger another id"),
        )

    def _takes(self, key: ScalarNode) -> bool:
        """Whether an id is free; a broken one breaks the ledger."""
        taken = {*self.shape.keys, *self.shape.numbers, *_RESERVED}
        if not check_id(key, self.reading):
            self.shape.is_broken = True
        elif key.text in taken:
            self.shape.is_broken = True
            self.reading.report(
                NAME_TAKEN,
                key,
                label(
                    zh=f"台账里已有 `{key.text}`，或它是保留的词",
                    en=f"the ledger has a `{key.text}` already, or the word is reserved",
                ),
                label(zh="换一个标识", en="choose another id"),
            )
        return not self.shape.is_broken

    def _label_of(self, type_: Type) -> Label | None:
        return self.shapes[type_.form].label if isinstance(type_, Record) else None

    def _key_type(self, node: ScalarNode | None) -> Type | None:
        match = None if node is None else _KEY_TYPE.fullmatch(node.text.strip())
        if node is not None and match is None:
            self._wrong(node, "键", "a key", ["`ref(product)`", "`user`", "`text`", "`date`", "`integer`"])
        if node is None or match is None:
            self.shape.is_broken = True
            return None
        if match["plain"] is not None:
            return _PLAIN_KEYS[match["plain"]]
        form = match["form"]
        start = match.start("form") + len(node.text) - len(node.text.lstrip())
        if form in self.shapes:
            self.reading.mentions.name("form", form, node, start, start + len(form))
            return Record(form)
        self.shape.is_broken = True
        report_unknown(self.reading, node.part(start, start + len(form)), "form", self.shapes, name=form)
        return None

    def _measure_type(self, node: ScalarNode | None) -> Number | None:
        match = None if node is None else _MEASURE_TYPE.fullmatch(node.text.strip())
        places = None if match is None else int(match["places"] or _DEFAULT_PLACES.get(match["kind"], 0))
        is_right = match is not None and not (match["kind"] == "integer" and match["places"])
        if node is not None and (not is_right or places is None or places > _MOST_PLACES):
            self._wrong(node, "数", "a measure", ["`decimal(3)`", "`money`", "`integer`"])
        if match is None or places is None or not is_right or places > _MOST_PLACES:
            self.shape.is_broken = True
            return None
        return Number(places, self.settings.currency if match["kind"] == "money" else None)

    def _wrong(self, node: ScalarNode, zh: str, en: str, known: list[str]) -> None:
        self.reading.report(
            WRONG_KEY_TYPE,
            node,
            label(
                zh=f"`{node.text}` 不是台账{zh}的类型", en=f"`{node.text}` is no type for {en} of a ledger"
            ),
            label(
                zh=f"写{'、'.join(known[:-1])} 或 {known[-1]}",
                en=f"write {', '.join(known[:-1])} or {known[-1]}",
            ),
        )


def over_measures(
    shape: LedgerShape, node: ScalarNode, expected: Type, reading: Reading
) -> Expression | None:
    """Return an expression that reads numbers of the ledger and nothing else, or report what it reads."""
    numbers = {each.id: FieldScope(each.type, is_required=True) for each in shape.numbers.values()}
    row = Root("record", Record(shape.id))
    scope = Scope(forms={shape.id: FormScope(fields=numbers, is_found=False)}, implicit=row, is_stored=True)
    found = check_expression(node.text, scope, expected)
    for problem in found.problems:
        name = node.text[problem.start : problem.end]
        if problem.code is UNKNOWN_NAME and name in shape.keys:
            reading.report(
                NOT_A_MEASURE,
                node.part(problem.start, problem.end),
                label(zh=f"`{name}` 是键，不是数", en=f"`{name}` is a key, not a measure"),
                label(
                    zh=f"只能用 {'、'.join(f'`{each}`' for each in numbers)}；单据上的界限用记账记成一个数",
                    en=f"only {', '.join(f'`{each}`' for each in numbers)} can be read here; a bound that "
                    "a record holds becomes a measure that postings change",
                ),
            )
        else:
            mend = problem.mend
            reading.report(
                problem.code,
                node.part(problem.start, problem.end),
                problem.headline,
                problem.help,
                fix=None
                if mend is None
                else rewriting(node.part(mend.start, mend.end), mend.text, is_sure=mend.is_sure),
            )
    return found.expression
