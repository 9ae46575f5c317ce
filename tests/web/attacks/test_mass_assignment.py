"""Whatever fields a form sends, only those are written that this person may write there."""

import pytest

from orderkit.engine import records
from orderkit.engine.access import Right
from orderkit.model.forms import SystemRole
from tests.support.office import Office
from tests.web.conftest import SignIn, enter_order

STRANGE = {
    "id": "77",
    "revision": "1",
    "created_at": "2001-01-01T00:00:00Z",
    "created_by": "1",
    "updated_by": "1",
    "owner": "1",
    "status": "done",
    "number": "SO1",
    "total": "1",
    "balance": "0",
    "received": "1",
    "overdue": "on",
    "is_admin": "1",
    "roles": "admin",
    "user": "1",
    "lines.0.amount": "1",
    "lines.r0.amount": "1",
    "lines.r0.cost": "1",
    "lines.r0.order": "2",
    "lines.r0.id": "2",
    "lines.r0.position": "9",
    "receipts.r0.amount": "999",
    "__class__": "x",
    "values": "{}",
}


def _seen(office: Office, login: str, order: int) -> dict[str, object]:
    with office.look(login) as unit:
        view = records.get(unit, "order", order)
    rows = [dict(row.values) for row in view.lines["lines"]]
    passing = {"updated_at", "updated_by", "revision"}
    return {name: value for name, value in view.values.items() if name not in passing} | {"rows": rows}


def test_what_a_form_may_not_say_is_not_heard(as_: SignIn, office: Office, order: int) -> None:
    reader, path = as_("zhang"), f"/forms/order/{order}"
    before = _seen(office, "root", order)
    sent = reader.get(f"{path}/edit").form(path)
    strange = {name: value for name, value in STRANGE.items() if name not in sent}
    page = reader.post(path, {**strange, **sent, "note": "typed", "touched": "note", "drafted": "1"})
    # A system field that a form names is refused at that field; what no form has is not heard at all.
    assert page.status == 422
    assert _seen(office, "root", order) == before
    heard = {name for name in strange if name in office.runtime.project.form_by_id["order"].by_id}
    strange = {name: value for name, value in strange.items() if name not in heard}
    page = reader.post(path, {**strange, **sent, "note": "typed", "touched": "note", "drafted": "1"})
    assert page.status == 200, page.text[:500]
    assert _seen(office, "root", order) == {**before, "note": "typed"}


@pytest.mark.parametrize("login", ["zhang", "li", "root"])
def test_no_field_is_written_by_who_may_only_read_it(
    as_: SignIn, office: Office, order: int, login: str
) -> None:
    with office.look(login) as unit:
        view = records.get(unit, "order", order)
    form = office.runtime.project.form_by_id["order"]
    closed = [
        each.id
        for each in form.fields
        if each.is_derived or each.system or view.rights.get(each.id) is not Right.WRITE
        if (login, each.system) != ("root", SystemRole.OWNER)
    ]
    assert len(closed) > 5
    before = _seen(office, "root", order)
    reader = as_(login)
    for field in closed:
        for value in ("1", "2026-12-31", "on", "x"):
            sent = {"revision": str(view.revision), field: value, "touched": field, "drafted": "1"}
            assert reader.post(f"/forms/order/{order}", sent).status < 500
    assert _seen(office, "root", order) == before


@pytest.mark.parametrize("login", ["zhao", "qian", "sun"])
def test_who_may_not_see_an_order_writes_none(as_: SignIn, office: Office, order: int, login: str) -> None:
    before = _seen(office, "root", order)
    sent = {"revision": "1", "note": "x", "touched": "note", "drafted": "1"}
    for path in ("", "/draft", "/resume", "/delete", "/split", "/withdraw", "/do/order_life/quote"):
        assert as_(login).post(f"/forms/order/{order}{path}", sent).status in {403, 404}, path
    assert _seen(office, "root", order) == before


def test_no_row_of_another_record_is_taken(as_: SignIn, office: Office, order: int) -> None:
    other = enter_order(office, qty="5")
    before = _seen(office, "root", other)
    with office.look("root") as unit:
        row = records.get(unit, "order", other).lines["lines"][0].id
    reader, path = as_("zhang"), f"/forms/order/{order}"
    sent = reader.get(f"{path}/edit").form(path)
    sent = {**sent, "lines": [f"r0:{row}"], "lines.r0.qty": "1", "touched": "lines.r0.qty", "drafted": "1"}
    page = reader.post(path, sent)
    assert page.status == 422
    # What was typed there is not lost: it stands in a new row of this record.
    assert page.form(path)["lines"] == ["r0:"]
    assert page.form(path)["lines.r0.qty"] == ["1"]
    assert set(reader.post(f"{path}/draft", sent).response.json()["values"]) > {"lines.r0.qty"}
    assert reader.post(f"{path}/resume", sent).status == 200
    assert _seen(office, "root", other) == before


def test_an_account_gives_itself_no_right(as_: SignIn, office: Office) -> None:
    reader, own = as_("zhang"), office.ids["zhang"]
    for path in (f"/users/{own}/roles", f"/forms/user/{own}", "/account/password", "/account/tokens"):
        reader.post(path, {"roles": ["admin"], "role.admin": "on", "is_active": "on", "revision": "1"})
    assert "admin" not in office.person("zhang").roles
    assert reader.post(f"/users/{office.ids['li']}/deactivate").status in {403, 404}
    assert as_("li").get("/inbox").status == 200
