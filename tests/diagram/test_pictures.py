"""SVG and Mermaid: well-formed whatever a label says, readable without eyes, lit where a record is."""

import re
from xml.etree import ElementTree as ET

from hypothesis import given, settings

from orderkit.diagram.layout import Direction
from orderkit.diagram.lettering import lines_of, width_of
from orderkit.diagram.life import life_graph
from orderkit.diagram.mermaid import mermaid
from orderkit.diagram.picture import life_picture
from orderkit.diagram.svg import Lit
from tests.diagram.drawing import TEXTS, workflows
from tests.diagram.fixtures import all_files

SVG = "{http://www.w3.org/2000/svg}"
# What the lines of a state diagram look like, as far as we write them.
GRAMMAR = re.compile(
    r"stateDiagram-v2|\s+direction LR|\s+state s_\w+ \{|\s+\}"
    r"|\s+state s_\w+ <<(choice|fork|join)>>"
    r'|\s+state "[^"\n]*" as s_\w+'
    r"|\s+(\[\*\]|s_\w+) --> (\[\*\]|s_\w+)(: [^\n]+)?"
    r"|\s+classDef \w+ [\w:#,-]+|\s+class s_\w+(,s_\w+)* \w+"
)


@settings(max_examples=25)
@given(workflows())
def test_a_picture_is_well_formed_and_says_what_it_is(workflow) -> None:
    for direction in Direction:
        root = ET.fromstring(life_picture(workflow, "zh", is_opened=True, direction=direction))
        title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
        assert root.attrib["role"] == "img"
        assert root.attrib["aria-labelledby"].split() == [title.attrib["id"], description.attrib["id"]]
        for state in workflow.states:
            assert state.label["zh"].strip() in description.text or not state.label["zh"].strip()


@settings(max_examples=25)
@given(workflows())
def test_every_line_of_a_state_diagram_is_one_that_mermaid_reads(workflow) -> None:
    text = mermaid(life_graph(workflow, is_opened=True), "zh")
    opened = 0
    for line in text.splitlines():
        assert GRAMMAR.fullmatch(line), line
        opened += line.endswith("{") - (line.strip() == "}")
        assert "%%" not in line
    assert opened == 0


def test_where_a_record_is_and_was_is_lit() -> None:
    workflow, _ = all_files()["example_order_life"]
    lit = Lit(now={"quoted"}, walked={"inquiry"}, ways={("inquiry", "quoted")})
    root = ET.fromstring(life_picture(workflow, "zh", lit=lit))
    groups = {
        each.find(f"{SVG}title").text: each.attrib["class"].split()
        for each in root.iter(f"{SVG}g")
        if each.find(f"{SVG}title") is not None
    }
    assert "is-now" in groups["已报价"]
    assert "is-walked" in groups["询价"]
    assert not {"is-now", "is-walked"} & set(groups["待发货"])
    walked = [
        each for each in root.iter(f"{SVG}path") if each.attrib["class"].split() == ["flow-way", "is-walked"]
    ]
    assert len(walked) == 1
    assert "现在：已报价。" in root.find(f"{SVG}desc").text


def test_a_picture_of_a_page_brings_no_colours_and_no_style_that_browsers_refuse() -> None:
    workflow, _ = all_files()["example_order_life"]
    part = life_picture(workflow, "en", is_alone=False)
    assert "<style" not in part
    assert "style=" not in part
    assert "prefers-color-scheme: dark" in life_picture(workflow, "en")


def test_a_picture_for_phones_is_no_wider_than_they_are() -> None:
    workflow, _ = all_files()["example_order_life"]
    root = ET.fromstring(life_picture(workflow, "zh", direction=Direction.DOWN))
    assert int(root.attrib["width"]) <= 350
    assert int(root.attrib["height"]) > int(root.attrib["width"])


@given(TEXTS)
def test_lines_hold_the_whole_text_and_are_no_wider_than_they_may_be(text) -> None:
    lines = lines_of(text, 88, 12, most=100)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width_of(line, 12) <= 88 for line in lines)


def test_a_text_that_is_too_long_ends_in_an_ellipsis_and_no_line_begins_with_a_comma() -> None:
    assert lines_of("销售总监审批，财务复核", 72, 12, most=9) == ("销售总监审", "批，财务复核")
    assert lines_of("一二三四五六七八", 36, 12, most=2) == ("一二三", "四五…")
    assert lines_of("Sales director", 60, 12, most=9) == ("Sales", "director")
