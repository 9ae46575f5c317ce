"""Matchings: rules that find the open records which something that came in belongs to."""

from dataclasses import replace
from decimal import Decimal

from orderkit.language.compile.analysis.matching_results import Results
from orderkit.language.compile.names.collecting import Declared
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.shapes.labels import readable
from orderkit.language.compile.shapes.shape import FormShape
from orderkit.language.expressions.scope import Scope
from orderkit.language.findings import ERROR, WARNING, Code, Note
from orderkit.language.source import ScalarNode
from orderkit.language.spec import Written
from orderkit.language.spec.kinds import matching as words
from orderkit.model.analysis.matching import Matching, MatchingRule, Spread, WriteOff
from orderkit.model.expressions.nodes import Binary, BinaryOperator, Expression, Literal, Root
from orderkit.model.expressions.types import Number, Record
from orderkit.model.labels import label

WRONG_PAIR = Code(
    "OK4520",
    "wrong-pair",
    ERROR,
    since="0.1",
    explain="""
    The two forms of a matching are one and the same, or one of them is lines. A rule calls them by their ids.
    ~~~yaml bad
    matching: receipts
    incoming: order
    open: order
    rules: [{score: 50, when: order.total > 0, reason: Paid}]
    result: {append: order.payments, set: {order: =order}}
    # order.yaml
    form: order
    fields: {no: {type: text}, total: {type: money, required: true}, payments: {type: lines, fields: {paid: {type: ref, to: order}}}}
    ~~~
    ~~~yaml good
    matching: receipts
    incoming: receipt
    open: order
    rules: [{score: 50, when: order.total == receipt.amount, reason: Same amount}]
    result: {append: receipt.allocations, set: {order: =order}}
    # order.yaml
    form: order
    fields: {no: {type: text}, total: {type: money, required: true}}
    # receipt.yaml
    form: receipt
    fields: {amount: {type: money, required: true}, allocations: {type: lines, fields: {order: {type: ref, to: order}}}}
    ~~~""",
    zh="核销的两张表单是同一张，或其中一张是明细。规则里用它们的标识称呼它们。",
)
UNREACHED_RULE = Code(
    "OK4521",
    "unreached-rule",
    WARNING,
    since="0.1",
    explain="""
    A rule never counts: another one with at least its score holds whenever it does, since it asks for less.
    The narrower rule gets the higher score.
    ~~~yaml bad
    matching: receipts
    incoming: receipt
    open: order
    rules:
      - {score: 60, when: order.payer == receipt.payer, reason: Same payer}
      - {score: 30, when: order.payer == receipt.payer and order.total == receipt.amount, reason: Same amount}
    result: {append: receipt.allocations, set: {order: =order}}
    # order.yaml
    form: order
    fields: {total: {type: money, required: true}, payer: {type: text}}
    # receipt.yaml
    form: receipt
    fields: {amount: {type: money, required: true}, payer: {type: text}, allocations: {type: lines, fields: {order: {type: ref, to: order}}}}
    ~~~
    ~~~yaml good
    matching: receipts
    incoming: receipt
    open: order
    rules:
      - {score: 60, when: order.payer == receipt.payer and order.total == receipt.amount, reason: Same amount}
      - {score: 30, when: order.payer == receipt.payer, reason: Same payer}
    result: {append: receipt.allocations, set: {order: =order}}
    # order.yaml
    form: order
    fields: {total: {type: money, required: true}, payer: {type: text}}
    # receipt.yaml
    form: receipt
    fields: {amount: {type: money, required: true}, payer: {type: text}, allocations: {type: lines, fields: {order: {type: ref, to: order}}}}
    ~~~""",
    zh="这条规则永远不起作用：另一条分数不低于它，而且条件更宽，只要它成立那条就成立。条件更窄的规则应得更高的分。",
)
WRONG_LIMIT = Code(
    "OK4523",
    "wrong-matching-limit",
    ERROR,
    since="0.1",
    explain="""
    A limit of a matching makes no sense: a difference is approved above more than may be written off at all, or
    `auto_above` is a score that no rule exceeds.
    ~~~yaml bad
    matching: receipts
    incoming: receipt
    open: order
    rules: [{score: 50, when: order.total == receipt.amount, reason: Same amount}]
    write_off: {up_to: 0.10, approve_above: 1.00}
    result: {append: receipt.allocations, set: {order: =order}}
    # order.yaml
    form: order
    fields: {no: {type: text}, total: {type: money, required: true}}
    # receipt.yaml
    form: receipt
    fields: {amount: {type: money, required: true}, allocations: {type: lines, fields: {order: {type: ref, to: order}}}}
    ~~~
    ~~~yaml good
    matching: receipts
    incoming: receipt
    open: order
    rules: [{score: 50, when: order.total == receipt.amount, reason: Same amount}]
    write_off: {up_to: 1.00, approve_above: 0.10}
    result: {append: receipt.allocations, set: {order: =order}}
    # order.yaml
    form: order
    fields: {no: {type: text}, total: {type: money, required: true}}
    # receipt.yaml
    form: receipt
    fields: {amount: {type: money, required: true}, allocations: {type: lines, fields: {order: {type: ref, to: order}}}}
    ~~~""",
    zh="核销的界限没有意义：超过多少要审批，比允许核销的差额还大；或没有规则的分数高于 `auto_above`。",
)


def lower_matchings(lowering: Lowering) -> tuple[Matching, ...]:
    """Return every matching, by id."""
    lowered = (
        _lower(lowering, declared, declared.written)
        for declared in lowering.compilation.named.of("matching").values()
        if declared.written is not None
    )
    return tuple(matching for matching in lowered if matching is not None)


def _lower(lowering: Lowering, declared: Declared, written: Written) -> Matching | None:
    incoming, open_ = (lowering.compilation.form(written[key]) for key in (words.INCOMING, words.OPEN))
    if incoming is None or open_ is None or incoming.is_broken or open_.is_broken:
        return None
    for key, form in ((words.INCOMING, incoming), (words.OPEN, open_)):
        if form.parent is not None or (key is words.OPEN and form is incoming):
            lowering.reading.report(
                WRONG_PAIR,
                written.value_of(key),
                label(zh=f"`{form.id}` 是明细", en=f"`{form.id}` is lines")
                if form.parent is not None
                else label(zh=f"两边都是 `{form.id}`", en=f"both sides are `{form.id}`"),
            )
            return None
    return _Matching(lowering, declared, written, incoming, open_).lower()


class _Matching:
    def __init__(
        self, lowering: Lowering, declared: Declared, written: Written, incoming: FormShape, open_: FormShape
    ) -> None:
        self.lowering = lowering
        self.reading = lowering.reading
        self.declared = declared
        self.written = written
        self.incoming = incoming
        self.open = open_
        base = lowering.places.constant()
        came, is_open = Root("incoming", Record(incoming.id)), Root("open", Record(open_.id))
        roots = {**base.roots, "incoming": came, "open": is_open, incoming.id: came, open_.id: is_open}
        self.scope = replace(base, roots=roots)

    def lower(self) -> Matching | None:
        """Return the matching, or None where its rules or its result are wrong."""
        of_open: Scope = replace(self.scope, implicit=self.scope.roots["open"])
        where = self.lowering.checking.condition(self.written[words.WHERE], of_open)
        written_rules = self.written[words.RULES] or ()
        rules = [self._rule(each) for each in written_rules]
        result = Results(self.lowering, self.incoming, self.open, self.scope).read(
            self.written[words.RESULT_]
        )
        write_off = self._write_off(self.written[words.WRITE_OFF_])
        by = self.lowering.people.read(self.written[words.BY], self.lowering.places.constant())
        right = [(rule, each) for rule, each in zip(rules, written_rules, strict=True) if rule is not None]
        self._check_scores(right)
        if len(right) == len(rules):
            self._check_auto(right)
        if result is None or len(right) < len(rules):
            return None
        return Matching(
            id=self.declared.id,
            label=self.written[words.LABEL_] or readable(self.declared.id),
            incoming=self.incoming.id,
            open=self.open.id,
            rules=tuple(rule for rule, _ in right),
            result=result,
            where=where,
            auto_above=self.written[words.AUTO_ABOVE],
            write_off=write_off,
            by=by,
            origin=self.declared.origin,
        )

    # Rules

    def _rule(self, written: Written) -> MatchingRule | None:
        score, reason = written[words.RULE_SCORE], written[words.RULE_REASON]
        when = self.lowering.checking.condition(written[words.RULE_WHEN], self.scope)
        spread = written[words.RULE_SPREAD]
        if score is None or reason is None or when is None:
            return None
        return MatchingRule(
            score=score, when=when, reason=reason, spread=None if spread is None else Spread(spread)
        )

    def _check_scores(self, rules: list[tuple[MatchingRule, Written]]) -> None:
        for index, (rule, written) in enumerate(rules):
            asked = _parts(rule.when)
            for other_index, (other, other_written) in enumerate(rules):
                comes_first = (other.score, -other_index) > (rule.score, -index)
                if other is not rule and comes_first and _parts(other.when) <= asked:
                    self._report_unreached(written, other_written)
                    break

    def _report_unreached(self, written: Written, other: Written) -> None:
        self.reading.report(
            UNREACHED_RULE,
            written.value_of(words.RULE_SCORE),
            label(
                zh="只要这条规则成立，另一条分数不低于它的也成立",
                en="whenever this rule holds, another with at least its score does too",
            ),
            label(zh="给条件更窄的规则更高的分", en="give the narrower rule the higher score"),
            notes=[
                Note(
                    text=label(zh="另一条在这里", en="the other rule is here"),
                    span=other.value_of(words.RULE_SCORE).span,
                )
            ],
        )

    def _check_auto(self, rules: list[tuple[MatchingRule, Written]]) -> None:
        auto = self.written[words.AUTO_ABOVE]
        if auto is not None and rules and all(rule.score <= auto for rule, _ in rules):
            self.reading.report(
                WRONG_LIMIT,
                self.written.value_of(words.AUTO_ABOVE),
                label(zh=f"没有规则的分数高于 {auto}", en=f"no rule has a score above {auto}"),
                label(
                    zh="降低它，或去掉它：那样都由人确认",
                    en="lower it, or take it away: then people confirm all",
                ),
            )

    # Differences

    def _write_off(self, written: Written | None) -> WriteOff | None:
        if written is None:
            return None
        up_to, above = (
            self._amount(written[key]) for key in (words.WRITE_OFF_UP_TO, words.WRITE_OFF_APPROVE)
        )
        by = self.lowering.people.read(written[words.WRITE_OFF_BY], self.lowering.places.constant())
        if up_to is None:
            return None
        if above is not None and above > up_to:
            self.reading.report(
                WRONG_LIMIT,
                written.value_of(words.WRITE_OFF_APPROVE),
                label(
                    zh=f"超过 {above} 要审批，但最多只能核销 {up_to}",
                    en=f"approval begins above {above}, but at most {up_to} is written off",
                ),
                label(zh="两个数对调", en="exchange the two"),
            )
            return None
        return WriteOff(up_to=up_to, approve_above=above, approve_by=by)

    def _amount(self, node: ScalarNode | None) -> Decimal | None:
        if node is None:
            return None
        found = self.lowering.values.of_type(node, self.lowering.places.constant(), Number(2))
        return Decimal(str(found.value)) if isinstance(found, Literal) else None

    # Result


def _parts(condition: Expression) -> frozenset[Expression]:
    """Return the conditions that all must hold."""
    if isinstance(condition, Binary) and condition.operator is BinaryOperator.AND:
        return _parts(condition.left) | _parts(condition.right)
    return frozenset({condition})
