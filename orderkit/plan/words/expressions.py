"""An expression written as the language writes it, from the checked tree.

The names that a place gives (`record`, `candidate`) stand for themselves there and are left out, so the
text is about what the author wrote; brackets stand where the binding of operators asks for them.
"""

from datetime import date, time, timedelta
from decimal import Decimal
from typing import assert_never

from orderkit.model.expressions.nodes import (
    Aggregate,
    Balance,
    Binary,
    BinaryOperator,
    Call,
    Changed,
    Each,
    Expression,
    Find,
    Get,
    IfElse,
    IsEmpty,
    Items,
    Literal,
    Root,
    Scalar,
    Structure,
    Template,
    Unary,
    UnaryOperator,
)

# Whose fields are named without it.
_UNSAID = frozenset({"record", "candidate", "measures"})
_CONDITIONAL, _OR, _AND, _NOT, _COMPARE, _ADD, _MULTIPLY, _NEGATE, _ATOM = range(9)
_BINDING = {
    BinaryOperator.OR: _OR,
    BinaryOperator.AND: _AND,
    BinaryOperator.ADD: _ADD,
    BinaryOperator.SUBTRACT: _ADD,
    BinaryOperator.MULTIPLY: _MULTIPLY,
    BinaryOperator.DIVIDE: _MULTIPLY,
    BinaryOperator.REMAINDER: _MULTIPLY,
}


def written(expression: Expression) -> str:
    """Return the expression on one line."""
    return _Writer({}).written(expression)


def written_value(value: Scalar) -> str:
    """Return a constant as the language writes it."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return "'" + value.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'"
        case Decimal():
            return format(value.normalize(), "f")
        case date() | time() | timedelta():
            return str(value)
        case tuple():
            return f"[{', '.join(written_value(each) for each in value)}]"
        case int():
            return str(value)
        case _:
            assert_never(value)


class _Writer:
    """Writes one tree; `rows` holds what each row of an aggregate is called: the collection it is from."""

    def __init__(self, rows: dict[str, str]) -> None:
        self.rows = rows

    def written(self, expression: Expression) -> str:
        match expression:
            case Literal(value=value):
                return written_value(value)
            case Root(name=name):
                return self.rows.get(name, "this" if name in _UNSAID else name)
            case Get(base=Root(name=name), field=field) if self.rows.get(name, name) in {*_UNSAID, ""}:
                return field
            case Get(base=base, field=field):
                return f"{self.inside(base, _ATOM)}.{field}"
            case Unary() | IsEmpty() | Binary():
                return self.operation(expression)
            case IfElse(test=test, then=then, otherwise=otherwise):
                return f"{self.inside(then, _OR)} if {self.inside(test, _OR)} else {self.written(otherwise)}"
            case Items(items=items):
                return f"[{', '.join(self.written(each) for each in items)}]"
            case Call(function=function, arguments=arguments):
                return f"{function}({', '.join(self.written(each) for each in arguments)})"
            case Changed(field=field):
                return f"changed({field})"
            case Template():
                return self.template(expression)
            case Structure(entries=entries):
                return f"{{{', '.join(f'{each.name}: {self.written(each.value)}' for each in entries)}}}"
            case Aggregate() | Find() | Balance() | Each():
                return self.over_rows(expression)
            case _:
                assert_never(expression)

    def operation(self, expression: Unary | IsEmpty | Binary) -> str:
        match expression:
            case Unary(operator=UnaryOperator.NOT, operand=IsEmpty(operand=operand)):
                return f"{self.inside(operand, _ADD)} != null"
            case Unary(operator=UnaryOperator.NOT, operand=Binary(operator=BinaryOperator.IN) as test):
                return f"{self.inside(test.left, _ADD)} not in {self.inside(test.right, _ADD)}"
            case Unary(operator=UnaryOperator.NOT, operand=operand):
                return f"not {self.inside(operand, _NOT)}"
            case Unary(operand=operand):
                return f"-{self.inside(operand, _NEGATE)}"
            case IsEmpty(operand=operand):
                return f"{self.inside(operand, _ADD)} == null"
            case Binary(operator=operator, left=left, right=right):
                binding = _BINDING.get(operator, _COMPARE)
                least = binding + 1 if binding == _COMPARE else binding
                return f"{self.inside(left, least)} {operator.value} {self.inside(right, binding + 1)}"
            case _:
                assert_never(expression)

    def template(self, template: Template) -> str:
        texts = []
        for part in template.parts:
            if part.expression is None:
                texts.append(part.text or f"{{{part.format}}}")
            else:
                form = f":{part.format}" if part.format else ""
                texts.append(f"{{{self.written(part.expression)}{form}}}")
        return "".join(texts)

    def over_rows(self, expression: Aggregate | Find | Balance | Each) -> str:
        match expression:
            case Aggregate(function=function, rows=rows, row=row, value=value, where=where):
                collection = self.written(rows)
                inner = _Writer({**self.rows, row: collection})
                said = collection if value is None else inner.written(value)
                return f"{function.value}({said}{'' if where is None else f', where={inner.written(where)}'})"
            case Find(form=form, row=row, where=where, by=by, descending=descending):
                inner = _Writer({**self.rows, row: ""})
                order = "" if by is None else f", by={'-' if descending else ''}{inner.written(by)}"
                return f"find({form}, {inner.written(where)}{order})"
            case Balance(ledger=ledger, measure=measure, keys=keys, row=row, where=where):
                inner = _Writer({**self.rows, row: ""})
                given = [f"{key.name}={self.written(key.value)}" for key in keys]
                given += [] if where is None else [f"where={inner.written(where)}"]
                return f"balance({', '.join((f'{ledger}.{measure}', *given))})"
            case Each(rows=rows, row=row, where=where, value=value):
                inner = _Writer({**self.rows, row: "item"})
                limit = "" if where is None else f", where: {inner.written(where)}"
                return f"{{each: {self.written(rows)}{limit}, set: {inner.written(value)}}}"
            case _:
                assert_never(expression)

    def inside(self, expression: Expression, least: int) -> str:
        text = self.written(expression)
        return text if _binding_of(expression) >= least else f"({text})"


def _binding_of(expression: Expression) -> int:
    match expression:
        case IfElse():
            return _CONDITIONAL
        case Binary(operator=operator):
            return _BINDING.get(operator, _COMPARE)
        case IsEmpty() | Unary(operator=UnaryOperator.NOT, operand=IsEmpty()):
            return _COMPARE
        case Unary(operator=UnaryOperator.NOT, operand=Binary(operator=BinaryOperator.IN)):
            return _COMPARE
        case Unary(operator=operator):
            return _NOT if operator is UnaryOperator.NOT else _NEGATE
        case _:
            return _ATOM
