"""Value places: a literal typed by its target, `=` and an expression, or a text with `{}` in it."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

from orderkit.fields.field_type import Invalid
from orderkit.language.compile.places.checking import Checking
from orderkit.language.compile.places.scopes import inside_each
from orderkit.language.compile.shapes.shape import FieldShape, FormShape
from orderkit.language.expressions.fitting import fits
from orderkit.language.expressions.kinship import type_name
from orderkit.language.expressions.scope import Scope
from orderkit.language.findings import ERROR, Code
from orderkit.language.source import MappingNode, Node, ScalarNode, SequenceNode
from orderkit.language.spec.readers import EXPRESSION, FLAG, NODE, scalar
from orderkit.language.spec.words import Key, Words, report_shape
from orderkit.model.expressions.nodes import Each, Entry, Expression, Items, Literal, Structure
from orderkit.model.expressions.types import (
    Boolean,
    Date,
    Json,
    ListOf,
    Many,
    Nothing,
    Number,
    Record,
    Rows,
    Text,
    Type,
)
from orderkit.model.forms import SystemRole
from orderkit.model.labels import Label, label

WRONG_LITERAL = Code(
    "OK3102",
    "wrong-value-for-field",
    ERROR,
    since="0.1",
    explain="""
    A value is not one that its field can have: a word for a number, an unknown option, a value out of bounds.
    ~~~yaml bad
    form: product
    fields: {price: {type: money, default: cheap}}
    ~~~
    ~~~yaml good
    form: product
    fields: {price: {type: money, default: 9.90}}
    ~~~""",
    zh="值不是该字段可以有的：数字写成了词、选项不存在、超出范围。",
)
NO_NATURAL_KEY = Code(
    "OK3103",
    "no-natural-key",
    ERROR,
    since="0.1",
    explain="""
    A value names a record by a text, but its form has no unique text field by which it could be found.
    ~~~yaml bad
    form: order
    fields: {ship_from: {type: ref, to: warehouse, default: MAIN}}
    # warehouse.yaml
    form: warehouse
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    form: order
    fields: {ship_from: {type: ref, to: warehouse, default: MAIN}}
    # warehouse.yaml
    form: warehouse
    fields: {code: {type: text, unique: true}}
    ~~~""",
    zh="值用文字指明一条记录，但那张表单没有可用来查找的唯一文字字段。",
)

NOT_ASSIGNABLE = Code(
    "OK3108",
    "not-assignable",
    ERROR,
    since="0.1",
    explain="""
    A value is given to a field that the system or an expression fills.
    ~~~yaml bad
    form: product
    fields: {code: {type: text, unique: true}, twice: {type: text, compute: "concat(code, code)"}}
    # seed.yaml
    seed: products
    for: product
    match: [code]
    rows: [{code: A, twice: AA}]
    ~~~
    ~~~yaml good
    form: product
    fields: {code: {type: text, unique: true}, twice: {type: text, compute: "concat(code, code)"}}
    # seed.yaml
    seed: products
    for: product
    match: [code]
    rows: [{code: A}]
    ~~~""",
    zh="给了由系统或表达式填写的字段一个值。",
)

_ALWAYS_ASSIGNABLE = frozenset({SystemRole.NONE, SystemRole.OWNER})
_IN_HISTORY = frozenset({SystemRole.STATE, SystemRole.NUMBER, SystemRole.CREATED_AT, SystemRole.CREATED_BY})

_EACH = Key("each", NODE, label(zh="逐行", en="the rows"), required=True)
_EACH_WHERE = Key("where", EXPRESSION, label(zh="条件", en="which rows count"))
_EACH_SET = Key("set", NODE, label(zh="每行的值", en="what is made of each"), required=True)
_EACH_WORDS = Words(name=label(zh="逐行", en="each"), keys=(_EACH, _EACH_WHERE, _EACH_SET))

_NUMBER = re.compile(r"-?(0|[1-9]\d{0,17})(\.\d{1,12})?")


class Values:
    """Reads value places."""

    def __init__(self, checking: Checking) -> None:
        self.checking = checking
        self.compilation = checking.compilation
        self.reading = checking.compilation.reading

    def of_field(self, node: Node, scope: Scope, field: FieldShape) -> Expression | None:
        """Return the value that a field is given, or None where it is wrong. `null` is the empty value."""
        if field.field is None:
            return None
        if isinstance(field.type, Rows):
            return self._rows(node, scope, self.compilation.shapes[field.type.form])
        if isinstance(field.type, Many) and isinstance(node, SequenceNode):
            return self._several(node, scope, field, field.type)
        if not isinstance(node, ScalarNode):
            report_shape(self.reading, node, zh="一个值", en="a value")
            return None
        if node.is_empty:
            return Literal(None, Nothing())
        if node.text.startswith("="):
            return self.checking.expression(node, scope, field.type, skip=1)
        if "{" in node.text and isinstance(field.type, Text):
            return self.checking.template(node, scope)
        return self._literal(node, scope, field)

    def assignments(
        self,
        pairs: Iterable[tuple[ScalarNode, Node]],
        scope: Scope,
        form: FormShape,
        *,
        follow_references: bool = False,
        is_history: bool = False,
    ) -> tuple[tuple[str, Expression], ...]:
        """Return fields of a form with what they get. Our side stands on the left.

        In a history import records arrive with their state, number and time of creation.
        """
        found = []
        for key, node in pairs:
            field = self.compilation.path(form, key, follow_references=follow_references)
            if field is None or not self.is_assignable(key, field, is_history=is_history):
                continue
            self.compilation.reading.mentions.given.add((form.id, key.text))
            value = self.of_field(node, scope, field)
            if value is not None:
                found.append((key.text, value))
        return tuple(found)

    def is_assignable(self, key: ScalarNode, field: FieldShape, *, is_history: bool = False) -> bool:
        """Whether a field can be given a value; if not, that is reported."""
        if field.field is None:
            return False
        is_derived = field.written is not None and bool(field.written.nodes.keys() & {"compute", "virtual"})
        system = field.field.system
        if not is_derived and (system in _ALWAYS_ASSIGNABLE or (is_history and system in _IN_HISTORY)):
            return True
        is_state = system is SystemRole.STATE
        self.reading.report(
            NOT_ASSIGNABLE,
            key,
            label(zh=f"`{key.text}` 由流程改变，不能赋值", en=f"`{key.text}` is changed by its workflow only")
            if is_state
            else label(
                zh=f"`{key.text}` 由系统填写，不能赋值",
                en=f"`{key.text}` is filled by the system, not by a value",
            ),
            label(zh="用流转；历史导入加 `history:`", en="press a transition; for old records add `history:`")
            if is_state
            else None,
        )
        return False

    def of_type(self, node: Node, scope: Scope, kind: Type) -> Expression | None:
        """Return a value of a type that belongs to no field, such as a key of a ledger."""
        found = scalar(node, self.reading)
        if found is None:
            return None
        if found.text.startswith("="):
            return self.checking.expression(found, scope, kind, skip=1)
        if isinstance(kind, Record):
            return self._named_record(found, scope, kind)
        if isinstance(kind, Text):
            return self.checking.template(found, scope) if "{" in found.text else Literal(found.text, kind)
        value = _day(found) if isinstance(kind, Date) else _untyped(found, is_text=False)
        if value is not None and fits(value.type, kind):
            return value
        name = type_name(kind)
        self.reading.report(
            WRONG_LITERAL,
            found,
            label(zh=f"`{found.text}` 不是{name['zh']}", en=f"`{found.text}` is not {name['en']}"),
            label(zh="表达式以 `=` 开头", en="an expression begins with `=`"),
        )
        return None

    def of_anything(self, node: Node, scope: Scope) -> Expression | None:
        """Return a value without a typed target, such as an argument of a call; maps and lists may nest."""
        if isinstance(node, SequenceNode):
            items = [self.of_anything(item, scope) for item in node.items]
            return None if None in items else Items(tuple(i for i in items if i is not None), ListOf(Json()))
        if isinstance(node, MappingNode):
            if node.get("each") is not None:
                return self.each_of(node, scope, self.of_anything)
            entries = [(key.text, self.of_anything(value, scope)) for key, value in node.entries]
            known = tuple(Entry(name, value) for name, value in entries if value is not None)
            return Structure(known, Json()) if len(known) == len(entries) else None
        if node.is_empty:
            return Literal(None, Nothing())
        if node.text.startswith("="):
            return self.checking.expression(node, scope, skip=1)
        if "{" in node.text:
            return self.checking.template(node, scope)
        return _untyped(node)

    def _rows(self, node: Node, scope: Scope, rows: FormShape) -> Expression | None:
        if isinstance(node, MappingNode) and node.get("each") is not None:
            return self.each_of(node, scope, lambda made, inner: self._row_of_each(made, inner, rows))
        if not isinstance(node, SequenceNode):
            report_shape(self.reading, node, zh="明细行的列表", en="a list of rows")
            return None
        items = []
        for item in node.items:
            if not isinstance(item, MappingNode):
                report_shape(self.reading, item, zh="一行（`{字段: 值}`）", en="a row (`{field: value}`)")
                continue
            items.append(self._structure(item, scope, rows))
        return Items(tuple(items), ListOf(Record(rows.id)))

    def _structure(self, node: MappingNode, scope: Scope, form: FormShape) -> Structure:
        pairs = self.assignments(node.entries, scope, form)
        return Structure(tuple(Entry(name, value) for name, value in pairs), Record(form.id))

    def _row_of_each(self, node: Node, scope: Scope, rows: FormShape) -> Expression | None:
        return (
            self._structure(node, scope, rows)
            if isinstance(node, MappingNode)
            else self.of_anything(node, scope)
        )

    def each_of(
        self, node: MappingNode, scope: Scope, make: Callable[[Node, Scope], Expression | None]
    ) -> Expression | None:
        """Return a list made from rows: `make` reads what is made of each, where `item` is the row."""
        written = _EACH_WORDS.read(node, self.reading)
        source, made = written[_EACH], written[_EACH_SET]
        if source is None or made is None:
            return None
        if not isinstance(source, ScalarNode):
            report_shape(self.reading, source, zh="一个集合", en="rows")
            return None
        checked = self.checking.checked(source, scope, skip=1 if source.text.startswith("=") else 0)
        if checked.expression is None:
            return None
        inner = inside_each(scope, checked.type.form if isinstance(checked.type, Rows) else None)
        where = self.checking.condition(written[_EACH_WHERE], inner)
        value = make(made, inner)
        if value is None:
            return None
        return Each(checked.expression, "item", where, value, ListOf(value.type))

    def _several(
        self, node: SequenceNode, scope: Scope, field: FieldShape, several: Many
    ) -> Expression | None:
        """Return the values of a list; each of them is a literal of one value."""
        found: list[Expression | None] = []
        for item in node.items:
            if not isinstance(item, ScalarNode):
                report_shape(self.reading, item, zh="一个值", en="a value")
                return None
            found.append(self._literal(item, scope, field))
        if None in found:
            return None
        known = [each for each in found if each is not None]
        if all(isinstance(each, Literal) and isinstance(each.value, tuple) for each in known):
            values = dict.fromkeys(value for each in known for value in each.value)  # type: ignore[union-attr] # seen above
            return Literal(tuple(values), several)
        return Items(tuple(known), ListOf(several.of))

    def _literal(self, node: ScalarNode, scope: Scope, field: FieldShape) -> Expression | None:
        assert field.field is not None
        target = field.type.of if isinstance(field.type, Many) else field.type
        if isinstance(target, Record):
            return self._named_record(node, scope, target)
        if isinstance(field.type, Boolean):
            flag = FLAG.read(node, self.reading)
            return None if flag is None else Literal(flag, Boolean())
        self.compilation.name_option(field, node)
        field_type = self.compilation.catalog.fields[field.field.type]
        options = field.field.options
        is_ratio = isinstance(field.type, Number) and field.type.is_ratio
        value = (
            field_type.from_json(options, node.text)
            if is_ratio and not node.text.rstrip().endswith(("%", "％"))
            else field_type.parse(options, node.text)
        )
        if is_ratio and isinstance(value, Decimal) and not node.text.rstrip().endswith(("%", "％")):
            value = _certain_ratio(value, node.text)
        problem = value if isinstance(value, Invalid) else field_type.check(options, value)
        if isinstance(problem, Invalid) or isinstance(value, Invalid):
            assert isinstance(problem, Invalid)
            self.reading.report(
                WRONG_LITERAL,
                node,
                label(
                    zh=f"`{node.text}` 不能作为 `{field.id}` 的值：{problem.message.get('zh', '')}",
                    en=f"`{node.text}` is no value for `{field.id}`: {problem.message.get('en', '')}",
                ),
                _how_to_write(node.text, problem.expected),
            )
            return None
        return Literal(value, field.type)

    def _named_record(self, node: ScalarNode, scope: Scope, target: Record) -> Expression | None:
        """Return the record that a text stands for, found by its form's unique text field."""
        form = self.compilation.shapes[target.form]
        if form.is_broken:
            return None
        key = natural_key(form)
        if key is None:
            self.reading.report(
                NO_NATURAL_KEY,
                node,
                label(
                    zh=f"表单 `{form.id}` 没有唯一的文字字段，找不到 `{node.text}`",
                    en=f"the form `{form.id}` has no unique text field by which to find `{node.text}`",
                ),
                label(
                    zh="给目标表单的编码字段加 `unique: true`，或写 `=find(…)`",
                    en="set `unique: true` on a text field of the form, or write `=find(…)`",
                ),
            )
            return None
        escaped = node.text.replace("\\", "\\\\").replace("'", "\\'")
        return self.checking.unplaced(f"find({form.id}, {key} == '{escaped}')", scope, target)


def natural_key(form: FormShape) -> str | None:
    """Return the field by which people name the records of a form.

    It is the first unique text field, else a required text field `code` or `name`; where several
    records have one name, the run time refuses to choose.
    """
    for each in form.fields.values():
        if each.field is not None and each.field.unique and isinstance(each.type, Text):
            return each.id
    for name in ("code", "name"):
        named = form.fields.get(name)
        if (
            named is not None
            and named.field is not None
            and named.field.required
            and isinstance(named.type, Text)
        ):
            return name
    return None


def _day(node: ScalarNode) -> Literal | None:
    try:
        return Literal(date.fromisoformat(node.text), Date())
    except ValueError:
        return None


def _untyped(node: ScalarNode, *, is_text: bool | None = None) -> Literal:
    """Read a literal without a target as YAML 1.2 does, but numbers exactly and `0012` as a text.

    What is quoted is a text, unless the place says that it is none.
    """
    if not (bool(node.style) if is_text is None else is_text):
        if node.text in ("true", "false"):
            return Literal(node.text == "true", Boolean())
        if _NUMBER.fullmatch(node.text):
            value = Decimal(node.text)
            scale = -int(value.as_tuple().exponent)
            return Literal(value if scale else int(value), Number(scale=scale))
    return Literal(node.text, Text())


_CALL = re.compile(r"[a-z_]+\(.*\)")


def _how_to_write(text: str, expected: Label | None) -> Label | None:
    """Return how to write a value that was written `text`: a call as an expression, else what is expected."""
    if _CALL.fullmatch(text):
        return label(
            zh=f"要计算就在前面加 `=`：`={text}`", en=f"put `=` before what is to be computed: `={text}`"
        )
    if expected is None:
        return None
    return label(zh=f"应为{expected.get('zh', '')}", en=f"expected: {expected.get('en', '')}")


def _certain_ratio(value: Decimal, text: str) -> Decimal | Invalid:
    """Return a ratio, unless it could as well be meant as a percentage: 15 is 1500%, or 15%."""
    if abs(value) <= 1:
        return value
    return Invalid(
        label(
            zh=f"说不清是 {text}% 还是它的一百倍；写 `{text}%`",
            en=f"it may mean {text}% or a hundred times that; write `{text}%`",
        )
    )
