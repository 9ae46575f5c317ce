"""Who is meant: every form of the one grammar, and that nobody is found twice, inactive or in a ring."""

import pytest
from sqlalchemy import update

from orderkit.engine.rows import rows_of
from orderkit.engine.workflow.people import Circumstances, addresses_of, includes, resolve, word_of
from orderkit.engine.workflow.wording import who_is
from orderkit.model.expressions.nodes import Get, Root
from orderkit.model.expressions.types import Record, Text
from orderkit.model.people import (
    AnyOf,
    ChosenBy,
    FieldUser,
    HasRole,
    HeadOf,
    ManagerOf,
    NamedPerson,
    NamedUser,
)
from tests.support.clock import FakeClock
from tests.support.office import Staff, open_office
from tests.support.projects import project

FORM = """
form: request
title: "{title}"
fields:
  title:      {type: text}
  checker:    {type: user}
  department: {type: ref, to: department}
  mail:       {type: text}
"""
STAFF = (
    Staff(login="top", roles=("board",)),
    Staff(login="gone", manager="top"),
    Staff(login="boss", roles=("lead",), manager="gone"),
    Staff(login="ann", roles=("clerk",), manager="boss"),
    Staff(login="bob", roles=("clerk", "lead")),
)
RECORD = Root("record", Record("request"))
OWNER = NamedPerson("owner")
CHECKER = FieldUser(Get(RECORD, "checker", Record("user")))
MAIL = FieldUser(Get(RECORD, "mail", Text()))


@pytest.fixture(scope="module")
def office(databases, dialect, tmp_path_factory):
    mark = databases.mark()
    roles = [f"role: {name}\nlabel: {{zh: {name}组, en: {name}}}\n" for name in ("clerk", "lead", "board")]
    model = project(FORM, *roles)
    made = open_office(
        model, databases.make(model, dialect), tmp_path_factory.mktemp("o"), FakeClock(), STAFF
    )
    user = made.runtime.database.tables["user"]
    with made.act(None) as unit:
        unit.connection.execute(update(user).where(user.c.login == "gone").values(active=False))
        unit.connection.execute(update(user).where(user.c.login == "top").values(manager=made.ids["boss"]))
    yield made
    databases.clear(mark)


@pytest.fixture(scope="module")
def request_id(office):
    department = office.create(None, "department", {"name": "销售部", "head": office.ids["boss"]})
    values = {"title": "x", "checker": office.ids["bob"], "department": department, "mail": " a@b.cn "}
    return office.create(None, "request", {**values, "owner": office.ids["ann"]})


def circumstances(unit, request_id, office):
    row = rows_of(unit).row("request", request_id)
    return Circumstances(
        row=row, submitter_id=office.ids["bob"], holder=HasRole("board"), previous_id=office.ids["boss"]
    )


WORDS = [
    (HasRole("clerk"), ["ann", "bob"], "role(clerk)", "clerk组"),
    (HasRole("nobody"), [], "role(nobody)", "nobody"),
    (HasRole("everyone"), ["top", "boss", "ann", "bob"], "role(everyone)", "所有人"),
    (NamedUser("boss"), ["boss"], "user(boss)", "boss"),
    (NamedUser("gone"), [], "user(gone)", "gone"),
    (CHECKER, ["bob"], "field", "单据上指定的人"),
    (OWNER, ["ann"], "owner", "负责人"),
    (NamedPerson("submitter"), ["bob"], "submitter", "提交人"),
    (NamedPerson("previous"), ["boss"], "previous", "上一审批人"),
    (NamedPerson("holder"), ["top"], "holder", "当前处理人"),
    (NamedPerson("everyone"), ["top", "boss", "ann", "bob"], "everyone", "所有人"),
    (NamedPerson("system"), [], "system", "系统"),
    (ManagerOf(OWNER), ["boss"], "manager_of(owner)", "负责人的上级"),
    (ManagerOf(OWNER, 2), ["top"], "manager_of(owner, 2)", "负责人的上级"),
    (ManagerOf(OWNER, 3), [], "manager_of(owner, 3)", "负责人的上级"),
    (ManagerOf(OWNER, is_chain=True), ["boss", "top"], "managers_of(owner)", "负责人的上级"),
    (ManagerOf(OWNER, is_chain=True, until="lead"), ["boss"], "managers_of(owner)", "负责人的上级"),
    (ManagerOf(NamedUser("bob")), [], "manager_of(user(bob))", "bob的上级"),
    (HeadOf(Get(RECORD, "department", Record("department"))), ["boss"], "head_of", "部门负责人"),
    (ChosenBy(OWNER), [], "chosen_by(owner)", "负责人选定的人"),
    (AnyOf((HasRole("lead"), OWNER, CHECKER)), ["boss", "bob", "ann"], "role(lead) | owner | field", "lead组、负责人、单据上指定的人"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("who", "expected", "word", "label"), WORDS, ids=[entry[2] + str(i) for i, entry in enumerate(WORDS)]
)
def test_who_is_meant(office, request_id, who, expected, word, label):  # noqa: PLR0917 - a table
    logins = {user_id: login for login, user_id in office.ids.items()}
    with office.look(None) as unit:
        here = circumstances(unit, request_id, office)
        assert [logins[each.user_id] for each in resolve(unit, who, here)] == expected
        assert word_of(who) == word
        assert who_is(unit.project, who)["zh"] == label
        for login in ("ann", "bob", "boss", "top"):
            assert includes(unit, who, here, office.person(login)) is (login in expected)


def test_nobody_stands_for_the_system_alone(office, request_id):
    with office.look(None) as unit:
        here = circumstances(unit, request_id, office)
        assert includes(unit, None, here, unit.person)
        assert not includes(unit, None, here, office.person("ann"))


def test_an_address_outside_is_no_user(office, request_id):
    with office.look(None) as unit:
        here = circumstances(unit, request_id, office)
        assert resolve(unit, MAIL, here) == ()
        assert addresses_of(unit, AnyOf((MAIL, OWNER)), here) == ("a@b.cn",)
