"""What pages and the API refuse, and what leaves by an export, stands in the audit."""

import json

import pytest
from sqlalchemy import select

from orderkit.database.schema.system_tables import audit, audit_personal


def noted(office, form):
    with office.look(None) as unit:
        found = select(audit).where(audit.c.form == form).order_by(audit.c.id)
        return unit.connection.execute(found).all()


@pytest.mark.parametrize(
    ("path", "status", "verb"),
    [
        ("/dashboards/overview", 403, "denied"),
        ("/admin", 403, "denied"),
        ("/forms/order/999999", 404, "not_found"),
        ("/dashboards/nothing", 404, None),
    ],
)
def test_a_refusal_on_a_page_is_noted(as_, office, path, status, verb) -> None:
    before = len(noted(office, "ok_refusal"))
    assert as_("zhao").get(path).status == status
    found = noted(office, "ok_refusal")[before:]
    assert [(each.verb, each.changes["place"][1], each.actor_id) for each in found] == (
        [] if verb is None else [(verb, path, office.ids["zhao"])]
    )


def test_an_export_is_noted_with_what_left(as_, office, order) -> None:
    assert as_("li").get("/forms/order/export?q=%E7%8E%8B").status == 200
    (entry,) = noted(office, "ok_export")
    assert entry.actor_id == office.ids["li"]
    assert (entry.changes["form"][1], entry.changes["format"][1]) == ("order", "xlsx")
    assert isinstance(entry.changes["rows"][1], int)
    with office.look(None) as unit:
        digest = entry.changes["filter"][1]["digest"]
        value = select(audit_personal.c.value).where(audit_personal.c.digest == digest)
        assert "q=" in json.loads(unit.connection.execute(value).scalar_one())
