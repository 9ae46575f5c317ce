"""A record from the bin lives on where it stood: in its state, since its day, with its submitter; approvals begin anew."""

from sqlalchemy import select

from orderkit.database.schema.system_tables import workflow_instance
from orderkit.engine import records
from orderkit.engine.records import Delete, Restore
from tests.engine.workflow.reviewing import LEAD


def _away_and_back(office, request_id):
    with office.act("root") as unit:
        records.apply(unit, [Delete(form="request", id=request_id)])
    assert office.tasks("boss") == {"boss": 0}
    office.runtime.clock.advance(days=3)
    with office.act("root") as unit:
        records.apply(unit, [Restore(form="request", id=request_id)])


def _life(office, request_id):
    with office.look(None) as unit:
        mine = workflow_instance.c.record_id == request_id
        columns = (
            workflow_instance.c.state,
            workflow_instance.c.submitter_id,
            workflow_instance.c.entered_at,
        )
        return unit.connection.execute(select(*columns).where(mine)).one()


def test_an_open_approval_is_asked_anew_of_the_same_submitter(office_with):
    office = office_with(LEAD)
    request = office.create("ann", "request", {"title": "a", "amount": 5})
    office.do("ann", "request", request, "submit")
    before = _life(office, request)
    _away_and_back(office, request)
    assert _life(office, request) == before
    assert office.value("request", request, "status") == "review"
    assert office.tasks("boss") == {"boss": 1}
    office.decide("boss")
    assert office.value("request", request, "status") == "done"


def test_what_was_done_stays_done(office_with):
    office = office_with(LEAD)
    request = office.create("ann", "request", {"title": "a", "amount": 5})
    office.do("ann", "request", request, "submit")
    office.decide("boss")
    before = _life(office, request)
    _away_and_back(office, request)
    assert _life(office, request) == before
    assert office.tasks("boss", "ann") == {"boss": 0, "ann": 0}
