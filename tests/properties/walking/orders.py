"""Orders that people of a walk make and send to states which the walk has added."""

from random import Random
from typing import Any

from orderkit.database.connections.database import Database
from orderkit.engine import records, workflow
from orderkit.engine.records import Create, LineChange
from orderkit.engine.runtime import SYSTEM, Channel, Runtime
from orderkit.model.errors import OrderkitError
from orderkit.model.forms import Form, SystemRole
from orderkit.model.workflow.workflows import Workflow
from tests.properties.walking.rows import rows_of
from tests.properties.walking.scene import Row, Rows
from tests.properties.walking.workflows import life_of


def send(runtime: Runtime, database: Database, random: Random, state: str = "") -> str:
    """Let an order go to `state`, or to any state that the walk has added; return what became of it."""
    life = life_of(runtime.project)
    if life is None:
        return "nowhere to go"
    ways = [each.id for each in life.transitions if each.id.startswith("to_")]
    if state:
        ways = [f"to_{state}"]
    if not ways:
        return "nowhere to go"
    rows = rows_of(database)
    way = random.choice(ways)
    waiting = [key for key, row in rows[life.form].items() if row[life.state_field] == life.initial]
    # One that is here already may run by a definition of the past, or lack a field required since.
    if waiting and _does(runtime, life, random.choice(waiting), way):
        return "moved"
    made = _make(runtime, life, rows, random)
    if made is None:
        return "not made"
    return "made and moved" if _does(runtime, life, made, way) else "stayed"


def _does(runtime: Runtime, life: Workflow, key: int, way: str) -> bool:
    try:
        with runtime.write(SYSTEM, Channel.PAGE) as unit:
            workflow.do(unit, life.form, key, way, {})
    except OrderkitError:
        return False
    return True


def _make(runtime: Runtime, life: Workflow, rows: Rows, random: Random) -> int | None:
    """Make an order like one that is there, where the rules of now allow it."""
    project = runtime.project
    form = project.form_by_id[life.form]
    if not rows[form.id]:
        return None
    key = random.choice(list(rows[form.id]))
    lines = {}
    for each in form.lines:
        of = project.form_by_id[each.form]
        lines[each.id] = [
            LineChange(values=_again(of, row)) for row in rows[of.id].values() if row[each.via] == key
        ]
    create = Create(form=form.id, values=_again(form, rows[form.id][key]), lines=lines)
    try:
        with runtime.write(SYSTEM, Channel.PAGE) as unit:
            return records.apply(unit, [create])[0].id
    except OrderkitError:
        return None


def _again(form: Form, row: Row) -> dict[str, Any]:
    """Return the values of a row that another may have as well."""
    return {
        each.id: row[each.id]
        for each in form.stored_fields
        if each.system is SystemRole.NONE and not each.is_derived and not each.unique and each.type != "file"
        if row[each.id] is not None
    }
