"""What a matching writes: a row of the one record that says how much of the other it settles."""

from collections.abc import Iterator
from dataclasses import dataclass

from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.shapes.shape import FormShape
from orderkit.language.expressions.scope import Scope
from orderkit.language.findings import ERROR, Code
from orderkit.language.source import ScalarNode
from orderkit.language.spec import Written
from orderkit.language.spec.kinds import matching as words
from orderkit.language.spec.parts import field as field_words
from orderkit.model.analysis.matching import MatchingResult
from orderkit.model.expressions.types import Record, Rows
from orderkit.model.forms import SystemRole
from orderkit.model.labels import Label, label

WRONG_RESULT = Code(
    "OK4522",
    "wrong-result",
    ERROR,
    since="0.1",
    explain="""
    The result of a matching does not fit: `append` is no lines of one of the two forms, nothing in `set` says
    which record of the other form the row is about, or a required field of the row gets no value.
    ~~~yaml bad
    matching: receipts
    incoming: receipt
    open: order
    rules: [{score: 50, when: order.total == receipt.amount, reason: Same amount}]
    result: {append: receipt.allocations, set: {amount: =receipt.amount}}
    # order.yaml
    form: order
    fields: {no: {type: text}, total: {type: money, required: true}}
    # receipt.yaml
    form: receipt
    fields:
      amount: {type: money, required: true}
      allocations: {type: lines, fields: {order: {type: ref, to: order}, amount: {type: money}}}
    ~~~
    ~~~yaml good
    matching: receipts
    incoming: receipt
    open: order
    rules: [{score: 50, when: order.total == receipt.amount, reason: Same amount}]
    result: {append: receipt.allocations, set: {order: =order, amount: =receipt.amount}}
    # order.yaml
    form: order
    fields: {no: {type: text}, total: {type: money, required: true}}
    # receipt.yaml
    form: receipt
    fields:
      amount: {type: money, required: true}
      allocations: {type: lines, fields: {order: {type: ref, to: order}, amount: {type: money}}}
    ~~~""",
    zh="核销结果不合适：`append` 不是两张表单之一的明细，`set` 里没有写明这一行属于另一张表单的哪条记录，或明细行的必填字段没有值。",
)


@dataclass(frozen=True, slots=True)
class Results:
    """Reads the result of one matching, whose rules pair what came in with an open record."""

    lowering: Lowering
    incoming: FormShape
    open: FormShape
    scope: Scope

    def read(self, written: Written | None) -> MatchingResult | None:
        """Return what is written where records match, or None where it is absent or wrong."""
        node = None if written is None else written[words.RESULT_APPEND]
        if written is None or node is None:
            return None
        found = self._collection(node)
        if found is None:
            return None
        holder, collection, rows = found
        pairs = written[words.RESULT_SET] or ()
        values = self.lowering.values.assignments(pairs, self.scope, rows)
        if len(values) < len(pairs) or words.RESULT_SET not in written:
            return None
        given = {name for name, _ in values}
        other = self.open if holder is self.incoming else self.incoming
        if not any(name in given and field.type == Record(other.id) for name, field in rows.fields.items()):
            self._wrong_result(
                written.key_of(words.RESULT_SET),
                label(
                    zh=f"没有写明这一行属于哪个 `{other.id}`",
                    en=f"nothing says which `{other.id}` the row is about",
                ),
                label(
                    zh=f"给一个引用 `{other.id}` 的字段赋值 `={other.id}`",
                    en=f"give `={other.id}` to a field that refers to `{other.id}`",
                ),
            )
            return None
        for name in _missing(rows, given):
            self._wrong_result(
                written.key_of(words.RESULT_SET),
                label(zh=f"必填的 `{name}` 没有值", en=f"the required `{name}` gets no value"),
                label(zh=f"加上 `{name}:`", en=f"add `{name}:`"),
            )
        return MatchingResult(holder=holder.id, collection=collection, rows=rows.id, values=values)

    def _collection(self, node: ScalarNode) -> tuple[FormShape, str, FormShape] | None:
        name, _, collection = node.text.partition(".")
        holder = next((form for form in (self.incoming, self.open) if form.id == name), None)
        field = None if holder is None else holder.fields.get(collection)
        if field is not None and field.field is None:
            return None
        if holder is not None and field is not None and isinstance(field.type, Rows):
            rows = self.lowering.compilation.shapes[field.type.form]
            start = len(name) + 1
            self.lowering.reading.mentions.name(
                "field", f"{holder.id}.{collection}", node, start, len(node.text)
            )
            self.lowering.reading.mentions.name("form", name, node, 0, len(name))
            return None if rows.is_broken else (holder, collection, rows)
        lines = [
            f"`{form.id}.{each.id}`"
            for form in (self.incoming, self.open)
            for each in form.fields.values()
            if isinstance(each.type, Rows)
        ]
        self._wrong_result(
            node,
            label(
                zh=f"`{node.text}` 不是 `{self.incoming.id}` 或 `{self.open.id}` 的明细",
                en=f"`{node.text}` is no lines of `{self.incoming.id}` or `{self.open.id}`",
            ),
            label(zh=f"写 {'、'.join(lines)}", en=f"write {' or '.join(lines)}") if lines else None,
        )
        return None

    def _wrong_result(self, place: ScalarNode, headline: Label, help_: Label | None) -> None:
        self.lowering.reading.report(WRONG_RESULT, place, headline, help_)


def _missing(rows: FormShape, given: set[str]) -> Iterator[str]:
    """Yield the required fields of a row that nothing fills."""
    for field in rows.own_fields():
        written = field.written
        if field.field is None or written is None or field.field.system is not SystemRole.NONE:
            continue
        fills = {"default", "copy", "compute", "virtual"} & written.nodes.keys()
        if written.flag(field_words.REQUIRED) and not fills and field.id not in given:
            yield field.id
