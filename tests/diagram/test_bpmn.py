"""BPMN 2.0 as other tools expect it: flows named on both sides, children in order, everything drawn."""

import json
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnValidator

from orderkit.diagram.bpmn import bpmn
from orderkit.diagram.bpmn.elements import BPMN, BPMN_DI, ORDERKIT
from orderkit.diagram.importing import import_bpmn
from tests.diagram.drawing import workflows
from tests.diagram.fixtures import all_files, exported
from tests.support.projects import project

FLOW_NODES = {
    "startEvent",
    "endEvent",
    "userTask",
    "scriptTask",
    "serviceTask",
    "subProcess",
    "boundaryEvent",
    "exclusiveGateway",
    "parallelGateway",
    "inclusiveGateway",
    "complexGateway",
}
ORDER = ("documentation", "extensionElements", "incoming", "outgoing")


def name_of(element) -> str:
    return element.tag.rpartition("}")[2]


def nodes_of(root):
    return [
        each for each in root.iter() if each.tag.startswith(f"{{{BPMN}}}") and name_of(each) in FLOW_NODES
    ]


def flows_of(root):
    return list(root.iter(f"{{{BPMN}}}sequenceFlow"))


def check(text: str) -> None:
    root = ET.fromstring(text.encode())
    nodes = {each.attrib["id"]: each for each in nodes_of(root)}
    flows = {each.attrib["id"]: each for each in flows_of(root)}
    ids = [
        each.attrib["id"]
        for each in root.iter()
        if "id" in each.attrib and not each.tag.startswith(f"{{{ORDERKIT}}}")
    ]
    assert len(ids) == len(set(ids)), sorted(each for each in ids if ids.count(each) > 1)
    for name, flow in flows.items():
        source, target = nodes[flow.attrib["sourceRef"]], nodes[flow.attrib["targetRef"]]
        assert name in [each.text for each in source.findall(f"{{{BPMN}}}outgoing")]
        assert name in [each.text for each in target.findall(f"{{{BPMN}}}incoming")]
    for node in nodes.values():
        for each in node.findall(f"{{{BPMN}}}outgoing"):
            assert flows[each.text].attrib["sourceRef"] == node.attrib["id"]
        for each in node.findall(f"{{{BPMN}}}incoming"):
            assert flows[each.text].attrib["targetRef"] == node.attrib["id"]
        ranks = [ORDER.index(name_of(each)) if name_of(each) in ORDER else len(ORDER) for each in node]
        assert ranks == sorted(ranks), node.attrib["id"]
        default = node.attrib.get("default")
        assert default is None or flows[default].find(f"{{{BPMN}}}conditionExpression") is None
        if name_of(node) == "exclusiveGateway" and len(node.findall(f"{{{BPMN}}}outgoing")) > 1:
            assert default is not None, node.attrib["id"]
        if name_of(node) == "boundaryEvent":
            assert node.attrib["attachedToRef"] in nodes
    drawn = [
        each.attrib["bpmnElement"]
        for each in root.iter()
        if each.tag in {f"{{{BPMN_DI}}}BPMNShape", f"{{{BPMN_DI}}}BPMNEdge"}
    ]
    links = [each.attrib["id"] for each in root.iter(f"{{{BPMN}}}association")]
    assert sorted(drawn) == sorted([*nodes, *flows, *links])


@settings(max_examples=25)
@given(workflows())
def test_whatever_the_workflow_every_flow_is_named_on_both_sides_and_drawn(workflow) -> None:
    check(bpmn(workflow, {}, "zh"))


@pytest.mark.parametrize("name", all_files())
def test_what_other_tools_need_is_there(name) -> None:
    check(exported(name))


def test_the_same_workflow_gives_the_same_bytes_and_two_languages_differ_in_texts_alone() -> None:
    workflow, _ = all_files()["every_word_order_life"]
    assert bpmn(workflow, {}, "zh") == bpmn(workflow, {}, "zh")
    shapes = [
        [
            each.attrib["id"]
            for each in nodes_of(ET.fromstring(exported("every_word_order_life", locale).encode()))
        ]
        for locale in ("zh", "en")
    ]
    assert shapes[0] == shapes[1]
    assert 'name="审批中"' in exported("every_word_order_life")
    assert 'name="In review"' in exported("every_word_order_life", "en")


def test_states_approvals_and_clocks_are_what_the_table_says() -> None:
    root = ET.fromstring(exported("every_word_order_life").encode())
    nodes = {each.attrib["id"]: each for each in nodes_of(root)}
    assert name_of(nodes["s_draft"]) == "userTask"
    assert "".join(nodes["s_draft"].find(f"{{{BPMN}}}potentialOwner").itertext()).strip() == "owner"
    assert name_of(nodes["s_review"]) == "subProcess"
    assert name_of(nodes["s_done"]) == "endEvent"
    assert nodes["s_cancelled"].find(f"{{{BPMN}}}terminateEventDefinition") is not None
    chain = nodes["s_review.chain"].find(f"{{{BPMN}}}multiInstanceLoopCharacteristics")
    assert chain.attrib["isSequential"] == "true"
    board = nodes["s_review.board"].find(f"{{{BPMN}}}multiInstanceLoopCharacteristics")
    assert board.find(f"{{{BPMN}}}completionCondition").text == "approved / people >= 0.6"
    assert name_of(nodes["s_review.4.split"]) == "parallelGateway"
    assert name_of(nodes["s_review.5.split"]) == "inclusiveGateway"
    assert name_of(nodes["s_review.5.join"]) == "complexGateway"
    assert name_of(nodes["s_review.6"]) == "subProcess"
    assert nodes["t_late"].attrib["cancelActivity"] == "true"
    assert nodes["t_stuck"].attrib["cancelActivity"] == "false"
    assert nodes["t_stuck"].find(f".//{{{BPMN}}}timeCycle").text == "R/P1D"
    assert nodes["s_review.lead.overdue1"].attrib["cancelActivity"] == "true"
    assert nodes["s_review.remind1"].find(f".//{{{BPMN}}}timeDuration").text == "PT6H", "8wh less 2wh"
    assert name_of(nodes["do_finish"]) == "scriptTask"
    assert name_of(nodes["after_finish"]) == "serviceTask"
    back = [
        each
        for each in flows_of(root)
        if each.attrib["targetRef"] == "s_review.lead" and ".back." in each.attrib["id"]
    ]
    assert {each.attrib["sourceRef"] for each in back} >= {"s_review.chain", "s_review.board"}


def test_what_bpmn_has_no_word_for_is_kept_beside_its_element() -> None:
    root = ET.fromstring(exported("every_word_order_life").encode())
    kept = {
        (each.tag.rpartition("}")[2], each.attrib.get("id", "")): json.loads(each.text)
        for each in root.iter()
        if each.tag.startswith(f"{{{ORDERKIT}}}") and each.text
    }
    assert kept["state", "draft"] == {
        "label": {"zh": "草稿", "en": "Draft"},
        "holder": "owner",
        "color": "gray",
    }
    assert kept["step", "lead"]["sign"] == "true"
    assert kept["approval", "check"]["may"]["urge"] == {"every": "2wh"}
    assert kept["transition", "place"]["revoke"] == {"within": "2h", "by": "submitter"}
    assert kept["timer", "stuck"]["misfire"] == "skip"
    assert kept["workflow", ""]["migrate"] == {"waiting": "draft"}
    assert kept["workflow", ""]["order"]["states"][0] == "draft"


UNDOING = """
workflow: life
for: order
state: status
initial: draft
states: {draft: {holder: owner}, open: {holder: owner}, done: {final: completed}, gone: {final: cancelled}}
transitions:
  place: {label: Place, from: draft, to: open, by: owner, do: [{set: {name: placed}}]}
  finish: {from: open, to: done, by: owner}
  cancel: {from: open, to: gone, by: owner, do: [{undo: place}]}
"""


def test_what_is_taken_back_is_compensated() -> None:
    (workflow,) = project(UNDOING, "form: order\nfields: {name: {type: text}}\n").workflows
    text = bpmn(workflow, {}, "en")
    check(text)
    root = ET.fromstring(text.encode())
    nodes = {each.attrib["id"]: each for each in nodes_of(root)}
    assert nodes["undo_place"].attrib["attachedToRef"] == "do_place"
    assert nodes["undo_place"].find(f"{{{BPMN}}}compensateEventDefinition") is not None
    assert nodes["undo_place.do"].attrib["isForCompensation"] == "true"
    assert nodes["undo_place.do"].attrib["name"] == "undo: Place"
    assert nodes["undo_place.do"].find(f"{{{BPMN}}}incoming") is None
    (link,) = root.iter(f"{{{BPMN}}}association")
    assert (link.attrib["sourceRef"], link.attrib["targetRef"]) == ("undo_place", "undo_place.do")
    BpmnValidator().validate(etree.fromstring(text.encode()), "undoing")
    again = import_bpmn(text.encode())
    assert list(again.workflow["states"]) == ["draft", "open", "done", "gone"]
    assert again.left_out == ()
