"""Pages of a project's own: opened by the roles that it names, and showing what each reader may see."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from orderkit.engine.accounts.sessions import start_session
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.model.pages import PageRecord, PageRows, ProjectPage
from orderkit.web.app import create_app
from orderkit.web.request.cookies import SESSION
from orderkit.web.server.secret_keys import SecretKeys
from orderkit.web.server.settings import Settings
from tests.web.conftest import enter_order
from tests.web.pages.test_palette import entries

SOURCE = """{% extends "layouts/shell.html" %}{% block title %}{{ page.title }}{% endblock %}
{% block content %}
{% for order in page.orders %}<p>{{ order.title }}|{{ order.fields.total }}|{{ order.fields.process }}</p>{% endfor %}
{% if page.order %}<b>{{ page.order.fields.number }}</b>{% endif %}
{% endblock %}"""
FIELDS = ("number", "total", "process")


@pytest.fixture
def open_as(office):
    """Opens an app with a page over all orders, as somebody of the example."""
    page = ProjectPage(
        id="wall",
        label={"zh": "墙上", "en": "Wall"},
        roles=("warehouse", "sales"),
        data=(
            PageRows(id="orders", form="order", fields=FIELDS, by=("customer", "need_by")),
            PageRecord(id="order", form="order", fields=FIELDS),
        ),
        source=SOURCE,
    )
    runtime = replace(office.runtime, project=replace(office.runtime.project, pages=(page,)))
    settings = Settings(secret_keys=SecretKeys(["a key that is long enough"]))
    with TestClient(create_app(runtime, settings), base_url="http://shop.test") as client:

        def get(login: str, query: str = ""):
            with runtime.write(SYSTEM, Channel.PAGE) as unit:
                session = start_session(unit, office.ids[login])
            client.cookies.set(SESSION, session.token, domain="shop.test")
            return client.get(f"/pages/wall{query}", headers={"accept": "text/html"})

        yield get


def _set(office, order: int, **values: object) -> None:
    """Put values into an order past its rules, which are not what is looked at here."""
    table = office.runtime.database.tables["order"]
    with office.runtime.write(SYSTEM, Channel.COMMAND) as unit:
        unit.connection.execute(update(table).where(table.c.id == order).values(**values))


def test_it_is_closed_to_whoever_has_none_of_its_roles(open_as) -> None:
    opened = {login: open_as(login).status_code for login in ("zhang", "qian", "zhao", "sun", "root")}
    assert opened == {"zhang": 200, "qian": 200, "zhao": 403, "sun": 403, "root": 200}


def test_rows_and_fields_are_those_of_the_reader(open_as, office) -> None:
    first = enter_order(office)
    assert "|60,000.00|" in open_as("zhang").text
    assert "SO20260302-0001" not in open_as("qian").text, "the warehouse sees no inquiries"
    _set(office, first, status="ready")
    shown = open_as("qian").text
    assert "SO20260302-0001" in shown
    assert "60,000.00" not in shown


def test_what_a_person_entered_is_text(open_as, office) -> None:
    order = enter_order(office)
    _set(office, order, process="<script>alert(1)</script>")
    assert "|&lt;script&gt;alert(1)" in open_as("zhang").text


def test_the_address_says_by_what_and_which_record(open_as, office) -> None:
    order = enter_order(office)
    day = office.today + timedelta(days=20)
    assert "SO20260302-0001" in open_as("zhang", f"?customer=1&need_by={day}").text
    assert "SO20260302-0001" not in open_as("zhang", "?customer=2").text
    assert open_as("zhang", "?need_by=tomorrow-ish").status_code == 422
    assert "<b>SO20260302-0001</b>" in open_as("zhang", f"?order={order}").text
    assert open_as("qian", f"?order={order}").status_code in {403, 404}
    assert open_as("zhang", "?order=x").status_code == 404


def test_the_example_shows_the_warehouse_what_is_due(as_, office) -> None:
    due, later = enter_order(office), enter_order(office)
    _set(office, due, status="ready", need_by=office.today)
    _set(office, later, status="ready", need_by=office.today + timedelta(days=1))
    reader = as_("qian")
    page = reader.get("/pages/deliveries")
    assert "SO20260302-0001" in page.text
    assert "SO20260302-0002" not in page.text
    assert reader.get("/").all("a", "navigation-link", href="/pages/deliveries")
    assert "/pages/deliveries" in entries(reader.get("/palette"), "pages")
    assert "/pages/deliveries" not in entries(as_("sun").get("/palette"), "pages")
