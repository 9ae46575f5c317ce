"""What the names of an expression mean in a query: rows of tables, or values known beforehand.

A path through references (`order.customer.province`) becomes a LEFT JOIN of the SELECT that has the
row, once for each path (`Joins.added_to`); where a SELECT takes no joins, it becomes a scalar
subquery, so that the result is a condition that stands for itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa

from orderkit.model.expressions.evaluation import Environment, Value, evaluate
from orderkit.model.expressions.nodes import Expression, Literal
from orderkit.model.project import Project


class Joins:
    """The LEFT JOINs that one SELECT needs for the reference paths of its expressions."""

    def __init__(self) -> None:
        self._found: dict[tuple[sa.FromClause, str], tuple[sa.FromClause, sa.ColumnElement[bool]]] = {}

    def row(self, source: sa.FromClause, path: str, target: sa.Table) -> sa.FromClause:
        """Return the row of `target` whose id stands in column `path` of `source`."""
        found = self._found.get((source, path))
        if found is None:
            alias = target.alias()
            found = self._found[source, path] = (alias, alias.c.id == source.c[path])
        return found[0]

    def added_to(self, source: sa.FromClause) -> sa.FromClause:
        """Return `source` with the joins, each after the one it hangs on."""
        for alias, condition in self._found.values():
            source = source.outerjoin(alias, condition)
        return source

    @property
    def aliases(self) -> tuple[sa.FromClause, ...]:
        """The rows that the joins add."""
        return tuple(alias for alias, _ in self._found.values())


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a form's table in a query. `joins` None: its SELECT takes no joins."""

    form: str
    alias: sa.FromClause
    joins: Joins | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlScope:
    """The meaning of names.

    Args:
        project: the model, for virtual fields, collections and titles.
        tables: SQLAlchemy tables by form id.
        dialect: `sqlite` or `postgresql`.
        rows: roots that are rows of this SELECT or of one around it.
        constants: evaluates what depends on no row: `me`, `this`, the day, the zone.
        noted: takes down what was evaluated so, where somebody asks: with the same answers, the same comes of it.
    """

    project: Project
    tables: Mapping[str, sa.Table]
    dialect: str
    constants: Environment
    rows: Mapping[str, TableRow] = field(default_factory=dict)
    noted: list[tuple[Expression, Value]] | None = None

    def known(self, expression: Expression) -> Value:
        """Return the value of what depends on no row."""
        value = evaluate(expression, self.constants)
        # What is written out is always the same.
        if self.noted is not None and not isinstance(expression, Literal):
            self.noted.append((expression, value))
        return value

    @property
    def is_sqlite(self) -> bool:
        """Whether numbers are scaled integers here."""
        return self.dialect == "sqlite"

    def with_row(self, name: str, row: TableRow) -> "SqlScope":
        """Return the scope with one more name for a row."""
        return replace(self, rows={**self.rows, name: row})

    def target(self, row: TableRow, path: str, form: str) -> TableRow | None:
        """Return the row that a reference of `row` leads to, or None where it cannot be joined."""
        if row.joins is None:
            return None
        return TableRow(form, row.joins.row(row.alias, path, self.tables[form]), row.joins)

    def new_row(self, form: str) -> tuple[TableRow, Joins]:
        """Return a row of a new SELECT over `form`, and its joins."""
        joins = Joins()
        return TableRow(form, self.tables[form].alias(), joins), joins


Sql = sa.ColumnElement[Any]
