"""The built front end: everything that pages load is there, under the hash of its content, with its licenses."""

import hashlib
import importlib
import re
from pathlib import Path

import pytest

from orderkit import fields
from orderkit.catalog import Catalog, built_in
from orderkit.web.rendering.assets import FOLDER, FrontEndMissing, load_assets
from orderkit.web.rendering.templates import Templates
from orderkit.web.rendering.texts import load_texts


def test_a_front_end_that_was_not_built_says_how_to_build_it(tmp_path: Path) -> None:
    with pytest.raises(FrontEndMissing) as missing:
        load_assets(tmp_path)
    assert "make setup" in missing.value.explain["zh"]


def test_every_file_carries_the_hash_of_its_content() -> None:
    assets = load_assets()
    for name in assets.names.values():
        digest = hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()
        assert name.split(".")[-2] == digest[:10]
        assert (FOLDER / f"{name}.gz").is_file()


def test_everything_that_a_template_loads_was_built() -> None:
    sources = FOLDER.parent.rglob("*.html")
    loaded = {
        name
        for path in sources
        for name in re.findall(r"asset\('([^']+)'\)", path.read_text(encoding="utf-8"))
    }
    assert {"app.js", "app.css", "charts.js"} <= loaded
    assert loaded <= set(load_assets().names)


def _classes(name: str) -> set[str]:
    styles = (FOLDER / load_assets().names[name]).read_text(encoding="utf-8")
    return set(re.findall(r"\.([A-Za-z_][\w-]*)", re.sub(r'"[^"]*"', "", styles)))


def test_the_usual_styles_have_every_class_of_the_library_that_our_templates_name() -> None:
    attributes = [
        found
        for folder in (FOLDER.parent, Path(fields.__file__).parent)
        for path in folder.rglob("*.html")
        for found in re.findall(r'class="([^"]*)"', path.read_text(encoding="utf-8"))
    ]
    # Those that are put together from parts are looked for as whole words all the same.
    named = {word for each in attributes for word in re.split(r"[^\w-]+", each)}
    wanted = named & _classes("whole.css")
    assert {"btn", "card", "form-control"} <= wanted
    assert wanted <= _classes("app.css")
    # And they are not all of the library: a phone waits for every byte of them.
    assert len(_classes("app.css")) < len(_classes("whole.css")) / 2


def test_templates_of_others_get_every_class_of_the_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "stamped.py").write_text(
        "from orderkit.fields.text import Text\n\n\nclass Stamped(Text):\n    name = 'stamped'\n"
    )
    (tmp_path / "input.html").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    plugged = built_in().with_(fields=(importlib.import_module("stamped").Stamped(),))
    assets = load_assets()

    def styles(catalog: Catalog, **replaced: str) -> str:
        return Templates(catalog, assets, load_texts(), replaced=replaced).assets.url("app.css")

    assert styles(built_in()) == assets.url("app.css") != assets.url("whole.css")
    assert styles(built_in(), **{"pages/home.html": ""}) == assets.url("whole.css")
    assert styles(plugged) == assets.url("whole.css")


def test_nothing_in_the_bundles_is_loaded_from_elsewhere_or_evaluated() -> None:
    assets = load_assets()
    styles = (FOLDER / assets.names["app.css"]).read_text(encoding="utf-8")
    assert re.findall(r"url\(\s*[\"']?(?!data:|[\"']?data:)[^)]{0,60}", styles) == []
    assert "@import" not in styles
    scripts = (FOLDER / assets.names["charts.js"]).read_text(encoding="utf-8")
    assert "new Function" not in scripts


def test_the_licenses_of_what_is_inside_go_along() -> None:
    assets = load_assets()
    text = (FOLDER / assets.names["licenses.txt"]).read_text(encoding="utf-8")
    for library in ("htmx.org", "@tabler/core", "@tabler/icons", "echarts", "zrender", "Bootstrap"):
        assert library in text
