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


def test_an_export_is_noted_without_the_values_that_were_looked_for(as_, office, order) -> None:
    """They may be personal, and no entry of an export is found when their person is forgotten."""
    asked = "q=%E7%8E%8B%E4%BA%94&f.customer=1&f.customer=2&f.note=%E7%8E%8B%E4%BA%94&any.1.note=13812345678&sort=-number&f.nothing=x"
    assert as_("li").get(f"/forms/order/export?{asked}").status == 200
    entry = noted(office, "ok_export")[-1]
    said = entry.changes["filter"][1]
    assert set(said) == {"q", "f.customer", "f.note", "any.1.note", "sort=-number"}
    assert len(said) == len(set(said))
    with office.look(None) as unit:
        texts = unit.connection.execute(select(audit_personal.c.value)).scalars().all()
    kept = json.dumps([entry.changes, texts], ensure_ascii=False)
    assert "王五" not in kept
    assert "13812345678" not in kept
