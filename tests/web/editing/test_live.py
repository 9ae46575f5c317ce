"""What a page works out by itself is what the server would have said."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderkit.catalog import built_in
from orderkit.fields.field_type import Accepts, Invalid
from orderkit.fields.numerals import number_marks
from orderkit.model.expressions.browser import browser_value
from tests.support.node import BrowserEvaluator
from tests.web.reader import Page, Reader

TYPES = sorted((each for each in built_in().fields.values() if each.reader), key=lambda each: each.name)
TEXTS = ["", " ", "0", "-3", "12.5", "1,234.5", "1,23", "12,5", "１２", "15%", "¥1", "1e3", "2026-02-30", "2026-03-20",
         "true", "false", "7", "007", "a b ", "甲公司", "a\tb", "x\x00", "9" * 18, "9" * 19, "0.00005", "-0.00005", "+1"]  # fmt: skip


@pytest.mark.parametrize("name", [each.name for each in TYPES])
def test_a_page_reads_a_text_as_the_type_does_or_leaves_it_to_the_server(
    name: str, browser_evaluator: BrowserEvaluator
) -> None:
    kind = built_in().fields[name]
    options = kind.Options.model_validate(
        {"options": ["true", "false", "7", "甲公司"]} if name == "choice" else kind.example_options
    )
    scale = kind.scale(options) or 0
    read = 0
    for text in [*TEXTS, *(each.text for each in kind.examples if isinstance(each, Accepts))]:
        answer = browser_evaluator.ask(ask="read", reader=kind.reader, text=text, scale=scale)
        if "value" in answer:
            expected = kind.parse(options, text)
            if name == "choice" and isinstance(expected, Invalid):
                continue
            assert answer["value"] == browser_value(expected), text
            read += 1
    assert read >= 2


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4), st.sampled_from(["zh-CN", "en", "de"]))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_page_prints_a_number_as_the_server_does(
    browser_evaluator: BrowserEvaluator, value: Any, locale: str
) -> None:
    catalog = built_in()
    for name in ("percent", "decimal"):
        kind = catalog.fields[name]
        options = kind.Options.model_validate({"scale": 4})
        answer = browser_evaluator.ask(
            ask="print", reader=kind.reader, value=browser_value(value), places=0, marks=number_marks(locale)
        )
        shown = kind.show(options, value, locale)
        point = (number_marks(locale) or ("", "."))[1]
        whole, found, places = shown.partition(point)
        if name == "decimal" and found:
            shown = f"{whole}{point}{places.rstrip('0')}".removesuffix(point)
        assert answer["shown"] == shown
        assert kind.parse(options, answer["text"]) == value


EDITS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["lines.n0.qty", "lines.n1.qty"]), st.sampled_from(["1", "2.5", "600", "0.0005"])),
        st.tuples(st.sampled_from(["lines.n0.price", "lines.n1.price"]), st.sampled_from(["45", "0.3333", "99.5"])),
        st.tuples(st.sampled_from(["lines.n0.discount", "lines.n1.discount"]), st.sampled_from(["0", "15%", "33.33"])),
        st.tuples(st.just("kind"), st.sampled_from(["standard", "custom", "repair"])),
        st.tuples(st.just("need_by"), st.sampled_from(["2026-03-20", "2026-03-02"])),
    ),
    min_size=1,
    max_size=6,
)  # fmt: skip


class Typist:
    """Types into a form twice: into the page's own rules, and into what is sent to the server."""

    def __init__(self, reader: Reader, page: Page, path: str, browser: BrowserEvaluator) -> None:
        self.reader = reader
        self.path = path
        self.browser = browser
        self.sent: dict[str, Any] = dict(page.form(path))
        self.touched: set[str] = set()
        data = next(each for each in page.elements if each.attributes.get("id") == "live").texts
        browser.ask(ask="open", data=json.loads("".join(data)))

    def rows(self, *keys: str) -> None:
        self.sent["lines"] = [f"{key}:" for key in keys]
        for key in keys:
            self.sent[f"lines.{key}.product"] = "1"
            # The price is typed as well, so that none is copied from the product.
            self.touched |= {f"lines.{key}.product", f"lines.{key}.price"}
            for name in ("qty", "price", "discount"):
                self.sent.setdefault(f"lines.{key}.{name}", "0%" if name == "discount" else "")
        texts = {"product": "1", "qty": "", "price": "", "discount": "0%"}
        rows = [{"key": key, "id": None, "texts": texts} for key in keys]
        self.browser.ask(ask="rows", collection="lines", rows=rows)

    def type(self, name: str, text: str) -> Mapping[str, Any]:
        self.sent[name] = text
        self.touched.add(name)
        found: Mapping[str, Any] = self.browser.ask(ask="type", name=name, text=text)
        return found

    def told(self) -> Mapping[str, Any]:
        sent = {**self.sent, "touched": " ".join(sorted(self.touched)), "drafted": "1"}
        answer = self.reader.post(f"{self.path.removesuffix('/new')}/draft", sent, accept="application/json")
        found: Mapping[str, Any] = json.loads(answer.response.content)
        return found


@given(EDITS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_follows_on_the_page_is_what_the_server_says(
    as_, browser_evaluator: BrowserEvaluator, edits: list[tuple[str, str]]
) -> None:
    reader = as_("zhang")
    path = "/forms/order/new"
    typist = Typist(reader, reader.get(path), path, browser_evaluator)
    typist.rows("n0", "n1")
    values: dict[str, Any] = {}
    states: dict[str, Any] = {}
    for name, text in edits:
        followed = typist.type(name, text)
        values |= followed["values"]
        for field, state in followed["states"].items():
            states[field] = {**states.get(field, {}), **state}
    told = typist.told()
    for name, printed in values.items():
        assert printed == {key: told["values"][name][key] for key in ("text", "shown")}, name
    for name, state in states.items():
        assert state == {key: told["states"][name][key] for key in state}, name
    typed = {name for name, _ in edits}
    whole = {key for key in ("n0", "n1") if {f"lines.{key}.qty", f"lines.{key}.price"} <= typed}
    assert {f"lines.{key}.amount" for key in whole} <= set(values)


def test_the_page_asks_only_where_it_cannot_know(as_, browser_evaluator: BrowserEvaluator) -> None:
    reader = as_("zhang")
    typist = Typist(reader, reader.get("/forms/order/new"), "/forms/order/new", browser_evaluator)
    typist.rows("n0")
    assert not typist.type("lines.n0.qty", "3")["isForServer"]
    priced = typist.type("lines.n0.price", "9.5")
    assert priced["values"]["lines.n0.amount"] == {"text": "28.50", "shown": "28.50"}
    assert priced["values"]["total"]["shown"] == "28.50"
    assert typist.type("lines.n0.product", "2")["isForServer"]
    assert typist.type("lines.n0.qty", "¥ 3")["isForServer"]


def test_a_page_holds_nothing_that_its_reader_may_not_see(as_, order) -> None:
    for path in ("/forms/order/new", f"/forms/order/{order}/edit"):
        page = as_("zhang").get(path)
        held = next(each for each in page.elements if each.attributes.get("id") == "live").text
        assert '"cost"' not in held
        assert "</" not in held
    assert '"cost"' in as_("root").get(f"/forms/order/{order}/edit").html
