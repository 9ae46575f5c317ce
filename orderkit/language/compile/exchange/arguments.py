"""What a call is given: the arguments of an operation, checked against the class that the connector declares.

Names, missing ones and types are looked at at every depth: in the lines of a voucher as at the top.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, get_origin

from orderkit.connectors.connector_type import Operation
from orderkit.language.compile.exchange.outside_types import inner_options, type_of
from orderkit.language.compile.places.iterations import each_of
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.expressions.scope import Scope
from orderkit.language.findings import ERROR, Code, Span, did_you_mean
from orderkit.language.source import MappingNode, Node, ScalarNode, SequenceNode
from orderkit.language.spec import Written
from orderkit.language.spec.kinds import integration as words
from orderkit.language.spec.readers import FLAG
from orderkit.language.spec.words import report_shape, report_unknown_key
from orderkit.model.expressions.nodes import Entry, Expression, Items, Literal, Structure
from orderkit.model.expressions.types import (
    Boolean,
    Choice,
    Date,
    DateTime,
    Json,
    ListOf,
    Nothing,
    Number,
    Text,
    Type,
)
from orderkit.model.labels import Label, label
from orderkit.model.options import OptionModel

MISSING_ARGUMENT = Code(
    "OK7102",
    "missing-argument",
    ERROR,
    since="0.1",
    explain="""
    An operation needs an argument that `with` does not give.
    ~~~yaml bad
    integration: tell
    event: order.created
    call: mail.send
    key: "order:{id}"
    with: {to: sales@example.com}
    # mail.yaml
    connection: mail
    connector: smtp
    settings: {host: smtp.example.com, from: orders@example.com}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    integration: tell
    event: order.created
    call: mail.send
    key: "order:{id}"
    with: {to: sales@example.com, text: "{name}"}
    # mail.yaml
    connection: mail
    connector: smtp
    settings: {host: smtp.example.com, from: orders@example.com}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="操作需要的参数，`with` 里没有给。",
)

WRONG_ARGUMENT = Code(
    "OK7202",
    "wrong-argument",
    ERROR,
    since="0.1",
    explain="""
    An argument of a call is not of the type that the operation takes: a word for a number, a text for a list.
    ~~~yaml bad
    integration: tell
    event: order.created
    call: finance.save_voucher
    key: "order:{id}"
    with: {date: =day, explanation: "{name}", entries: [{account: 1002, debit: much}]}
    # finance.yaml
    connection: finance
    connector: u8
    settings: {from_account: a, to_account: b, app_key: "${U8_KEY}", app_secret: "${U8_SECRET}"}
    # order.yaml
    form: order
    fields: {name: {type: text}, day: {type: date}}
    ~~~
    ~~~yaml good
    integration: tell
    event: order.created
    call: finance.save_voucher
    key: "order:{id}"
    with: {date: =day, explanation: "{name}", entries: [{account: 1002, debit: 5}]}
    # finance.yaml
    connection: finance
    connector: u8
    settings: {from_account: a, to_account: b, app_key: "${U8_KEY}", app_secret: "${U8_SECRET}"}
    # order.yaml
    form: order
    fields: {name: {type: text}, day: {type: date}}
    ~~~""",
    zh="调用的某个参数不是操作所要的类型：数字写成了词、列表写成了文字等。",
)


def read_arguments(
    lowering: Lowering, written: Written, scope: Scope, operation: Operation | None
) -> Expression | None:
    """Return what is sent, from the words of an integration; an unknown operation takes anything."""
    node = written[words.WITH]
    if words.WITH in written:
        place: ScalarNode | Span = written.key_of(words.WITH)
    else:
        called = words.CALL if words.CALL in written else words.PULL
        place = written.value_of(called).span if called in written else written.node.span
    return arguments_of(lowering, node, scope, operation, place)


def arguments_of(
    lowering: Lowering, node: Node | None, scope: Scope, operation: Operation | None, place: ScalarNode | Span
) -> Expression | None:
    """Return what an operation is given, or None where something is wrong; what is missing is reported at `place`."""
    if node is not None and not isinstance(node, MappingNode):
        report_shape(lowering.reading, node, zh="一组参数（`{名称: 值}`）", en="arguments (`{name: value}`)")
        return None
    if operation is None:
        return Structure((), Json()) if node is None else lowering.values.of_anything(node, scope)
    owner = label(zh=f"操作 `{operation.name}`", en=f"operation `{operation.name}`")
    entries = () if node is None else node.entries
    return _Arguments(lowering).structure(entries, operation.Arguments, scope, owner, place)


@dataclass(frozen=True, slots=True)
class _Arguments:
    """Reads arguments by the classes that declare them."""

    lowering: Lowering

    def structure(
        self,
        entries: tuple[tuple[ScalarNode, Node], ...],
        options: type[OptionModel],
        scope: Scope,
        owner: Label,
        place: ScalarNode | Span,
    ) -> Expression | None:
        """Return a map of arguments."""
        known = options.model_fields
        found: list[Entry] = []
        is_right = True
        for key, value in entries:
            if key.text not in known:
                report_unknown_key(self.lowering.reading, key, known, owner)
                continue
            argument = self.value(value, known[key.text].annotation, scope, key.text)
            is_right = is_right and argument is not None
            if argument is not None:
                found.append(Entry(key.text, argument))
        given = {key.text for key, _ in entries}
        for name, info in known.items():
            if info.is_required() and name not in given:
                is_right = False
                self._report_missing(name, owner, place)
        return Structure(tuple(found), Json()) if is_right else None

    def value(self, node: Node, annotation: Any, scope: Scope, name: str) -> Expression | None:
        """Return one argument."""
        inner = inner_options(annotation)
        if inner is not None:
            return self._inner(node, inner.options, scope, name, is_list=inner.is_list)
        expected = type_of(annotation)
        if expected is None:
            is_list = get_origin(annotation) in (tuple, list)
            if is_list and isinstance(node, ScalarNode) and not node.text.startswith("="):
                report_shape(self.lowering.reading, node, zh="一个列表", en="a list")
                return None
            return self.lowering.values.of_anything(node, scope)
        if not isinstance(node, ScalarNode):
            wanted = _NAMES[type(expected)]
            report_shape(self.lowering.reading, node, zh=wanted["zh"], en=wanted["en"])
            return None
        if node.is_empty:
            return Literal(None, Nothing())
        if node.text.startswith("="):
            return self.lowering.checking.expression(node, scope, expected, skip=1)
        if "{" in node.text and isinstance(expected, Text):
            return self.lowering.checking.template(node, scope)
        return self._literal(node, expected, name)

    def _inner(
        self, node: Node, options: type[OptionModel], scope: Scope, name: str, *, is_list: bool
    ) -> Expression | None:
        """Return a map of a class, or a list of such."""
        owner = label(zh=f"`{name}` ", en=f"item of `{name}`" if is_list else f"`{name}`")

        def one(each: Node, inner: Scope) -> Expression | None:
            if not isinstance(each, MappingNode):
                report_shape(
                    self.lowering.reading, each, zh="一个映射（`键: 值`）", en="a map (`key: value`)"
                )
                return None
            place = each.entries[0][0] if each.entries else each.span
            return self.structure(each.entries, options, inner, owner, place)

        if isinstance(node, ScalarNode) and node.text.startswith("="):
            return self.lowering.values.of_anything(node, scope)
        if not is_list:
            return one(node, scope)
        if isinstance(node, MappingNode) and node.get("each") is not None:
            return each_of(self.lowering.checking, node, scope, one)
        if not isinstance(node, SequenceNode):
            report_shape(self.lowering.reading, node, zh="一个列表（`[…]`）", en="a list (`[…]`)")
            return None
        items = [one(item, scope) for item in node.items]
        return None if None in items else Items(tuple(i for i in items if i is not None), ListOf(Json()))

    def _literal(self, node: ScalarNode, expected: Type, name: str) -> Expression | None:
        match expected:
            case Text():
                return Literal(node.text, Text())
            case Boolean():
                flag = FLAG.read(node, self.lowering.reading)
                return None if flag is None else Literal(flag, Boolean())
            case Number():
                return self._number(node, name)
            case Choice(options):
                if node.text in options:
                    return Literal(node.text, expected)
                self._report_wrong(node, expected, name, did_you_mean(node.text, options))
                return None
            case _:
                help_ = label(
                    zh="写 `=表达式`，例如 `=today()`", en="write `=` and an expression, as `=today()`"
                )
                self._report_wrong(node, expected, name, help_)
                return None

    def _number(self, node: ScalarNode, name: str) -> Expression | None:
        literal = self.lowering.values.of_anything(node, self.lowering.places.constant())
        value = literal.value if isinstance(literal, Literal) else None
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return literal
        self._report_wrong(node, Number(), name, None)
        return None

    def _report_wrong(self, node: ScalarNode, expected: Type, name: str, help_: Label | None) -> None:
        wanted = _NAMES[type(expected)]
        self.lowering.reading.report(
            WRONG_ARGUMENT,
            node,
            label(
                zh=f"参数 `{name}` 要的是{wanted['zh']}，不是 `{node.text}`",
                en=f"the argument `{name}` takes {wanted['en']}, not `{node.text}`",
            ),
            help_,
        )

    def _report_missing(self, name: str, owner: Label, place: ScalarNode | Span) -> None:
        is_inner = not owner["en"].startswith("operation")
        self.lowering.reading.report(
            MISSING_ARGUMENT,
            place,
            label(zh=f"{owner['zh']}的一项缺少 `{name}`", en=f"an {owner['en']} lacks `{name}`")
            if is_inner
            else label(zh=f"调用缺少参数 `{name}`", en=f"the call lacks the argument `{name}`"),
            label(zh=f"加上 `{name}:`", en=f"add `{name}:`")
            if is_inner
            else label(zh=f"在 `with` 里加上 `{name}:`", en=f"add `{name}:` to `with`"),
        )


_NAMES: Mapping[type, Label] = {
    Text: label(zh="文字", en="a text"),
    Boolean: label(zh="true 或 false", en="true or false"),
    Number: label(zh="数字", en="a number"),
    Date: label(zh="日期", en="a date"),
    DateTime: label(zh="时间", en="a moment"),
    Choice: label(zh="几个词之一", en="one of its words"),
}
