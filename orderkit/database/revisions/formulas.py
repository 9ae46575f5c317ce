"""The SQL of a model's expressions for both databases, as text that stands in a revision for good.

Values are written into it. `now()` and `today()` become `:now` and `:today`, which are the time of the run.
The SQL is that of an `UPDATE` of the table: columns bear the table's name before them.
"""

import re
from dataclasses import dataclass
from types import SimpleNamespace
from typing import cast
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.dialects.sqlite.base import SQLiteDialect

from orderkit.database.expressions.compiler import Compiler
from orderkit.database.expressions.scope import Sql, SqlScope, TableRow
from orderkit.database.schema.metadata import column_type, metadata_of
from orderkit.database.schema.tables import Column, Tables
from orderkit.fields.field_type import ColumnKind
from orderkit.model.expressions.evaluation import Environment
from orderkit.model.expressions.nodes import (
    Binary,
    BinaryOperator,
    Call,
    Expression,
    IfElse,
    Items,
    Literal,
    Root,
)
from orderkit.model.expressions.printing import as_written
from orderkit.model.expressions.tree import replaced
from orderkit.model.expressions.types import (
    Boolean,
    Date,
    DateTime,
    Duration,
    Json,
    ListOf,
    Number,
    Text,
    Time,
    Type,
)
from orderkit.model.project import Project

_NAME = "ok_formula"
_READERS = {"json_number": "number", "json_date": "date", "json_datetime": "datetime"}
_MOMENTS = {"now": Root("now", DateTime()), "today": Root("today", Date())}
_QUOTED = re.compile(r"('(?:[^']|'')*'|\"(?:[^\"]|\"\")*\")")


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """An expression as people wrote it, and as each database takes it."""

    source: str
    sqlite: str
    postgresql: str


class Formulas:
    """Writes the expressions of one model, over its tables."""

    def __init__(self, project: Project, tables: Tables) -> None:
        """Take a model and the tables as they stand when its expressions are computed."""
        self.project = project
        self.tables = tables
        self._forms = {table.name: table.form for table in tables.values()}
        metadata = metadata_of(tables)
        self._tables = {table.form: metadata.tables[table.name] for table in tables.values()}

    def of(self, expression: Expression, table: str, column: Column) -> Formula:
        """Return the formula of a column's new value, over the row."""
        return self._formula(expression, expression, table, column, None)

    def converting(self, expression: Expression, table: str, old: Column, new: Column) -> Formula:
        """Return the formula of a value of the new type; `Root("value")` in it is the old one."""
        readable = replaced(expression, lambda node: _on_text(node, old))
        return self._formula(expression, readable, table, new, old)

    def splitting(self, expression: Expression, table: str, column: str, option: str, first: str) -> Formula:
        """Return the formula of an option that becomes several; what the expression does not say becomes `first`."""
        kept = Column(name=column, kind=ColumnKind.TEXT)
        one = self.of(expression, table, kept)
        name = f'"{table}"."{column}"'
        case = "CASE WHEN {name} = {option} THEN coalesce({sql}, {first}) ELSE {name} END"
        texts = {"name": name, "option": _sql_text(option), "first": _sql_text(first)}
        return Formula(
            source=f"{one.source} where {column} == '{option}'",
            sqlite=case.format(sql=one.sqlite, **texts),
            postgresql=case.format(sql=one.postgresql, **texts),
        )

    def _formula(
        self, shown: Expression, expression: Expression, table: str, column: Column, value: Column | None
    ) -> Formula:
        return Formula(
            source=as_written(shown),
            sqlite=self._sql(expression, table, column, value, "sqlite"),
            postgresql=self._sql(expression, table, column, value, "postgresql"),
        )

    def _sql(
        self, expression: Expression, table: str, column: Column, value: Column | None, dialect: str
    ) -> str:
        form = self._forms[table]
        row = self._tables[form]
        scope = SqlScope(
            project=self.project,
            tables=self._tables,
            dialect=dialect,
            constants=Environment(
                timezone=ZoneInfo(self.project.timezone), calendar=self.project.working_days
            ),
            rows={"record": TableRow(form, row), **_moments(), **_value_row(row, value, dialect)},
        )
        compiler = Compiler(scope)
        found = _as_kept(replaced(expression, _with_moments), column, compiler)
        return _text_of(found, row, dialect)


def _as_kept(expression: Expression, column: Column, compiler: Compiler) -> Sql:
    """Return the value as the column keeps it."""
    match column.kind:
        case ColumnKind.DECIMAL | ColumnKind.INTEGER if isinstance(expression.type, Number):
            scale = column.scale or 0
            number = compiler.as_type(expression, Number(scale))
            if not compiler.scope.is_sqlite:
                return number if scale else sa.cast(number, sa.BigInteger())
            return sa.cast(number, sa.BigInteger()) if compiler.arithmetic.is_wide(scale) else number
        case ColumnKind.BOOLEAN:
            return sa.func.coalesce(compiler.value(expression), sa.false(), type_=sa.Boolean())
        case ColumnKind.TEXT:
            return sa.func.nullif(compiler.value(expression), "", type_=sa.Text())
        case _:
            return compiler.value(expression)


def _text_of(value: Sql, table: sa.Table, dialect: str) -> str:
    """Return a value as it stands in an UPDATE of the table: what a SELECT from it has between its first words and FROM."""
    statement = sa.select(value.label(_NAME)).select_from(table)
    kind = _sqlite() if dialect == "sqlite" else _postgresql()
    text = str(statement.compile(dialect=kind, compile_kwargs={"literal_binds": True}))
    end = text.rindex(f" AS {_NAME}")
    return _on_one_line(text.removeprefix("SELECT ")[: end - len("SELECT ")])


def _on_one_line(sql: str) -> str:
    parts = _QUOTED.split(sql)
    return "".join(part if place % 2 else " ".join(part.split("\n")) for place, part in enumerate(parts))


def _sqlite() -> sa.Dialect:
    return SQLiteDialect(paramstyle="named")


def _postgresql() -> sa.Dialect:
    dialect = PGDialect(paramstyle="named")  # type: ignore[no-untyped-call] # untyped in SQLAlchemy
    # Texts mean what they say since PostgreSQL 9.1.
    dialect._backslash_escapes = False  # noqa: SLF001 - known to SQLAlchemy only once it is connected
    return dialect


def _with_moments(node: Expression) -> Expression | None:
    return _MOMENTS.get(node.function) if isinstance(node, Call) and not node.arguments else None


def _moments() -> dict[str, TableRow]:
    """Return the time of the run as if it were a row: what the compiler does not know beforehand."""
    return {
        "now": _row_of(sa.literal_column(":now", sa.DateTime(timezone=True))),
        "today": _row_of(sa.literal_column(":today", sa.Date())),
    }


def _row_of(value: Sql) -> TableRow:
    return TableRow("", cast("sa.FromClause", SimpleNamespace(c=SimpleNamespace(id=value))))


def _on_text(node: Expression, old: Column) -> Expression | None:
    """Return what stands for the old value: its text, read as the compiler reads outside data."""
    if old.kind is ColumnKind.JSON:
        return None
    match node:
        case Call(function="json_text", arguments=(Root(name="value"),)) | Root(name="value"):
            return _as_text(old)
        case Call(function="json_boolean", arguments=(Root(name="value") as value,)):
            words = tuple(Literal(word, Text()) for word in ("true", "1"))
            lower = Call("lower", (_on_text(value, old) or value,), Text())
            return Binary(BinaryOperator.IN, lower, Items(words, ListOf(Text())), Boolean())
        case Call(function=name, arguments=(Root(name="value") as value,)) if name in _READERS:
            return Call(_READERS[name], (_on_text(value, old) or value,), node.type)
        case _:
            return None


def _value_row(row: sa.Table, value: Column | None, dialect: str) -> dict[str, TableRow]:
    """Return the old value of a column, as the compiler keeps numbers of its type."""
    if value is None:
        return {}
    before = sa.type_coerce(row.c[value.name], column_type(value))
    kind = _type_of(value)
    if isinstance(kind, Number) and dialect == "sqlite":
        return {"value": _row_of(sa.type_coerce(row.c[value.name], sa.BigInteger()))}
    return {"value": _row_of(before)}


def _as_text(old: Column) -> Expression:
    """Return the old value as text, which is what outside data is read from."""
    kind = _type_of(old)
    value = Root("value", kind)
    match kind:
        case Text():
            return value
        case Boolean():
            return IfElse(value, Literal("true", Text()), Literal("false", Text()), Text())
        case _:
            return Call("text", (value,), Text())


def _type_of(column: Column) -> Type:
    match column.kind:
        case ColumnKind.INTEGER | ColumnKind.REFERENCE | ColumnKind.FILE:
            return Number(0)
        case ColumnKind.DECIMAL:
            return Number(column.scale or 0)
        case ColumnKind.BOOLEAN:
            return Boolean()
        case ColumnKind.DATE:
            return Date()
        case ColumnKind.TIME:
            return Time()
        case ColumnKind.DATETIME:
            return DateTime()
        case ColumnKind.DURATION:
            return Duration()
        case ColumnKind.JSON:
            return Json()
        case _:
            return Text()


def _sql_text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
