"""What a button asks for is written by rule; that must not let anybody name what they may not know."""

import pytest

from orderkit.engine import records
from orderkit.engine.runtime import Channel
from orderkit.model.errors import Refused
from tests.support.office import Staff, open_office
from tests.support.projects import project

SECRET = """
form: secret
title: "{name}"
fields: {name: {type: text, required: true}}
"""
CASE = """
form: case
title: "{name}"
fields:
  name:  {type: text, required: true}
  about: {type: ref, to: secret, reverse: cases}
  paper: {type: file}
"""
LIFE = """
workflow: life
for: case
state: status
initial: open
states: {open: {}, closed: {final: completed}}
transitions:
  close: {from: open, to: closed, by: role(worker), ask: [{field: about}, {field: paper}]}
"""
WORKER = """
role: worker
forms: {case: {create: true, read: true, update: true}}
"""
STAFF = (Staff(login="root", roles=("admin",)), Staff(login="wu", roles=("worker",)))


@pytest.fixture
def office(make_database, tmp_path, clock):
    model = project(SECRET, CASE, LIFE, WORKER)
    return open_office(model, make_database(model), tmp_path / "files", clock, STAFF)


def upload(office, login):
    return records.upload(
        office.runtime, office.person(login), Channel.PAGE, "case", "paper", name="a.txt", chunks=[b"text"]
    ).id


def refused(office, case, **answers):
    with pytest.raises(Refused) as caught:
        office.do("wu", "case", case, "close", **answers)
    assert office.value("case", case, "status") == "open"
    return {problem.path: problem.code for problem in caught.value.problems}


def test_an_answer_names_no_record_that_one_may_not_see(office):
    secret = office.create(None, "secret", {"name": "x"})
    case = office.create("wu", "case", {"name": "c"})
    assert refused(office, case, about=secret) == {"about": "not_found"}
    assert refused(office, case, about=10**9) == {"about": "not_found"}


def test_an_answer_takes_no_upload_of_somebody_else(office):
    case = office.create("wu", "case", {"name": "c"})
    assert refused(office, case, paper=upload(office, "root")) == {"paper": "not_found"}
    paper = upload(office, "wu")
    office.do("wu", "case", case, "close", paper=paper)
    with office.look("wu") as unit:
        assert records.open_attachment(unit, paper)[0].name == "a.txt"


def test_what_the_record_holds_already_may_be_answered_again(office):
    secret = office.create(None, "secret", {"name": "x"})
    case = office.create("wu", "case", {"name": "c"})
    office.update(None, "case", case, about=secret)
    office.do("wu", "case", case, "close", about=secret)
    assert office.value("case", case, "about") == secret
