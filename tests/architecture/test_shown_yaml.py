"""YAML that documents show compiles: the tutorial as a whole, and the ten lines of the front pages."""

import json
import re
from pathlib import Path

import pytest

from orderkit.catalog import built_in
from orderkit.language.compile import compile_project
from orderkit.language.findings import render_human
from orderkit.language.spec.kinds import automation, workflow
from orderkit.language.spec.parts import approval, clock
from orderkit.model.stored import canonical, from_json, to_json
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


def test_the_workflow_with_every_word_compiles_and_is_stored_without_loss() -> None:
    text = (ROOT / "docs/reference/workflow-example.md").read_text(encoding="utf-8")
    files = dict(NAMED.findall(text))
    assert findings(files) == ""
    model = compile_project({path: each.encode() for path, each in files.items()}, built_in()).value
    assert model is not None
    assert from_json(json.loads(canonical(to_json(model))), built_in().fields) == model


WORDS_OF_WORKFLOWS = [
    key.name
    for words in (
        *(workflow.WORKFLOW, workflow.POLICY, workflow.STATE, workflow.TRANSITION, workflow.REOPEN),
        *(approval.APPROVAL, approval.STEP, approval.ENDING, approval.MAY, approval.COPY, approval.PARALLEL),
        *(clock.CLOCK, clock.STATE_CLOCK, clock.TIMER, clock.REMIND, clock.OVERDUE),
        *(automation.AUTOMATION, automation.TRIGGER),
    )
    for key in words.keys
]


@pytest.mark.parametrize("word", sorted({*WORDS_OF_WORKFLOWS} - {"misfire"}))
def test_the_workflow_with_every_word_leaves_none_out(word: str) -> None:
    text = (ROOT / "docs/reference/workflow-example.md").read_text(encoding="utf-8")
    assert re.search(rf"\b{word}:", text)


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_lines_on_the_front_page_compile_and_are_ten(name: str) -> None:
    (shown,) = BLOCK.findall(Path(ROOT / name).read_text(encoding="utf-8"))
    assert shown.count("\n") <= 10
    assert findings({"orderkit.yaml": ROOT_FILE, "order.yaml": shown, **NEIGHBOURS}) == ""
