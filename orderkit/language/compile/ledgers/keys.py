"""The keys of a posting: given, found on the row or the record, or by the ledger's defaults."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from orderkit.language.compile.ledgers.ledgers import default_form
from orderkit.language.compile.ledgers.shaping import LedgerShape
from orderkit.language.compile.names.references import report_unknown
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.shapes.shape import FormShape
from orderkit.language.compile.workflows.action_places import ActionPlace
from orderkit.language.expressions.fitting import fits
from orderkit.language.expressions.kinship import type_name
from orderkit.language.expressions.scope import Scope
from orderkit.language.findings import ERROR, Code, Note
from orderkit.language.source import MappingNode, Node, ScalarNode
from orderkit.language.spec.kinds import ledger as words
from orderkit.language.spec.mentions import ReadExpression
from orderkit.language.spec.words import report_shape
from orderkit.model.expressions.nodes import Expression, Get, Root
from orderkit.model.expressions.types import Record
from orderkit.model.labels import label
from orderkit.model.ledgers import LOT, LedgerKey

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


@dataclass(slots=True, kw_only=True)
class PostingKeys:
    """Finds the keys of one posting.

    Args:
        lowering: the tools.
        target: `stock.reserve` as written.
        shape: its ledger.
        place: where the posting stands.
        scope: what its values may name; within a loop, `item` too.
        rows: the form of the rows it goes over.
        has_lost_rows: whether those are wrong, which was reported.
        is_right: False as soon as a key is wrong.
    """

    lowering: Lowering
    target: ScalarNode
    shape: LedgerShape
    place: ActionPlace
    scope: Scope
    rows: FormShape | None
    has_lost_rows: bool
    is_right: bool = True

    def read(self, node: Node | None) -> tuple[tuple[str, Expression], ...]:
        """Return every key with its value, where `node` gives some of them."""
        return tuple(self._values(self._given(node)))

    def _given(self, node: Node | None) -> dict[str, Node]:
        if node is None:
            return {}
        if not isinstance(node, MappingNode):
            report_shape(self.lowering.reading, node, zh="一个映射（`键: 值`）", en="a map (`key: value`)")
            self.is_right = False
            return {}
        for key, _ in node.entries:
            if key.text not in self.shape.keys:
                self.is_right = False
                report_unknown(self.lowering.reading, key, "key", self.shape.keys)
        return {key.text: value for key, value in node.entries}

    def _values(self, given: Mapping[str, Node]) -> Iterator[tuple[str, Expression]]:
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
                self.lowering.reading.mentions.expressions.append(read)
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
        self.lowering.reading.report(
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
