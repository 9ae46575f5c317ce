"""Ids are counted up by whoever likes: what one may not see answers as what never was, at every address with an id.

Here 李强 has made all there is, and 张敏 looks: she may do the same with orders of her own, of which this is none.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import Table, func, insert, select
from starlette.testclient import TestClient

from orderkit.database.schema import system_tables as tables
from orderkit.engine import bulk, comments, records, workflow
from orderkit.engine.accounts import make_token
from orderkit.engine.audit import REFUSAL
from orderkit.engine.runtime import SYSTEM, Channel
from tests.support.office import Office
from tests.web.attacks.conftest import addresses
from tests.web.attacks.test_any_call import calls
from tests.web.attacks.test_every_address import PARTS
from tests.web.conftest import SignIn, enter_order

PDF = b"%PDF-1.4\n%content\n"
SECRET = "xq7 of this order alone"
NOBODYS = 987_654_321
SENT = {"revision": "1", "text": "in", "note": "in", "touched": "note", "comment": "in", "at": "2040-01-01"}
BY_QUERY = (
    "/forms/order/new?copy={id}",
    "/forms/order/bulk/edit?ids={id}",
    "/forms/order/bulk/move?ids={id}",
    "/forms/order/bulk/delete?ids={id}",
    "/forms/order/bulk/make/receipt?ids={id}",
    "/forms/order/make/receipt?from={id}",
    "/forms/order/merge?ids={id}",
    "/forms/order/print/quotation?ids={id}",
    "/forms/order/print/quotation/sheet?ids={id}",
    "/palette?recent=order/{id}",
    "/home-records?recent=order/{id}",
)
# Whose ids they are is no question there: these pages are for administrators alone, and say so to everybody else.
FOR_ADMINISTRATORS = ("/admin/", "/users/")
# The imports of others are others': `tests/web/pages/test_others.py` asks for their runs and their files.
ELSEWHERE = ("/imports/",)


@dataclass(frozen=True, slots=True)
class Things:
    """What 李强 has, by the beginning of its address."""

    ids: Mapping[str, int]

    def parts(self, path: str) -> dict[str, str]:
        """Return the ids that stand in an address of theirs. Whoever adds a kind of address says whose id it takes."""
        known = [each for each in self.ids if path.startswith(each)]
        assert known, f"what has an id at {path}?"
        own = str(self.ids[max(known, key=len)])
        return {"id": own, "comment": str(self.ids["comment"]), "token": own}


@pytest.fixture
def things(office: Office, as_: SignIn) -> Things:
    """An order in approval with a file, a comment, a task; one in the bin; a run of many, a message, a token."""
    order, gone = enter_order(office, by="li"), enter_order(office, by="li")
    sent = {"file": (f"{SECRET}.pdf", PDF)}
    upload = as_("li").post("/forms/order/upload/contract", files=sent, accept="application/json")
    held: int = upload.response.json()["id"]
    office.update("li", "order", order, note=SECRET, contract=held)
    office.do("li", "order", order, "quote", quote_valid_until=office.today)
    office.do("li", "order", order, "place")
    with office.act("li") as unit:
        said = comments.add(unit, "order", order, f"@王雪 {SECRET}", chosen=[office.ids["wang"]])
        run = bulk.begin(unit, "order", bulk.Edit(values={"carrier": SECRET}), [order], key="k" * 22)
        make_token(unit, office.ids["li"], SECRET)
        later = unit.now + timedelta(days=300)
        agreed = workflow.add_substitute(unit, office.ids["wang"], later, later + timedelta(days=1))
        life = unit.connection.execute(
            select(tables.workflow_instance).where(tables.workflow_instance.c.record_id == order)
        ).first()
        assert life is not None
        given = {"instance_id": life.id, "workflow": life.workflow, "form": "order", "record_id": order}
        more = {"visit": life.visit, "user_id": office.ids["li"], "moment": "started", "created_at": unit.now}
        unit.connection.execute(insert(tables.workflow_copy).values(**given, **more))
    with office.act("root") as unit:
        records.apply(unit, [records.Delete(form="order", id=gone)])
    with office.look(None) as unit:

        def newest(table: Table) -> int:
            found: int = unit.connection.execute(select(func.max(table.c.id))).scalar_one()
            return found

        task, message = newest(tables.workflow_task), newest(tables.inbox_message)
        token, copy = newest(tables.token), newest(tables.workflow_copy)
    return Things(
        {
            "comment": said,
            **dict.fromkeys(("/forms/{form}/{id", "/forms/{form}/calendar/{id", "/api/v1/{form}/{id"), order),
            **dict.fromkeys(("/forms/{form}/bin/", "/api/v1/{form}/bin/"), gone),
            **dict.fromkeys(("/bulk/", "/api/v1/{form}/bulk/{id"), run),
            **dict.fromkeys(("/files/", "/api/v1/files/"), held),
            **dict.fromkeys(("/tasks/", "/api/v1/tasks/"), task),
            **dict.fromkeys(("/account/substitutes/", "/api/v1/tasks/substitutions/"), agreed),
            "/copies/": copy,
            "/messages/": message,
            "/account/tokens": token,
            "/users/": office.ids["li"],
            "/admin/": 1,
        }
    )


def bare(text: str) -> str:
    """Return an answer without its numbers and its token, which differ between any two."""
    return re.sub(r"\d+", "", re.sub(r'(csrf[^>]*?(?:content|value)=")[^"]*', r"\1", text))


def test_no_page_tells_a_stranger_that_there_is_something(
    client: TestClient, as_: SignIn, things: Things, contents
) -> None:
    reader = as_("zhang")
    before, told, asked = contents(), [], 0
    for method in ("GET", "POST"):
        for each in addresses(client, method):
            if not re.search(r"{(id|comment|token):", each.path) or each.path.startswith(ELSEWHERE):
                continue
            own, answers = things.parts(each.path), []
            for parts in (own, dict.fromkeys(own, str(NOBODYS))):
                path = each.filled(**PARTS, **parts)
                answers.append(
                    reader.get(path, follow=False)
                    if method == "GET"
                    else reader.post(path, dict(SENT), follow=False)
                )
            found, absent = answers
            expected = 403 if each.path.startswith(FOR_ADMINISTRATORS) else 404
            if (
                (found.status, absent.status) != (expected, expected)
                or bare(found.html) != bare(absent.html)
                or SECRET in found.html
            ):
                told.append((method, each.path, found.status, absent.status))
            asked += 1
    assert told == []
    assert asked > 50
    after = contents()
    noted = [entry for entry in after.pop("ok_audit") if entry not in before["ok_audit"]]
    assert noted
    assert all(REFUSAL in entry for entry in noted)
    assert after == {name: rows for name, rows in before.items() if name != "ok_audit"}


def test_no_id_in_a_query_tells_a_stranger_that_there_is_something(as_: SignIn, things: Things) -> None:
    order = things.ids["/forms/{form}/{id"]
    reader, told = as_("zhang"), []
    for path in BY_QUERY:
        found, absent = reader.get(path.format(id=order)), reader.get(path.format(id=NOBODYS))
        if found.status != absent.status or bare(found.html) != bare(absent.html) or SECRET in found.html:
            told.append((path, found.status, absent.status))
    assert told == []


def test_no_call_tells_a_stranger_that_there_is_something(
    client: TestClient, office: Office, things: Things, contents
) -> None:
    with office.runtime.write(SYSTEM, Channel.COMMAND) as unit:
        token = make_token(unit, office.ids["zhang"], "test")
    before, told, seen = contents(), [], 0
    for method, path in calls(client):
        if not re.search(r"{(id|comment)", path):
            continue
        own, answers = things.parts(path), []
        for parts in (own, dict.fromkeys(own, str(NOBODYS))):
            files = {"file": ("a.pdf", PDF)} if path.endswith("/files") else None
            answers.append(
                client.request(
                    method,
                    path.format_map({**PARTS, **parts}),
                    json=None if method == "GET" or files else {"note": "in"} if method == "PATCH" else {},
                    files=files,
                    headers={"authorization": f"Bearer {token}"},
                )
            )
        found, absent = answers
        # What lacks a part of its body is told so before anything is looked for.
        is_alike = found.status_code == absent.status_code and bare(found.text) == bare(absent.text)
        if not is_alike or found.status_code not in {404, 422}:
            told.append((method, path, found.status_code, absent.status_code))
        seen += found.status_code == 404
    assert told == []
    assert seen > 18
    after = contents()
    for each in ("ok_audit", "ok_token", "ok_rate_bucket"):
        before.pop(each, None), after.pop(each, None)
    assert after == before


def test_who_may_see_them_is_told(office: Office, as_: SignIn, things: Things) -> None:
    """Else the tests above would prove nothing: what they ask for is there."""
    reader, order = as_("li"), things.ids["/forms/{form}/{id"]
    for path in (
        f"/forms/order/{order}",
        f"/forms/order/{order}/comments/{things.ids['comment']}/edit",
    ):
        page = reader.get(path)
        assert (page.status, SECRET in page.html) == (200, True), path
    assert reader.get(f"/bulk/{things.ids['/bulk/']}").status == 200
    assert reader.client.get(f"/files/{things.ids['/files/']}").content == PDF
    assert reader.get(f"/forms/order/new?copy={order}").status == 200
    logins = {number: login for login, number in office.ids.items()}
    for address, of, more in (
        ("/tasks/", tables.workflow_task.c.assignee_id, "/approve"),
        ("/messages/", tables.inbox_message.c.user_id, ""),
    ):
        with office.look(None) as unit:
            wanted = select(of).where(of.table.c.id == things.ids[address])
            holder = logins[unit.connection.execute(wanted).scalar_one()]
        assert holder != "zhang"
        assert as_(holder).get(f"{address}{things.ids[address]}{more}", follow=False).status in {200, 303}
    assert as_("root").get(f"/forms/order/bin/{things.ids['/forms/{form}/bin/']}").status == 200
