"""The built front end: everything that pages load is there, under the hash of its content, with its licenses."""

import hashlib
import re
from pathlib import Path

import pytest

from orderkit.web.rendering.assets import FOLDER, FrontEndMissing, load_assets


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
