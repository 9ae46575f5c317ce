"""What the engine decides, asked directly: for one record, as SQL for many, and explained."""

import sqlalchemy as sa

from orderkit.engine.access import Action, Right, decide, field_rights, row_condition
from orderkit.engine.access.explaining import explain
from orderkit.engine.live import Happened, lost_to, told_to
from orderkit.engine.rows import rows_of
from orderkit.engine.runtime import Unit
from orderkit.plan.matrix import Cell, access_matrix
from tests.web.permissions.oracle import Path, Sight, paths_of
from tests.web.permissions.walk import Walk


def decisions(walk: Walk, sight: Sight) -> None:
    """Ask what may be done with each record and each of its fields."""
    with walk.office.look(sight.login) as unit:
        for form, record_id in walk.records():
            allowed = {
                Action.READ: sight.reads(form.id, record_id),
                Action.DELETE: sight.deletes(form.id, record_id),
                Action.EXPORT: sight.exports(form.id, record_id),
                Action.PRINT: sight.prints(form.id, record_id),
            }
            row = rows_of(unit).row(form.id, record_id)
            assert row is not None
            named = f"{form.id} {record_id}"
            for action, expected in allowed.items():
                found = bool(decide(unit.person, action, form.id, row, unit=unit))
                walk.same(sight, "decide", f"{action.value} {named}", found, expected)
            rights = field_rights(unit, form.id, row)
            explained = explain(unit, form.id, record_id)
            for each in explained.actions:
                if each.action in allowed:
                    found = bool(each.decision)
                    walk.same(sight, "explain", f"{each.action} {named}", found, allowed[each.action])
            walk.same(sight, "explain", named, {each.path: each.right for each in explained.fields}, rights)
            if not sight.reads(form.id, record_id):
                continue
            for path in paths_of(walk.memory.project, form):
                expected = right_of(sight, form.id, record_id, path)
                walk.same(sight, "rights", f"{named} {path.text}", rights[path.text], expected)


def right_of(sight: Sight, form: str, record_id: int, path: Path) -> Right:
    """Return the right on a field of a record that this person reads."""
    seen = sight.sees(form, record_id, path.text)
    is_handed_over = sight.is_admin and path.text == "owner" and _is_open(sight, form, record_id)
    return Right.WRITE if sight.writes(form, record_id, path) or is_handed_over else seen


def _is_open(sight: Sight, form: str, record_id: int) -> bool:
    limit, granted = sight.of_states(form, record_id)
    return any(paths is None or "owner" in paths for paths in (limit,)) or "owner" in (granted or ())


def row_rules(walk: Walk, sight: Sight) -> None:
    """Ask the database which records a person sees, and on which of them each field."""
    with walk.office.look(sight.login) as unit:
        for form in walk.forms:
            ids = list(walk.memory.tables[form.id])
            readable = {each for each in ids if sight.reads(form.id, each)}
            walk.same(sight, "row rule", form.id, _selected(unit, form.id, None), readable)
            for path in paths_of(walk.memory.project, form):
                expected = {each for each in readable if sight.sees(form.id, each, path.text) is Right.READ}
                found = _selected(unit, form.id, path.text)
                walk.same(sight, "row rule", f"{form.id} {path.text}", found, expected)


def _selected(unit: Unit, form: str, field: str | None) -> set[int]:
    table = unit.runtime.database.tables[form]
    condition = row_condition(unit, form, Action.READ, table, field=field)
    return set(unit.connection.execute(sa.select(table.c.id).where(condition)).scalars())


def news(walk: Walk, sight: Sight) -> None:
    """Ask what a stream of events would tell: of changed records, of deleted ones, of those looked at."""
    some = [(form.id, record_id) for form, record_id in walk.records()]
    happened = Happened(
        marks=(0, 0, 0, 0),
        records=dict.fromkeys(some, None),
        gone=frozenset(form for form, _ in walk.gone),
    )
    with walk.office.look(sight.login) as unit:
        told, lost = told_to(unit, happened), lost_to(unit, [*some, *walk.gone])
    readable = {(form, record_id) for form, record_id in some if sight.reads(form, record_id)}
    walk.same(sight, "stream", "records", {(each.form, each.id) for each in told.records}, readable)
    walk.same(sight, "stream", "lost", set(lost), {*some, *walk.gone} - readable)
    may_ever = {form.id for form in walk.forms if sight.may_ever_read(form.id)}
    walk.same(sight, "stream", "forms", set(told.forms), may_ever & {form for form, _ in walk.gone})


def matrix(walk: Walk, sight: Sight) -> None:
    """Read the table of rights as a review would: what it says of always and never holds on each record."""
    if len(sight.roles) != 1 or sight.is_admin:
        return
    found = access_matrix(walk.memory.project)
    (role,) = sight.roles
    cells = {(row.form, row.field, row.action): row.cells[found.roles.index(role)] for row in found.rows}
    for form, record_id in walk.records():
        has_states = form.id in walk.memory.project.workflows_by_form
        reads = sight.reads(form.id, record_id)
        _says(walk, sight, f"{form.id} {record_id} read", cells[form.id, None, "read"], reads)
        for path in paths_of(walk.memory.project, form):
            what = f"{form.id} {record_id} {path.text}"
            seen = reads and sight.sees(form.id, record_id, path.text) is Right.READ
            _says(walk, sight, f"{what} read", cells[form.id, path.text, "read"], seen)
            update = cells[form.id, path.text, "update"]
            if update.is_never and not has_states:
                walk.same(sight, "matrix", f"{what} update", sight.writes(form.id, record_id, path), False)


def _says(walk: Walk, sight: Sight, what: str, cell: Cell, is_so: bool) -> None:
    if cell.is_always or cell.is_never:
        walk.same(sight, "matrix", what, cell.is_always, is_so)
