"""A control that a plugin brings: named where its field stands, served from the plugin, for good."""

import gzip
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from orderkit.catalog import built_in
from orderkit.engine.accounts.sessions import start_session
from orderkit.engine.opening import runtime_over
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.web.app import create_app
from orderkit.web.rendering.assets import load_assets
from orderkit.web.rendering.controls import controls_of
from orderkit.web.rendering.templates import Templates
from orderkit.web.rendering.texts import load_texts
from orderkit.web.request.cookies import SESSION
from orderkit.web.server.secret_keys import SecretKeys
from orderkit.web.server.settings import Settings
from tests.support.databases import Databases
from tests.support.office import Office, Staff
from tests.support.shades import shade
from tests.web.reader import Reader

SCRIPT = Path(shade.__file__).with_name("control.js").read_bytes()
NAMED = re.compile(r'data-control="shade" data-script="([^"]+)"')


@pytest.fixture
def reader(databases: Databases, tmp_path: Path) -> Iterator[Reader]:
    mark = databases.mark()
    catalog = shade.shaded()
    project = shade.shaded_project(catalog)
    database = databases.make(project, "sqlite", catalog)
    office = Office(
        runtime_over(project, database, files_folder=tmp_path, catalog=catalog),
        (Staff(login="root", roles=("admin",)),),
    )
    settings = Settings(secret_keys=SecretKeys(["a key that is long enough"]), threads=2)
    with TestClient(create_app(office.runtime, settings), base_url="http://shop.test") as client:
        with office.runtime.write(SYSTEM, Channel.PAGE) as unit:
            session = start_session(unit, office.ids["root"])
        client.cookies.set(SESSION, session.token, domain="shop.test")
        yield Reader(client)
    databases.clear(mark)


def test_a_page_names_the_script_of_its_fields_and_the_server_has_it_for_good(reader: Reader) -> None:
    page = reader.get("/forms/tin/new")
    (address,) = set(NAMED.findall(page.html))
    assert len(NAMED.findall(page.html)) == 4, "two fields, a row, and the one that others are made of"
    assert address == f"/static/field-shade.{hashlib.sha256(SCRIPT).hexdigest()[:10]}.js"
    answer = reader.client.get(address)
    assert answer.content == SCRIPT
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "gzip"
    bare = reader.client.get(address, headers={"accept-encoding": "identity"})
    assert (bare.content, bare.headers.get("content-encoding")) == (SCRIPT, None)
    assert "script-src 'self'" in page.response.headers["content-security-policy"]
    assert "data-script" not in reader.get("/forms/lid/new").html, "a page without such a field loads nothing"


def test_nothing_else_beside_a_field_type_is_served(reader: Reader) -> None:
    for name in ("control.js", "field-shade.js", "field-shade.0123456789.js", "input.html", "shade.py"):
        assert reader.client.get(f"/static/{name}").status_code == 404


def test_what_is_compressed_is_the_same_each_time_and_orderkit_itself_brings_none() -> None:
    script = controls_of(shade.shaded())["shade"]
    assert gzip.decompress(script.compressed) == SCRIPT
    assert controls_of(shade.shaded())["shade"] == script
    assert controls_of(built_in()) == {}


def test_a_template_that_names_a_control_which_is_not_there_says_so() -> None:
    templates = Templates(shade.shaded(), load_assets(), load_texts())
    with pytest.raises(LookupError, match=r"no control\.js beside the field type 'shade'"):
        templates.own_control("shade")
