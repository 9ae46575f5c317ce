"""What a browser needs to install the app and to work without a connection: nothing of a person in what is kept for all."""

import json

from sqlalchemy import func, select

from orderkit.database.schema.system_tables import audit
from tests.web.reader import Reader


def test_the_manifest_names_the_project_in_the_language_asked_for(nobody: Reader) -> None:
    answer = nobody.get("/manifest.webmanifest?locale=en").response
    assert answer.headers["content-type"].startswith("application/manifest+json")
    manifest = json.loads(answer.text)
    assert (manifest["lang"], manifest["display"], manifest["scope"]) == ("en", "standalone", "/")
    assert manifest["name"] == "Hardware orders"
    assert (
        json.loads(nobody.get("/manifest.webmanifest?locale=zh-CN").response.text)["name"] == "五金订单管理"
    )
    # A language that the project does not speak is none.
    assert json.loads(nobody.get("/manifest.webmanifest?locale=<b>").response.text)["lang"] == "zh-CN"
    for icon in manifest["icons"]:
        drawn = nobody.get(icon["src"]).response
        assert (drawn.status_code, drawn.headers["content-type"]) == (200, icon["type"])
    assert ">H<" in nobody.get("/app-icon.svg?locale=en").html


def test_a_phone_that_reads_no_manifest_installs_it_under_its_name_too(nobody: Reader) -> None:
    page = nobody.get("/sign-in")
    named = page.one("meta", name="apple-mobile-web-app-title").attributes["content"]
    assert named == "五金订单管理"
    assert page.one("meta", name="apple-mobile-web-app-capable").attributes["content"] == "yes"
    icon = nobody.get(page.one("link", rel="apple-touch-icon").attributes["href"]).response
    assert icon.headers["content-type"] == "image/png"


def test_the_worker_may_serve_every_page_and_is_asked_for_anew(nobody: Reader) -> None:
    answer = nobody.get("/worker.js").response
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    policy = answer.headers["content-security-policy"]
    assert "worker-src 'self'" in policy
    assert "manifest-src 'self'" in policy
    built = nobody.get("/sign-in").one("script", defer="").attributes["src"].rsplit("/", 1)[1]
    # The names of the build stand in it, so that a new build is a new worker.
    assert built in answer.text


def test_the_page_for_no_connection_is_the_same_for_everybody(as_, nobody: Reader) -> None:
    page = nobody.get("/offline?locale=en")
    assert "No connection" in page.one("h1").text
    assert "orderkit-person" not in page.response.headers
    reader = as_("zhang")
    assert "张敏" not in reader.get("/offline").html
    assert "没有网络连接" in reader.get("/offline?locale=zh-CN").one("h1").text


def test_pages_say_whose_they_are(as_, office) -> None:
    reader = as_("zhang")
    whose = str(office.ids["zhang"])
    for path in ("/", "/forms/customer/new", "/forms/order/options/customer"):
        assert reader.get(path).response.headers["orderkit-person"] == whose


def test_what_is_sent_later_gets_the_token_of_the_session_and_a_short_answer(as_, office, client) -> None:
    reader = as_("zhang")
    json_wanted = {"Accept": "application/json"}
    told = client.get("/session", headers=json_wanted).json()
    assert told == {"person": office.ids["zhang"], "csrf": reader.csrf}
    headers = {**json_wanted, "X-CSRF-Token": told["csrf"]}
    sent = {"code": "K-9", "name": "Later", "kept": "9", "form.title": "whatever"}
    saved = [client.post("/forms/customer/new", data=sent, headers=headers).json() for _ in range(2)]
    assert saved[0] == saved[1]
    assert reader.get(saved[0]["saved"]).status == 200
    assert client.post("/forms/customer/new", data={**sent, "kept": "10"}, headers=headers).status_code == 422
    client.cookies.clear()
    assert client.get("/session", headers=json_wanted).status_code == 401
    assert client.post("/forms/customer/new", data=sent, headers=headers).status_code in {401, 403}


def test_a_browser_that_asks_ahead_hears_that_there_is_nothing_to_change(as_, office, client) -> None:
    """Its person has tried nothing, so the audit must not say that they were refused something."""
    ahead = {"Orderkit-Ahead": "1"}
    rows = as_("zhang").get("/forms/product").all("tr")
    path = next(each.attributes["data-href"] for each in rows if "data-href" in each.attributes) + "/edit"

    def refusals() -> int:
        with office.look(None) as unit:
            count = select(func.count()).where(audit.c.form == "ok_refusal")
            return unit.connection.execute(count).scalar_one()

    answer = client.get(path, headers=ahead)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["orderkit-person"] == str(office.ids["zhang"])
    assert refusals() == 0
    assert client.get(path).status_code == 403
    assert refusals() == 1
    as_("root")
    assert client.get(path, headers=ahead).status_code == 200
