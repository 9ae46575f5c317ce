"""A program of the version before, over records that a newer one has moved or changed: nothing breaks, nothing opens."""

from decimal import Decimal

import pytest
from sqlalchemy import update

from orderkit.database.schema.system_tables import workflow_instance
from orderkit.engine import records, workflow
from orderkit.engine.workflow.definitions import pin
from orderkit.model.errors import Conflict, Denied, NotFound, Refused
from tests.engine.workflow.reviewing import FORM, NAMES, ROLES, STAFF, status, under
from tests.engine.workflow.test_in_flight import MIGRATING, STEPS, office
from tests.support.clock import FakeClock
from tests.support.office import open_office
from tests.support.projects import project

__all__ = ["office"]

BUTTONS = """\
  park: {from: draft, to: parked, by: owner}
  back: {from: parked, to: draft, by: owner REQUIRE}
"""
NEWER = (
    ("  review:  {", "  parked:  {edit: [title]}\n  review:  {"),
    ("transitions:\n", f"transitions:\n{BUTTONS}"),
)


def programs(office, in_flight, *, require=", require: [note]"):
    """Return the older and the newer program over one database; the newer has one more state."""
    text = MIGRATING.replace("in_flight: migrate", f"in_flight: {in_flight}") + STEPS
    newer = text
    for before, after in NEWER:
        assert before in newer
        newer = newer.replace(before, after.replace(" REQUIRE", require))
    form = FORM.replace("  secret:", "  note: {type: text}\n  secret:")
    return under(office, project(FORM, ROLES, *NAMES, text)), under(
        office, project(form, ROLES, *NAMES, newer)
    )


def parked(older, newer):
    """Return a record that the newer program has led into its own state, by what it keeps of that."""
    record = older.create("ann", "request", {"title": "x"})
    (life,) = newer.runtime.project.workflows
    with newer.act(None) as unit:
        pinned = workflow_instance.c.record_id == record
        table = older.runtime.database.tables["request"]
        unit.connection.execute(
            update(workflow_instance).where(pinned).values(
                state="parked", definition_hash=pin(unit, life)
            )
        )  # fmt: skip
        unit.connection.execute(update(table).where(table.c.id == record).values(status="parked"))
    return record


def test_a_pinned_record_goes_on_by_the_newer_definition(office):
    older, newer = programs(office, "pin")
    record = parked(older, newer)
    older.update("ann", "request", record, title="y")
    with pytest.raises(Refused, match="may not be changed"):
        older.update("ann", "request", record, amount=Decimal(5))
    with older.look("ann") as unit:
        (button,) = workflow.buttons(unit, "request", record)
    assert (button.transition, button.allowed) == ("back", False)
    with pytest.raises(Refused) as refused:
        older.do("ann", "request", record, "back")
    assert [each.path for each in refused.value.problems] == ["note"]


def test_a_record_in_a_state_of_tomorrow_is_shown_and_left_alone(office):
    older, newer = programs(office, "migrate")
    record = parked(older, newer)
    for values in ({"title": "y"}, {"amount": Decimal(5)}):
        with pytest.raises(Denied):
            older.update("ann", "request", record, **values)
    with pytest.raises(Conflict):
        older.do("ann", "request", record, "submit")
    with pytest.raises(NotFound):
        older.do("ann", "request", record, "back")
    with older.look("ann") as unit:
        assert workflow.buttons(unit, "request", record) == ()
        assert workflow.timeline(unit, "request", record)
        assert records.get(unit, "request", record).values["status"] == "parked"
    assert status(older, record) == "parked"


def test_a_transition_that_only_the_definition_of_a_record_has_is_pressed_by_its_name_alone(office):
    older, newer = programs(office, "pin", require="")
    record = parked(older, newer)
    assert "back" not in older.runtime.project.workflows[0].transition_by_id
    older.do("ann", "request", record, "back")
    assert status(older, record) == "draft"


def test_an_option_of_tomorrow_stays_while_other_fields_change(databases, dialect, tmp_path):
    form = FORM.replace("  secret:", "  kind: {type: choice, options: [small, large]}\n  secret:")
    base = project(form, ROLES, *NAMES, MIGRATING + STEPS)
    office = open_office(base, databases.make(base, dialect), tmp_path, FakeClock(), STAFF)
    record = office.create("ann", "request", {"title": "x", "kind": "small"})
    table = office.runtime.database.tables["request"]
    with office.act(None) as unit:
        unit.connection.execute(update(table).values(kind="huge"))
    office.update("ann", "request", record, title="y")
    with office.look("ann") as unit:
        assert records.get(unit, "request", record).values["kind"] == "huge"
