"""The expression tree as SQLAlchemy expressions.

A subtree that depends on no row of the query is evaluated beforehand and becomes a parameter. What
remains is compiled node by node; numbers are kept raw inside (see `numbers`).
"""

from collections.abc import Sequence
from typing import Any, assert_never

import sqlalchemy as sa

from orderkit.database.expressions import aggregates, balances, functions, outside, structures, texts
from orderkit.database.expressions.numbers import Arithmetic
from orderkit.database.expressions.refusals import may_refuse
from orderkit.database.expressions.scope import Sql, SqlScope, TableRow
from orderkit.database.schema.column_types import Seconds, UtcDateTime
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
    Structure,
    Template,
    Unary,
    UnaryOperator,
)
from orderkit.model.expressions.tree import root_names
from orderkit.model.expressions.types import (
    Address,
    Boolean,
    Choice,
    Date,
    DateTime,
    Duration,
    File,
    Json,
    Many,
    Number,
    Record,
    Text,
    Time,
    Type,
)
from orderkit.model.forms import Field

# SQLite takes 127 arguments, and each term is two.
_MOST_TERMS = 60
_SUMS = frozenset({BinaryOperator.ADD, BinaryOperator.SUBTRACT})
_COMPARISONS = {
    BinaryOperator.EQUAL: "__eq__",
    BinaryOperator.NOT_EQUAL: "__ne__",
    BinaryOperator.LESS: "__lt__",
    BinaryOperator.AT_MOST: "__le__",
    BinaryOperator.GREATER: "__gt__",
    BinaryOperator.AT_LEAST: "__ge__",
}


def compile_value(expression: Expression, scope: SqlScope) -> Sql:
    """Return the expression as a column whose results are the values `evaluate` would give."""
    compiler = Compiler(scope)
    value = compiler.value(expression)
    if isinstance(expression.type, Number):
        return compiler.arithmetic.finished(value, expression.type)
    if isinstance(expression.type, Json):
        return outside.finished(value)
    return sa.type_coerce(value, _sql_type(expression.type))


def compile_balance(expression: Balance, scope: SqlScope) -> Sql:
    """Return a balance as a column, even where it hangs on no row of the query."""
    compiler = Compiler(scope)
    return compiler.arithmetic.finished(balances.balance_value(expression, compiler), expression.type)


def compile_condition(expression: Expression, scope: SqlScope) -> sa.ColumnElement[bool]:
    """Return the expression as a condition; where it is empty, it does not hold."""
    compiler = Compiler(scope)
    if isinstance(expression, Binary) and expression.operator is BinaryOperator.AND:
        # Each part by itself, so that an index serves one of them.
        return sa.and_(*(compile_condition(each, scope) for each in (expression.left, expression.right)))
    return compiler.value(expression)


class Compiler:
    """Compiles expressions in one scope."""

    def __init__(self, scope: SqlScope) -> None:
        self.scope = scope
        self.arithmetic = Arithmetic(is_sqlite=scope.is_sqlite)

    def value(self, expression: Expression) -> Sql:  # noqa: C901 - one case a node
        """Return the raw value of a node."""
        if self._is_constant(expression):
            return self._known(expression)
        match expression:
            case Literal(value=value, type=type_):
                return self.constant(value, type_)
            case Get(base=base, type=Json()) if isinstance(base.type, Record):
                return outside.whole(self._name(expression), is_sqlite=self.scope.is_sqlite)
            case Root() | Get():
                return self._name(expression)
            case Unary(operator=operator, operand=operand):
                inner = self.value(operand)
                if operator is UnaryOperator.NOT:
                    return sa.not_(inner)
                assert isinstance(expression.type, Number)
                return self.arithmetic.negative(inner, expression.type.scale)
            case Binary():
                return self._binary(expression)
            case IsEmpty(operand=operand):
                return self.value(operand).is_(None)
            case IfElse():
                return self._choice(expression)
            case Call():
                return functions.compile_call(expression, self)
            case Aggregate():
                return aggregates.compile_aggregate(expression, self)
            case Find():
                return aggregates.compile_find(expression, self)
            case Balance():
                return balances.balance_value(expression, self)
            case Template():
                return texts.compile_template(expression, self)
            case Changed() | Items() | Structure() | Each():
                raise ValueError(f"{type(expression).__name__} has no meaning in a query")
            case _:
                assert_never(expression)

    def inside(self, scope: SqlScope) -> "Compiler":
        """Return a compiler for another scope of the same query."""
        return Compiler(scope)

    def as_type(self, expression: Expression, target: Type) -> Sql:
        """Return the value with the scale of `target`."""
        value = self.value(expression)
        if isinstance(target, Number) and isinstance(expression.type, Number):
            return self.arithmetic.rescaled(value, expression.type.scale, target.scale)
        return value

    def constant(self, value: Any, type_: Type) -> Sql:
        """Return a parameter, or NULL with the type's SQL type."""
        identity = getattr(value, "id", value)
        if isinstance(type_, Json):
            return outside.constant(identity, is_sqlite=self.scope.is_sqlite)
        if isinstance(type_, Number):
            if identity is None:
                return sa.cast(sa.null(), self.arithmetic.kind(type_.scale))
            return self.arithmetic.literal(identity, type_.scale)
        if isinstance(type_, Boolean) and identity is not None:
            return sa.true() if identity else sa.false()
        kind = _sql_type(type_)
        return sa.cast(sa.null(), kind) if identity is None else sa.literal(identity, kind)

    def _known(self, expression: Expression) -> Sql:
        """Return what is known beforehand as a parameter; a list as a field with several values keeps it."""
        if not isinstance(expression, Items):
            return self.constant(self.scope.known(expression), expression.type)
        values = tuple(map(self.scope.known, expression.items))
        of = expression.type.of
        assert isinstance(of, Choice | Record | File)
        return self.constant(tuple(getattr(each, "id", each) for each in values), Many(of))

    def row(self, expression: Expression) -> TableRow | None:
        """Return the row that a record-typed expression stands for, where the query has or may join it."""
        match expression:
            case Root(name=name):
                return self.scope.rows.get(name)
            case Get(base=base, field=name, type=Record(form=form)):
                source = self.row(base)
                if source is None or self.field(source, name).virtual is not None:
                    return None
                return self.scope.target(source, name, form)
            case _:
                return None

    def field(self, row: TableRow, name: str) -> Field:
        """Return the field of a row's form."""
        return self.scope.project.row_form_by_id[row.form].by_id[name]

    def _is_constant(self, expression: Expression) -> bool:
        return not (root_names(expression) & self.scope.rows.keys())

    def _name(self, expression: Root | Get) -> Sql:
        if isinstance(expression, Root):
            return self.scope.rows[expression.name].alias.c.id
        if isinstance(expression.base.type, Json):
            return outside.member(expression, self)
        if isinstance(expression.base.type, Address):
            address = self.value(expression.base)
            return structures.address_part(address, expression.field, is_sqlite=self.scope.is_sqlite)
        row = self.row(expression.base)
        if row is not None:
            value = self.column(row, expression.field)
            if isinstance(expression.base, Root) or self.field(row, expression.field).virtual is None:
                return value
            # Of a record that is not there everything is empty, a virtual sum too.
            return sa.case((row.alias.c.id.is_not(None), value), else_=sa.null())
        # The record is not in the FROM of this query: look its field up by its id.
        form = expression.base.type
        assert isinstance(form, Record)
        target, joins = self.scope.new_row(form.form)
        value = self.inside(self.scope).column(target, expression.field)
        key = self.value(expression.base)
        return (
            sa.select(value)
            .select_from(joins.added_to(target.alias))
            .where(target.alias.c.id == key)
            .correlate_except(target.alias, *joins.aliases)
            .scalar_subquery()
        )

    def column(self, row: TableRow, name: str) -> Sql:
        """Return a field of a row: its column, or what a virtual field stands for."""
        field = self.field(row, name)
        if field.virtual is not None:
            inside = self.inside(self.scope.with_row("record", row))
            return inside.as_type(field.virtual, field.value_type)
        column = row.alias.c[name]
        if isinstance(field.value_type, Number):
            return self.arithmetic.column(column, field.value_type.scale)
        return column

    def ordered(self, expression: Expression) -> Sql:
        """Return the value so that ORDER BY goes by it."""
        value = self.value(expression)
        if isinstance(expression.type, Number):
            return self.arithmetic.ordered(value, expression.type.scale)
        return value

    def _choice(self, expression: IfElse) -> Sql:
        """Return `a if x else b if y else c` as one CASE: SQLite cannot read what nests deeply."""
        cases: list[tuple[Sql, Sql]] = []
        rest: Expression = expression
        while isinstance(rest, IfElse) and not self._is_constant(rest):
            # What is nearer to the end may have fewer places.
            cases.append((self.value(rest.test), self.as_type(rest.then, expression.type)))
            rest = rest.otherwise
        return sa.case(*cases, else_=self.as_type(rest, expression.type))

    def _binary(self, expression: Binary) -> Sql:
        operator, left, right = expression.operator, expression.left, expression.right
        match operator:
            case BinaryOperator.AND:
                return self._one_after_the_other(expression, sa.false())
            case BinaryOperator.OR:
                return self._one_after_the_other(expression, sa.true())
            case BinaryOperator.IN:
                return self._membership(left, right)
            case (
                BinaryOperator.EQUAL
                | BinaryOperator.NOT_EQUAL
                | BinaryOperator.LESS
                | BinaryOperator.AT_MOST
                | BinaryOperator.GREATER
                | BinaryOperator.AT_LEAST
            ):
                return self._comparison(operator, left, right)
            case _:
                return self._arithmetic(expression)

    def _one_after_the_other(self, expression: Binary, decisive: Sql) -> Sql:
        """Return `a and b and c`, or with `or`; what stands behind a side that decides is not looked at."""
        parts: list[Expression] = []
        rest: Expression = expression
        while isinstance(rest, Binary) and rest.operator is expression.operator:
            parts.insert(0, rest.right)
            rest = rest.left
        parts = [rest, *parts]
        return self._decided([self.value(each) for each in parts], parts, decisive)

    def _decided(self, values: list[Sql], parts: Sequence[Expression], decisive: Sql) -> Sql:
        joined = (sa.or_ if isinstance(decisive, sa.True_) else sa.and_)(*values)
        # PostgreSQL stops by itself at a side that decides, but a constant decides before all others.
        # SQLite looks at all of them.
        has_constant = any(self._is_constant(each) for each in parts)
        if not (self.scope.is_sqlite or has_constant):
            return joined
        if not any(may_refuse(each, self.scope.project) for each in parts):
            return joined
        return sa.case(*((value.is_(decisive), decisive) for value in values[:-1]), else_=joined)

    def _comparison(self, operator: BinaryOperator, left: Expression, right: Expression) -> Sql:
        first, second = self._compared(left, right)
        compared: Sql = getattr(first, _COMPARISONS[operator])(second)
        return compared

    def _compared(self, left: Expression, right: Expression) -> tuple[Sql, Sql]:
        """Return both values so that they can be compared."""
        if not isinstance(left.type, Number) or not isinstance(right.type, Number):
            return self.value(left), self.value(right)
        # A constant takes the scale of the other side where no digit is lost, so that an index will do.
        first, first_scale = self._with_scale_of(left, right.type.scale)
        second, second_scale = self._with_scale_of(right, left.type.scale)
        return self.arithmetic.compared(first, first_scale, second, second_scale)

    def _with_scale_of(self, expression: Expression, other: int) -> tuple[Sql, int]:
        assert isinstance(expression.type, Number)
        scale = expression.type.scale
        if scale < other and self._is_constant(expression):
            value: Any = self.scope.known(expression)
            if value is not None:
                return self.arithmetic.literal(value, other, is_compared=True), other
        return self.value(expression), scale

    def _arithmetic(self, expression: Binary) -> Sql:
        left, right, kind = expression.left, expression.right, expression.type
        if isinstance(kind, Text):
            return self._joined(left).concat(self.value(right))
        assert isinstance(left.type, Number)
        assert isinstance(right.type, Number)
        assert isinstance(kind, Number)
        arithmetic = self.arithmetic
        match expression.operator:
            case BinaryOperator.MULTIPLY:
                return arithmetic.multiply(self.value(left), self.value(right), kind.scale)
            case BinaryOperator.DIVIDE | BinaryOperator.REMAINDER as operator:
                divided = arithmetic.divide if operator is BinaryOperator.DIVIDE else arithmetic.remainder
                dividend = self.value(left)
                found = divided(dividend, left.type.scale, self.value(right), right.type.scale)
                if not self._is_nothing(right) or not may_refuse(left, self.scope.project):
                    return found
                # PostgreSQL knows beforehand that the answer is empty, and would not look at the dividend.
                return sa.case((dividend.is_not(None), found))
            case _:
                return self._sum(expression)

    def _is_nothing(self, divisor: Expression) -> bool:
        """Return whether a divisor is known beforehand to be zero or empty."""
        return self._is_constant(divisor) and not self.scope.known(divisor)

    def _joined(self, expression: Expression) -> Sql:
        """Return a text that another is joined to; texts joined before stay on one level with it."""
        is_chain = isinstance(expression, Binary) and expression.operator is BinaryOperator.ADD
        return self.value(expression) if is_chain else sa.cast(self.value(expression), sa.Text())

    def _sum(self, expression: Binary) -> Sql:
        """Return `a + b - c + …`, as flat as the database takes it."""
        terms: list[tuple[str, Sql, int]] = []
        rest: Expression = expression
        while isinstance(rest, Binary) and rest.operator in _SUMS and not self._is_constant(rest):
            terms.append(self._term(rest.operator.value, rest.right))
            rest = rest.left
        terms.append(self._term("+", rest))
        terms.reverse()
        total, *more = terms
        while more:
            together = [total, *more[:_MOST_TERMS]]
            del more[:_MOST_TERMS]
            total = ("+", self.arithmetic.added(together), max(scale for _, _, scale in together))
        return total[1]

    def _term(self, sign: str, expression: Expression) -> tuple[str, Sql, int]:
        assert isinstance(expression.type, Number)
        return sign, self.value(expression), expression.type.scale

    def _membership(self, left: Expression, right: Expression) -> Sql:
        if not self._is_constant(right):
            if isinstance(right.type, Many):
                return structures.holds(self.value(right), self.value(left), is_sqlite=self.scope.is_sqlite)
            if isinstance(right.type, Json):
                return outside.holds(right, left, self)
        if isinstance(right, Items):
            items = right.items
        elif self._is_constant(right):
            found = self.scope.known(right)
            items = tuple(Literal(each, left.type) for each in found or ())  # type: ignore[union-attr]
        else:
            raise ValueError("a list in a query is written out or known beforehand")
        if not items:
            return sa.false()
        pairs = [self._compared(left, item) for item in items]
        return self._decided([first == second for first, second in pairs], (left, *items), sa.true())


def _sql_type(type_: Type) -> sa.types.TypeEngine[Any]:
    match type_:
        case Boolean():
            return sa.Boolean()
        case Date():
            return sa.Date()
        case Time():
            return sa.Time()
        case DateTime():
            return UtcDateTime()
        case Duration():
            return Seconds()
        case Many():
            return structures.many_type(type_)
        case Record():
            return sa.BigInteger()
        case _:
            return sa.Text()
