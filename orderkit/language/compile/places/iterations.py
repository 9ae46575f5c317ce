"""Iterations: `{each: rows, where: …, set: …}`, a list made from rows."""

from collections.abc import Callable

from orderkit.language.compile.places.checking import Checking
from orderkit.language.compile.places.scopes import inside_each
from orderkit.language.expressions.scope import Scope
from orderkit.language.source import MappingNode, Node, ScalarNode
from orderkit.language.spec.readers import EXPRESSION, NODE
from orderkit.language.spec.words import Key, Words, report_shape
from orderkit.model.expressions.nodes import Each, Expression
from orderkit.model.expressions.types import ListOf, Rows
from orderkit.model.labels import label

_EACH = Key("each", NODE, label(zh="逐行", en="the rows"), required=True)
_EACH_WHERE = Key("where", EXPRESSION, label(zh="条件", en="which rows count"))
_EACH_SET = Key("set", NODE, label(zh="每行的值", en="what is made of each"), required=True)
_EACH_WORDS = Words(name=label(zh="逐行", en="each"), keys=(_EACH, _EACH_WHERE, _EACH_SET))


def each_of(
    checking: Checking, node: MappingNode, scope: Scope, make: Callable[[Node, Scope], Expression | None]
) -> Expression | None:
    """Return a list made from rows: `make` reads what is made of each, where `item` is the row."""
    reading = checking.compilation.reading
    written = _EACH_WORDS.read(node, reading)
    source, made = written[_EACH], written[_EACH_SET]
    if source is None or made is None:
        return None
    if not isinstance(source, ScalarNode):
        report_shape(reading, source, zh="一个集合", en="rows")
        return None
    checked = checking.checked(source, scope, skip=1 if source.text.startswith("=") else 0)
    if checked.expression is None:
        return None
    inner = inside_each(scope, checked.type.form if isinstance(checked.type, Rows) else None)
    where = checking.condition(written[_EACH_WHERE], inner)
    value = make(made, inner)
    if value is None:
        return None
    return Each(checked.expression, "item", where, value, ListOf(value.type))
