"""Whatever a browser sends as a form or a query, a page answers, and what is refused has changed nothing."""

from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from orderkit.engine.accounts.sessions import start_session
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.web.app import create_app
from orderkit.web.request.cookies import SESSION
from orderkit.web.server.secret_keys import SecretKeys
from orderkit.web.server.settings import Settings
from tests.support.clock import FakeClock
from tests.support.office import Staff, open_office
from tests.support.projects import project
from tests.web.attacks.conftest import addresses
from tests.web.attacks.test_every_address import PARTS, refuse_marks
from tests.web.conftest import KEY, SignIn
from tests.web.reader import Page, Reader

ROUGH = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
TEXTS = st.text(max_size=30) | st.sampled_from(
    ["", "0", "-1", "1e9", "9" * 19, "9" * 400, "NaN", "on", "null", "2026-02-30", "10000-01-01", "\x00", "\ud800",
     "' or 1=1 --", "%", "_", "\\", "*", '"', "(", "a AND", "NEAR(", "<x-mark>", "日期", "=1+1", "today()", "1;drop"]
).map(lambda text: text.encode("utf-8", "replace").decode())  # fmt: skip
NAMES = st.sampled_from(
    ["customer", "kind", "need_by", "total", "note", "contract", "status", "number", "owner", "lines", "lines.r0.qty",
     "lines.n0.product", "lines..", "lines.n0", "receipts", "revision", "touched", "drafted", "kept", "seen",
     "choose.note", "choose.", "key", "login", "password", "next", "locale", "comment", "plan_start", "ids", "q",
     "sort", "view", "cursor", "customer.in", "need_by.from", "total.to", "note.contains", "any", "all", "group"]
)  # fmt: skip
FORMS = st.lists(st.tuples(NAMES | st.text(min_size=1, max_size=12), TEXTS), max_size=8)
SHOP = """
form: goods
label: {zh: 货, en: Goods}
title: "{name}"
fields:
  name:  {type: text, required: true}
  kind:  {type: choice, options: {red: 红, blue: 蓝}}
  price: {type: money}
  day:   {type: date}
  at:    {type: datetime}
  fit:   {type: boolean}
  who:   {type: user}
list: {columns: [name, kind, price], filters: [name, kind, price, day, at, fit, who]}
---
role: everyone
label: {zh: 所有人, en: Everyone}
forms: {goods: {create: true, read: "price < 100 or price == null", update: true}}
"""
FILTERS = ["name", "kind", "price", "day", "at", "fit", "who", "created_at", "id", "password", "x"]
OPERATORS = ["", ".eq", ".not", ".from", ".to", ".in", ".contains", ".empty", ".during", ".mine", ".x"]
PLACES = ["f.", "f.any.1.", "any.1.", "all.2.", ""]


@ROUGH
@given(data=st.data())
def test_any_form_is_taken_or_refused(
    client: TestClient, as_: SignIn, order: int, data: st.DataObject
) -> None:
    reader = as_("root")
    known = [each for each in addresses(client, "POST") if each.path not in {"/sign-out", "/sign-in"}]
    address = data.draw(st.sampled_from([each.filled(**PARTS, id=str(order)) for each in known]))
    sent = data.draw(FORMS)
    body = urlencode([*sent, ("csrf_token", reader.csrf)], errors="replace")
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = client.post(address, content=body, headers=headers, follow_redirects=False)
    assert answer.status_code < 500, (address, sent, answer.text[:300])
    refuse_marks(Page(answer))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def goods(request: pytest.FixtureRequest, databases, tmp_path_factory):
    """Ten things, of which this reader may see five: some dear, some cheap, some without a price."""
    model = project(*SHOP.split("\n---\n"))
    staff = (Staff(login="ann"),)
    folder = tmp_path_factory.mktemp("goods")
    office = open_office(model, databases.make(model, request.param, threads=4), folder, FakeClock(), staff)
    for number in range(10):
        price = None if number % 5 == 0 else number * 30
        office.create(None, "goods", {"name": f"secret {number}", "price": price, "kind": "red"})
    return office


@pytest.fixture
def ann(goods) -> Reader:
    app = create_app(goods.runtime, Settings(secret_keys=SecretKeys([KEY]), threads=2))
    client = TestClient(app, base_url="http://shop.test")
    with goods.runtime.write(SYSTEM, Channel.PAGE) as unit:
        client.cookies.set(SESSION, start_session(unit, goods.ids["ann"]).token, domain="shop.test")
    return Reader(client)


@ROUGH
@given(
    query=st.lists(
        st.tuples(
            st.builds("{}{}{}".format, *map(st.sampled_from, (PLACES, FILTERS, OPERATORS))) | NAMES, TEXTS
        ),
        max_size=5,
    )
)
def test_no_filter_shows_what_may_not_be_seen(ann: Reader, query: list[tuple[str, str]]) -> None:
    page = ann.get(f"/forms/goods?{urlencode(query, errors='replace')}")
    assert page.status < 500, query
    shown = " ".join(each.text for each in page.all("tr"))
    assert not any(f"secret {number}" in shown for number in (4, 6, 7, 8, 9)), query
    refuse_marks(page)


@pytest.mark.parametrize("name", ["f.name", "q"])
@pytest.mark.parametrize(
    "text",
    ["' or 1=1 --", "' union select 1 --", "'; drop table goods; --", "%", "_ecret", "secret%", "\\", '"'],
)
def test_what_is_looked_for_is_text_and_neither_sql_nor_a_pattern(ann: Reader, name: str, text: str) -> None:
    def shown(wanted: str) -> int:
        page = ann.get(f"/forms/goods?{urlencode({name: wanted})}")
        assert page.status == 200, page.text
        return len([each for each in page.all("tr") if "secret" in each.text])

    assert shown(text) == 0
    assert shown("secret") == 5
