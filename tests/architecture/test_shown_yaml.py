"""YAML that documents show compiles: the tutorial as a whole, and the ten lines of the front pages."""

import re
from pathlib import Path

import pytest

from orderkit.catalog import built_in
from orderkit.language.compile import compile_project
from orderkit.language.findings import render_human
from tests.architecture.repository import ROOT

NAMED = re.compile(r"`([a-z_/]+\.yaml)`:\n\n```yaml\n(.*?)```", re.DOTALL)
BLOCK = re.compile(r"```yaml\n(form: .*?)```", re.DOTALL)
ROOT_FILE = "project: shop\nlabel: 商店\nversion: 1.0.0\nlocale: zh-CN\nlocales: [zh-CN, en]\ntimezone: Asia/Shanghai\ncurrency: CNY\n"
NEIGHBOURS = {
    "customer.yaml": "form: customer\nfields: {name: {type: text, required: true}}\n",
    "product.yaml": "form: product\nfields: {name: {type: text, required: true}, list_price: {type: money}}\n",
}


def findings(files: dict[str, str]) -> str:
    outcome = compile_project({path: text.encode() for path, text in files.items()}, built_in())
    return render_human(outcome.found, files, "en") if outcome.found else ""


def test_the_tutorial_compiles_without_a_finding() -> None:
    text = (ROOT / "docs/tutorial/first-form.md").read_text(encoding="utf-8")
    files = dict(NAMED.findall(text))
    assert len(files) == 5
    assert findings(files) == ""


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_lines_on_the_front_page_compile_and_are_ten(name: str) -> None:
    (shown,) = BLOCK.findall(Path(ROOT / name).read_text(encoding="utf-8"))
    assert shown.count("\n") <= 10
    assert findings({"orderkit.yaml": ROOT_FILE, "order.yaml": shown, **NEIGHBOURS}) == ""
