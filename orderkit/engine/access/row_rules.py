"""Row rules as SQL: the same answer as `decide` on a loaded record, for lists, searches and reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as made_by

from sqlalchemy import ColumnElement, FromClause, false, or_, select, true

from orderkit.database.expressions import SqlScope, TableRow, compile_condition
from orderkit.engine.access.decisions import Action
from orderkit.engine.access.grants import grants_of, rule_of, shows
from orderkit.engine.access.known_rules import known_condition
from orderkit.engine.rows import environment_of
from orderkit.engine.runtime import Person, Unit
from orderkit.model.expressions.nodes import Expression
from orderkit.model.forms import FormId


def row_condition(
    unit: Unit,
    form_id: FormId,
    action: Action,
    table: FromClause,
    *,
    field: str | None = None,
    person: Person | None = None,
) -> ColumnElement[bool]:
    """Return which rows of `table` (the form's table or an alias) this person may do this with.

    For a lines form the rule of its parent holds. With `field` (a path from the form) only the rows
    on which this person sees that field unmasked: what may be filtered, sorted, searched and summed.
    """
    shape = unit.project.form_by_id[form_id]
    who = person or unit.person
    grants = grants_of(unit, who)
    if grants.is_free:
        return true()
    if shape.parent is not None and shape.parent_field is not None:
        inner = shape.id.rsplit(".", 1)[1]
        parent = unit.runtime.database.tables[shape.parent].alias()
        path = inner if field is None else f"{inner}.{field}"
        allowed = row_condition(unit, shape.parent, action, parent, field=path, person=who)
        return table.c[shape.parent_field.id].in_(select(parent.c.id).where(allowed))
    shown = [grant for grant in grants.of_form(form_id) if field is None or shows(grant, field)]
    # What a person is may change while records are written; a snapshot stays as it is.
    known = {} if unit.is_writing else unit.keep(_Compiled, _Compiled).joined
    key = (tuple(map(id, shown)), action, form_id, table, who)
    if key not in known:
        known[key] = _joined(unit, [rule_of(grant, action) for grant in shown], form_id, table, who)
    return known[key]


def _joined(
    unit: Unit, rules: Sequence[bool | Expression], form_id: FormId, table: FromClause, who: Person
) -> ColumnElement[bool]:
    if any(rule is True for rule in rules):
        return true()
    found = [_compiled(unit, rule, form_id, table, who) for rule in rules if not isinstance(rule, bool)]
    return or_(*found) if found else false()


@dataclass(slots=True)
class _Compiled:
    """The rules that a unit has compiled so far: a page asks the same of its form for one field after another.

    `joined` are those of several grants, which show most fields alike.
    """

    joined: dict[tuple[tuple[int, ...], Action, FormId, FromClause, Person], ColumnElement[bool]] = made_by(
        default_factory=dict
    )
    found: dict[tuple[int, FormId, FromClause, Person], ColumnElement[bool]] = made_by(default_factory=dict)


def _compiled(
    unit: Unit, rule: Expression, form_id: FormId, table: FromClause, who: Person
) -> ColumnElement[bool]:
    # What a person is may change while records are written; a snapshot stays as it is.
    known = _Compiled().found if unit.is_writing else unit.keep(_Compiled, _Compiled).found
    key = (id(rule), form_id, table, who)
    if key not in known:
        scope = scope_of(unit, form_id, table, person=who)
        is_own = table is unit.runtime.database.tables[form_id]
        known[key] = (
            known_condition(unit.runtime, rule, form_id, scope) if is_own else compile_condition(rule, scope)
        )
    return known[key]


def scope_of(unit: Unit, form_id: FormId, table: FromClause, *, person: Person | None = None) -> SqlScope:
    """Return the scope in which the rows of `table` stand as the record."""
    database = unit.runtime.database
    return SqlScope(
        project=unit.project,
        tables=database.tables,
        dialect=database.dialect,
        rows={"record": TableRow(form_id, table)},
        constants=environment_of(unit, person=person),
    )
