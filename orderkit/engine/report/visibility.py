"""What of an expression a reader may see: on which rows of the query, or not at all.

The value of an expression is shown where every field it reads is; elsewhere it counts as empty. A
field behind a reference also needs read on the record that it belongs to.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from orderkit.database.expressions import SqlScope
from orderkit.database.expressions.compiler import Compiler
from orderkit.engine.access import Action, RefusedAccess, decide, row_condition
from orderkit.engine.runtime import Unit
from orderkit.model.expressions import Expression, Get
from orderkit.model.labels import Label, label
from orderkit.model.tree import root_names, walk
from orderkit.model.types import Record


@dataclass(frozen=True, slots=True)
class Visible:
    """On the rows where all `conditions` hold; on every row, if there are none."""

    conditions: tuple[sa.ColumnElement[bool], ...] = ()

    def shown(self, value: sa.ColumnElement[object]) -> sa.ColumnElement[object]:
        """Return the value where it may be seen, and nothing elsewhere."""
        return value if not self.conditions else sa.case((sa.and_(*self.conditions), value))


@dataclass(frozen=True, slots=True)
class Hidden:
    """Nowhere, and why."""

    why: Label


def visibility(unit: Unit, expression: Expression, scope: SqlScope) -> Visible | Hidden:
    """Return on which rows this reader may see the value of an expression."""
    compiler = Compiler(scope)
    conditions: dict[tuple[int, str], sa.ColumnElement[bool]] = {}
    for node in walk(expression):
        if not isinstance(node, Get) or not isinstance(node.base.type, Record):
            continue
        form = node.base.type.form
        row = compiler.row(node.base)
        if row is None:
            if not root_names(node.base) & _bound(expression, scope):
                continue
            decision = decide(unit.person, Action.READ, form, field=node.field, unit=unit)
            if isinstance(decision, RefusedAccess):
                return Hidden(decision.why)
            continue
        condition = row_condition(unit, form, Action.READ, row.alias, field=node.field)
        if isinstance(condition, sa.False_):
            return Hidden(label(zh="没有查看此字段的权限", en="you may not see this field"))
        if not isinstance(condition, sa.True_):
            conditions[id(row.alias), node.field] = condition
    return Visible(tuple(conditions.values()))


def _bound(expression: Expression, scope: SqlScope) -> frozenset[str]:
    """Return the names that stand for records here: rows of the query and rows of collections."""
    names = {"record", *scope.rows}
    for node in walk(expression):
        names.update(name for name in (getattr(node, "row", None),) if isinstance(name, str))
    return frozenset(names)
