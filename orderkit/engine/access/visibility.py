"""What of an expression a reader may see: on which rows of a query, or not at all.

The value of an expression is shown where every field it reads is; elsewhere it counts as empty. A
field behind a reference also needs read on the record that it belongs to. What is summed up over
other records (`sum(orders.total)`) is shown to who may see all of these only.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from orderkit.database.expressions import SqlScope
from orderkit.database.expressions.compiler import Compiler
from orderkit.engine.access.decisions import Action
from orderkit.engine.access.row_rules import row_condition
from orderkit.engine.runtime import Unit
from orderkit.model.expressions.nodes import Aggregate, Each, Expression, Find, Get, Root
from orderkit.model.expressions.tree import root_names, walk
from orderkit.model.expressions.types import Record
from orderkit.model.forms import FieldId, FormId
from orderkit.model.labels import Label, label

_HIDDEN = label(zh="没有查看此字段的权限", en="you may not see this field")
_IN_PART = label(
    zh="需要汇总的记录中有些您无权查看", en="it sums up records of which you may see only a part"
)


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


@dataclass(frozen=True, slots=True)
class _Lines:
    """The rows of `collection` of the record that `owner` stands for."""

    owner: Expression
    collection: str


def visibility(unit: Unit, expression: Expression, scope: SqlScope) -> Visible | Hidden:
    """Return on which rows this reader may see the value of an expression."""
    compiler = Compiler(scope)
    bound = _bound(expression, unit)
    names = {"record", *scope.rows, *bound}
    conditions: dict[tuple[int, str], sa.ColumnElement[bool]] = {}
    for node in walk(expression):
        if not isinstance(node, Get) or not isinstance(node.base.type, Record):
            continue
        if not root_names(node.base) & names:
            continue
        form, path = node.base.type.form, node.field
        if _is_hidden(unit, form, path):
            return Hidden(_HIDDEN)
        base = node.base
        lines = bound.get(base.name) if isinstance(base, Root) else None
        if lines is not None and isinstance(lines.owner.type, Record):
            base, form, path = lines.owner, lines.owner.type.form, f"{lines.collection}.{path}"
        row = compiler.row(base)
        if row is None:
            table = unit.runtime.database.tables[form]
            if not isinstance(row_condition(unit, form, Action.READ, table, field=path), sa.True_):
                return Hidden(_IN_PART)
            continue
        condition = row_condition(unit, form, Action.READ, row.alias, field=path)
        if not isinstance(condition, sa.True_):
            conditions[id(row.alias), path] = condition
    return Visible(tuple(conditions.values()))


def _is_hidden(unit: Unit, form_id: FormId, field: FieldId) -> bool:
    """Whether there is no record on which this reader sees the field unmasked."""
    form, path = unit.project.form_by_id[form_id], field
    while form.parent is not None:
        path = f"{form.id.rsplit('.', 1)[1]}.{path}"
        form = unit.project.form_by_id[form.parent]
    table = unit.runtime.database.tables[form.id]
    return isinstance(row_condition(unit, form.id, Action.READ, table, field=path), sa.False_)


def _bound(expression: Expression, unit: Unit) -> Mapping[str, _Lines | None]:
    """Return the names of rows that the expression itself brings in: lines with their owner, or others."""
    found: dict[str, _Lines | None] = {}
    for node in walk(expression):
        if isinstance(node, Find):
            found[node.row] = None
        elif isinstance(node, Aggregate | Each):
            found[node.row] = _lines(node.rows, unit)
    return found


def _lines(rows: Expression, unit: Unit) -> _Lines | None:
    if not isinstance(rows, Get) or not isinstance(rows.base.type, Record):
        return None
    collection = unit.project.form_by_id[rows.base.type.form].collection_by_id.get(rows.field)
    return _Lines(rows.base, rows.field) if collection is not None and collection.is_lines else None
