"""Sums over whole lists: of what the reader sees in clear, amounts of each currency or unit apart.

The value of a row on which the reader does not see the field, or sees it masked, counts as empty, and
so does an amount whose currency they may not see: a sum of what nobody can name would be none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from orderkit.database.connections.time_box import TookTooLong, time_boxed
from orderkit.database.expressions import SqlScope, compile_value
from orderkit.engine.access import Action, row_condition
from orderkit.engine.access.row_rules import scope_of
from orderkit.engine.access.visibility import Visible, visibility
from orderkit.engine.records.reading.conditions import conditions_of
from orderkit.engine.records.reading.paging import readable_form
from orderkit.engine.records.views import Amount, Query, Totals
from orderkit.engine.runtime import Unit
from orderkit.model.expressions.nodes import Get, Root
from orderkit.model.expressions.types import Number, Record
from orderkit.model.forms import Field, FieldId, Form, SystemRole
from orderkit.model.values.numbers import round_half_up

SECONDS = 2.0
_SUMMED = frozenset({"integer", "decimal", "money"})

Key = sa.ColumnElement[Any]


def is_summable(field: Field) -> bool:
    """Return whether the sum of a field says something: quantities and amounts, but no ratios and no ids."""
    return (
        field.type in _SUMMED
        and field.system is SystemRole.NONE
        and isinstance(field.value_type, Number)
        and not field.value_type.is_ratio
    )


def totals(unit: Unit, query: Query, fields: Iterable[FieldId], *, seconds: float = SECONDS) -> Totals | None:
    """Return the number of records of a query and the sums of these fields over all of them.

    None, when the database has not worked them out within the time. Raises like `page`.
    """
    found = grouped_totals(unit, query, fields, None, seconds=seconds)
    return None if found is None else next(iter(found.values()), Totals(count=0, sums={}))


def grouped_totals(
    unit: Unit,
    query: Query,
    fields: Iterable[FieldId],
    key: Key | None,
    *,
    limit: int | None = None,
    seconds: float = SECONDS,
) -> dict[Any, Totals] | None:
    """Return the totals of each value of `key`, the largest groups first; with no key, of all under None."""
    form = readable_form(unit, query)
    summing = _Summing(unit, query, form, key)
    wanted = [form.by_id[name] for name in fields if name in form.by_id and is_summable(form.by_id[name])]
    try:
        with time_boxed(unit.connection, seconds):
            return summing.run([each for each in wanted if summing.may_ever(each)], limit)
    except TookTooLong:
        return None
    except DBAPIError as error:
        # SQLite's integers end where no sum of people's numbers should; then there is none to show.
        if "overflow" in str(error.orig):
            return None
        raise


@dataclass(slots=True)
class _Summing:
    unit: Unit
    query: Query
    form: Form
    key: Key | None

    def run(self, fields: Sequence[Field], limit: int | None) -> dict[Any, Totals]:
        plain = [each for each in fields if each.unit is None]
        counts: dict[Any, int] = {}
        sums: dict[Any, dict[FieldId, tuple[Amount, ...]]] = {}
        values = [sa.func.sum(self.shown(each)).label(f"s{index}") for index, each in enumerate(plain)]
        for key, count, *found in self.rows(None, [sa.func.count(), *values], limit):
            counts[key] = count
            sums[key] = {
                field.id: (Amount(_exact(field, value)),) for field, value in zip(plain, found, strict=True)
            }
        for field in fields:
            if field.unit is not None:
                self.add_by_unit(field, sums)
        return {key: Totals(count=count, sums=sums[key]) for key, count in counts.items()}

    def add_by_unit(self, field: Field, sums: dict[Any, dict[FieldId, tuple[Amount, ...]]]) -> None:
        assert field.unit is not None
        scope = self.scope()
        seen = visibility(self.unit, field.unit, scope)
        if not isinstance(seen, Visible):
            return
        named = compile_value(field.unit, scope)
        value = self.shown(field)
        also = [*seen.conditions, value.is_not(None)]
        found: dict[Any, list[Amount]] = {}
        for key, unit, total in self.rows(named, [sa.func.sum(value)], None, also):
            found.setdefault(key, []).append(Amount(_exact(field, total), str(unit or "")))
        for key, amounts in found.items():
            if key in sums:
                sums[key][field.id] = tuple(sorted(amounts, key=lambda each: each.unit))

    def rows(
        self,
        named: Key | None,
        values: Sequence[Key],
        limit: int | None,
        also: Sequence[sa.ColumnElement[bool]] = (),
    ) -> Iterable[Sequence[Any]]:
        keys = [sa.null() if self.key is None else self.key, *([] if named is None else [named])]
        statement = (
            sa.select(keys[0].label("k0"), *keys[1:], *values)
            .select_from(self.table())
            .where(sa.and_(sa.true(), *conditions_of(self.unit, self.query, self.table()), *also))
        )
        by = [each for each in (self.key, named) if each is not None]
        if by:
            statement = statement.group_by(*by)
        if limit is not None:
            statement = statement.order_by(sa.func.count().desc(), sa.text("k0")).limit(limit)
        return (tuple(row) for row in self.unit.connection.execute(statement).all())

    def shown(self, field: Field) -> Key:
        value: Key
        if field.virtual is None:
            value = self.table().c[field.id]
        else:
            read = Get(Root("record", Record(self.form.id)), field.id, field.value_type)
            value = compile_value(read, self.scope())
        visible = row_condition(self.unit, self.form.id, Action.READ, self.table(), field=field.id)
        if isinstance(visible, sa.True_):
            return value
        return sa.type_coerce(sa.case((visible, value)), value.type)

    def may_ever(self, field: Field) -> bool:
        visible = row_condition(self.unit, self.form.id, Action.READ, self.table(), field=field.id)
        return not isinstance(visible, sa.False_)

    def table(self) -> sa.FromClause:
        return self.unit.runtime.database.tables[self.form.id]

    def scope(self) -> SqlScope:
        return scope_of(self.unit, self.form.id, self.table())


def _exact(field: Field, value: Any) -> Decimal:
    scale = field.value_type.scale if isinstance(field.value_type, Number) else 0
    return round_half_up(Decimal(value or 0), scale)
