"""Copying a record whose rows one sees, but may not give to a new one."""

from starlette.testclient import TestClient

from orderkit.engine.accounts.sessions import start_session
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.web.app import create_app
from orderkit.web.request.cookies import SESSION
from orderkit.web.server.secret_keys import SecretKeys
from orderkit.web.server.settings import Settings
from tests.support.office import Staff, open_office
from tests.support.projects import project
from tests.web.reader import Reader

YAML = (
    """
form: offer
label: {zh: 报价, en: Offer}
title: "{name}"
fields:
  name: {type: text, label: {zh: 名称, en: Name}, required: true}
  lines:
    type: lines
    label: {zh: 明细, en: Lines}
    fields:
      what: {type: text, label: {zh: 品名, en: What}}
""",
    """
role: reader
label: {zh: 查看, en: Reader}
forms: {offer: {read: true}}
""",
    """
role: clerk
label: {zh: 录入, en: Clerk}
forms: {offer: {create: true, read: "name == 'mine'", hide: [lines]}}
""",
)


def test_rows_that_a_new_record_may_not_have_are_left_out_of_a_copy(databases, tmp_path, clock) -> None:
    model = project(*YAML)
    mark = databases.mark()
    staff = [Staff(login="ann", roles=("reader", "clerk"))]
    office = open_office(model, databases.make(model, "sqlite", threads=8), tmp_path, clock, staff)
    offer = office.create(None, "offer", {"name": "some"}, {"lines": [{"what": "bolt"}, {"what": "nut"}]})
    with office.runtime.write(SYSTEM, Channel.PAGE) as unit:
        session = start_session(unit, office.ids["ann"])
    settings = Settings(secret_keys=SecretKeys(["a key that is long enough"]), threads=4)
    with TestClient(create_app(office.runtime, settings), base_url="http://shop.test") as client:
        client.cookies.set(SESSION, session.token, domain="shop.test")
        reader = Reader(client)
        assert "bolt" in reader.get(f"/forms/offer/{offer}").text
        page = reader.get(f"/forms/offer/new?copy={offer}")
        assert page.status == 200
        assert page.form("/forms/offer/new")["name"] == ["some"]
        assert "bolt" not in page.html
    databases.clear(mark)
