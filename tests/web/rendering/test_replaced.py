"""Templates of a project: shown in the place of the originals, in a sandbox, with every value escaped."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from jinja2.exceptions import SecurityError
from markupsafe import Markup
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from orderkit.catalog import built_in
from orderkit.engine.accounts.sessions import start_session
from orderkit.engine.incidents import recent_incidents
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.model.templates import ReplacedTemplate
from orderkit.web.app import create_app
from orderkit.web.rendering.assets import load_assets
from orderkit.web.rendering.templates import Templates
from orderkit.web.rendering.texts import load_texts
from orderkit.web.request.cookies import SESSION
from orderkit.web.server.secret_keys import SecretKeys
from orderkit.web.server.settings import Settings

HOME = "pages/home.html"
ORIGINALS = built_in().originals


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[Any]]:
    """What is logged, as it is: drawn with every local variable, one failed template takes minutes."""
    with capture_logs() as entries:
        yield entries


def _home(office, source: str, name: str = HOME) -> TestClient:
    project = replace(office.runtime.project, templates=(ReplacedTemplate(name=name, source=source),))
    runtime = replace(office.runtime, project=project)
    client = TestClient(
        create_app(runtime, Settings(secret_keys=SecretKeys(["a key that is long enough"]))),
        base_url="http://shop.test",
        raise_server_exceptions=False,
    )
    with runtime.write(SYSTEM, Channel.PAGE) as unit:
        session = start_session(unit, office.ids["li"])
    client.cookies.set(SESSION, session.token, domain="shop.test")
    return client


def test_a_page_is_drawn_by_the_template_of_the_project(office) -> None:
    source = ORIGINALS[HOME].replace("{{ page.today }}", "<b>from the project</b> {{ '<i>' ~ page.today }}")
    with _home(office, source) as client:
        html = client.get("/").text
    assert "<b>from the project</b> &lt;i&gt;2026" in html
    assert '<aside class="sidebar">' in html


def test_a_template_that_fails_while_it_runs_ends_on_the_page_of_errors(office) -> None:
    with _home(office, '{{ page["no" ~ "thing"].further }}') as client:
        answer = client.get("/", headers={"accept": "text/html"})
    assert answer.status_code == 500
    assert answer.headers["x-request-id"] in answer.text


FAILS = "{{ page['no' ~ 'thing'].further }}"
FAULT = "pages/fault.html"


def test_layouts_and_the_page_of_errors_are_those_of_the_project(office) -> None:
    layout = "layouts/shell.html"
    source = ORIGINALS[layout].replace('<div class="stage">', '<div class="stage"><b>our frame</b>')
    with _home(office, source, layout) as client:
        assert "<b>our frame</b>" in client.get("/forms/order").text
    with _home(office, ORIGINALS[FAULT].replace("<h1>", "<h1>Sorry: "), FAULT) as client:
        answer = client.get("/forms/nothing", headers={"accept": "text/html"})
    assert (answer.status_code, "<h1>Sorry: " in answer.text) == (404, True)


@pytest.mark.parametrize("name", [FAULT, "layouts/document.html"])
def test_a_page_of_errors_that_fails_gives_way_to_ours_and_is_noted(office, name: str) -> None:
    with _home(office, FAILS, name) as client:
        answer = client.get("/forms/nothing", headers={"accept": "text/html"})
    assert (answer.status_code, 'class="fault-code">404' in answer.text) == (404, True)
    with office.look(None) as unit:
        assert [each.kind for each in recent_incidents(unit)] == ["UndefinedError"]


def test_a_notice_that_fails_gives_way_to_ours(office) -> None:
    with _home(office, FAILS, "components/notice.html") as client:
        answer = client.get("/forms/nothing", headers={"hx-request": "true"})
    assert (answer.status_code, "notice-bad" in answer.text) == (404, True)


@pytest.mark.parametrize(
    "reaching", ["page['__cla' ~ 'ss__'].mro()", "t.__globals__", "kinds._environment.globals"]
)
def test_a_template_does_not_leave_its_sandbox(reaching: str) -> None:
    templates = Templates(built_in(), load_assets(), load_texts(), replaced={HOME: "{{ " + reaching + " }}"})
    with pytest.raises(SecurityError):
        templates.render(HOME, "en", {"page": object()})


def test_a_frame_of_a_project_is_watched_around_a_page_of_ours() -> None:
    """A page of ours begins the rendering; filters that ask its context are watched all the same."""
    frame = "{{ [1]|map('attr', '__class__')|first }}"
    templates = Templates(built_in(), load_assets(), load_texts(), replaced={"layouts/document.html": frame})
    with pytest.raises(SecurityError):
        templates.render("layouts/shell.html", "en", {"page": object()})


def test_only_what_a_project_brings_is_watched() -> None:
    """Watching each attribute of our own pages took a third of a list's time."""
    templates = Templates(built_in(), load_assets(), load_texts(), replaced={HOME: ""})
    assert templates.environment.get_template(HOME).environment.sandboxed
    assert not templates.environment.get_template("components/record_table.html").environment.sandboxed


def test_an_icon_that_was_drawn_before_is_not_drawn_for_a_name_that_is_not_safe() -> None:
    """`Markup` is equal to its text, but stands in a page as it is."""
    templates = Templates(built_in(), load_assets(), load_texts())
    name = '"><img src=x>'
    assert "<img" in str(templates.drawn_icon(Markup(name)))
    assert "<img" not in str(templates.drawn_icon(name))
