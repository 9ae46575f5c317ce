"""BPMN back into workflows: what we wrote comes back whole, structure survives alone, the rest is refused by name."""

import re
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderkit.cli.commands.diagram import written
from orderkit.diagram.bpmn import bpmn
from orderkit.diagram.importing import RefusedDiagram, import_bpmn
from orderkit.language.format.from_plain import file_from
from orderkit.model.workflow.workflows import all_steps
from tests.diagram.fixtures import all_files, every_word_files, exported
from tests.diagram.writing import FORM, ROLES, written_workflows
from tests.support.projects import ROOT, compiled

_EXTENSION = re.compile(r"\s*<bpmn:extensionElements>.*?</bpmn:extensionElements>", re.DOTALL)


def bare(text: str) -> bytes:
    """Return a file as a tool would leave it that keeps nothing of ours."""
    return _EXTENSION.sub("", text).encode()


def life(workflow_file: str):
    """Compile a workflow over the form of `writing`."""
    files = {"orderkit.yaml": ROOT.encode(), "order.yaml": FORM, "life.yaml": workflow_file.encode()}
    files |= {f"{name}.yaml": text for name, text in ROLES.items()}
    (found,) = compiled(files).workflows
    return replace(found, origin=None)


@pytest.mark.parametrize("name", all_files())
def test_what_we_exported_comes_back_whole(name) -> None:
    workflow, files = all_files()[name]
    imported = import_bpmn(exported(name).encode())
    assert imported.left_out == ()
    assert imported.workflow == written(workflow, files)
    again = compiled({**files, workflow.origin.path: file_from("life.yaml", imported.workflow).encode()})
    assert replace(again.workflow_by_id[workflow.id], origin=None) == replace(workflow, origin=None)


@settings(max_examples=20)
@given(written_workflows())
def test_whatever_is_exported_comes_back_as_the_same_model(plain) -> None:
    workflow = life(file_from("life.yaml", plain))
    imported = import_bpmn(bpmn(workflow, plain, "zh").encode())
    assert imported.workflow == plain
    assert life(file_from("life.yaml", imported.workflow)) == workflow


def outline(workflow):
    """Return what BPMN itself says of a workflow."""
    states = {each.id: (each.final, bool(each.approval)) for each in workflow.states}
    transitions = {each.id: (frozenset(each.sources), each.target) for each in workflow.transitions}
    approvals = sorted(
        (
            tuple(
                (step.id, step.mode, step.vote, step.veto, step.when is None)
                for step in all_steps(each.steps)
            ),
            each.approved.target,
            each.rejected.target,
        )
        for each in workflow.approvals
    )
    return states, transitions, approvals, workflow.initial


@settings(max_examples=20)
@given(written_workflows())
def test_structure_survives_without_anything_of_ours(plain) -> None:
    workflow = life(file_from("life.yaml", plain))
    imported = import_bpmn(bare(bpmn(workflow, plain, "zh")))
    again = life(file_from("life.yaml", {**imported.workflow, "for": "order"}))
    assert outline(again) == outline(workflow)


def test_the_structure_of_every_word_survives_too() -> None:
    workflow, _files = all_files()["every_word_order_life"]
    imported = import_bpmn(bare(exported("every_word_order_life")))
    text = file_from("life.yaml", {**imported.workflow, "for": "order"})
    again = compiled({**every_word_files(), workflow.origin.path: text.encode()}).workflow_by_id["order_life"]
    assert outline(again) == outline(workflow)
    assert again.timers[0].id == "late"
    assert "t_stuck" in imported.left_out, "what it does stands in the extension alone"


def test_what_was_changed_in_the_diagram_wins() -> None:
    text = exported("example_receipt_life", "en")
    assert 'name="To be confirmed"' in text
    text = text.replace('name="To be confirmed"', 'name="Waiting"').replace(
        'targetRef="s_void"', 'targetRef="s_confirmed"'
    )
    workflow = import_bpmn(text.encode()).workflow
    assert workflow["states"]["draft"] == {"label": "Waiting", "holder": "role(finance)"}
    assert workflow["states"]["void"]["label"] == {"zh": "已作废", "en": "Void"}
    assert workflow["transitions"]["discard"]["to"] == "confirmed"


def drawn(inside: str, *, process: str = "") -> bytes:
    """Return a file with a sub-process in the middle that holds these elements."""
    return f"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">
<process id="p">
<startEvent id="start"/><userTask id="a" name="A"/><endEvent id="done"/><endEvent id="gone"/>
<subProcess id="check"><startEvent id="begin"/><endEvent id="end"/>
{inside}
</subProcess>
<exclusiveGateway id="which"/>
<sequenceFlow id="f1" sourceRef="start" targetRef="a"/>
<sequenceFlow id="f2" sourceRef="a" targetRef="check"/>
<sequenceFlow id="f3" sourceRef="check" targetRef="which"/>
<sequenceFlow id="f4" sourceRef="which" targetRef="done"/>
<sequenceFlow id="f5" sourceRef="which" targetRef="gone"><conditionExpression>outcome == 'rejected'</conditionExpression></sequenceFlow>
{process}
</process></definitions>""".encode()


def flows(*pairs: str) -> str:
    return "".join(
        f'<sequenceFlow id="i{index}" sourceRef="{pair.split(">")[0]}" targetRef="{pair.split(">")[1]}"/>'
        for index, pair in enumerate(pairs)
    )


ONE_STEP = '<userTask id="one"/>' + flows("begin>one", "one>end")


def test_a_diagram_that_was_drawn_elsewhere_becomes_a_workflow() -> None:
    workflow = import_bpmn(drawn(ONE_STEP)).workflow
    assert workflow["initial"] == "a"
    assert workflow["states"] == {
        "a": {"label": "A"},
        "done": {"final": "completed"},
        "gone": {"final": "completed"},
        "check": {"approval": "check_approval"},
    }
    assert workflow["transitions"] == {"f2": {"to": "check", "by": "owner", "from": "a"}}
    assert workflow["approvals"] == {
        "check_approval": {
            "steps": [{"id": "one", "approvers": "role(admin)", "mode": "any"}],
            "approved": {"to": "done"},
            "rejected": {"to": "gone"},
        }
    }


REFUSED = {
    "an event sub-process": (
        drawn('<subProcess id="odd" triggeredByEvent="true"/>' + ONE_STEP),
        5,
        "odd",
        "event sub-process",
    ),
    "a transaction": (drawn('<transaction id="odd"/>' + ONE_STEP), 5, "odd", "`transaction`"),
    "an ad-hoc sub-process": (
        drawn(ONE_STEP, process='\n<adHocSubProcess id="odd"/>'),
        14,
        "odd",
        "`adHocSubProcess`",
    ),
    "a message that is waited for": (
        drawn(ONE_STEP, process='<intermediateCatchEvent id="odd"/>'),
        13,
        "odd",
        "`intermediateCatchEvent`",
    ),
    "a signal at the start": (
        drawn(ONE_STEP).replace(
            b'<startEvent id="start"/>',
            b'<startEvent id="start"><signalEventDefinition id="odd"/></startEvent>',
        ),
        3,
        "odd",
        "`signalEventDefinition`",
    ),
    "branches that do not meet": (
        drawn(
            '<parallelGateway id="fork"/><userTask id="one"/><userTask id="two"/>'
            + flows("begin>fork", "fork>one", "fork>two", "one>end", "two>end")
        ),
        5,
        "fork",
        "do not meet",
    ),
    "a fork that ends in a choice": (
        drawn(
            '<parallelGateway id="fork"/><userTask id="one"/><userTask id="two"/><exclusiveGateway id="join"/>'
            + flows("begin>fork", "fork>one", "fork>two", "one>join", "two>join", "join>end")
        ),
        5,
        "fork",
        "`join`",
    ),
    "a choice without a default": (
        drawn(
            '<exclusiveGateway id="fork"/><userTask id="one"/><userTask id="two"/><exclusiveGateway id="join"/>'
            + flows("begin>fork", "fork>one", "fork>two", "one>join", "two>join", "join>end")
        ),
        5,
        "fork",
        "exactly one way out is the default",
    ),
    "a loop that is no return": (
        drawn('<userTask id="one"/><userTask id="two"/>' + flows("begin>one", "one>two", "two>one")),
        5,
        "one",
        "comes back here",
    ),
    "two ways out of a step": (
        drawn('<userTask id="one"/>' + flows("begin>one", "one>end", "one>end")),
        5,
        "one",
        "no gateway says which",
    ),
    "a fork between states": (
        drawn(ONE_STEP).replace(b"exclusiveGateway", b"parallelGateway"),
        7,
        "which",
        "between states stand exclusive gateways alone",
    ),
    "no way out when it is rejected": (
        drawn(ONE_STEP).replace(b"rejected", b"forgotten"),
        4,
        "check",
        "'rejected'",
    ),
    "a flow to nowhere": (drawn(ONE_STEP).replace(b'targetRef="a"', b'targetRef="b"'), 8, "f1", "`b`"),
    "two starts": (drawn(ONE_STEP, process='<startEvent id="odd"/>'), 13, "odd", "exactly one start event"),
    "no XML": (b"<definitions>\n<process></definitions>", 2, "", "no well-formed XML"),
    "nothing": (b"", 1, "", "no well-formed XML"),
    "a document type": (
        b'<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY b "c">]>\n<a>&b;</a>',
        2,
        "",
        "DOCTYPE",
    ),
    "no process": (b"<a/>", 1, "", "exactly one process"),
    "too deep": (b"<a>" * 200, 1, "", "too deep"),
    "an extension that was broken": (
        exported("example_receipt_life").replace('>{"label"', '>{"label', 1).encode(),
        5,
        "receipt_life",
        "cannot be read",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_said_is_refused_with_its_element_and_line(name) -> None:
    data, line, element, says = REFUSED[name]
    with pytest.raises(RefusedDiagram) as refused:
        import_bpmn(data)
    found = [(each.line, each.element) for each in refused.value.findings]
    assert (line, element) in found, [
        (each, finding.message["en"]) for each, finding in zip(found, refused.value.findings, strict=True)
    ]
    assert any(says in each.message["en"] for each in refused.value.findings)
    assert all(each.message["zh"] for each in refused.value.findings)


@settings(max_examples=40)
@given(st.data())
def test_whatever_is_done_to_a_file_it_is_read_or_refused(data) -> None:
    lines = exported("every_word_order_life").splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        what = data.draw(st.sampled_from(("drop", "double", "swap", "cut")))
        if what == "drop":
            del lines[at]
        elif what == "double":
            lines.insert(at, lines[at])
        elif what == "swap":
            other = data.draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], lines[at]
        else:
            lines[at] = lines[at][: data.draw(st.integers(0, len(lines[at])))]
    with suppress(RefusedDiagram):
        import_bpmn("\n".join(lines).encode())


def test_a_gateway_around_one_step_is_its_condition_and_our_branches_stay_branches() -> None:
    choice = (
        '<exclusiveGateway id="{id}" default="i2"/><userTask id="one"/><exclusiveGateway id="join"/>'
        '<sequenceFlow id="i0" sourceRef="begin" targetRef="{id}"/>'
        '<sequenceFlow id="i1" sourceRef="{id}" targetRef="one"><conditionExpression>total &gt; 5</conditionExpression></sequenceFlow>'
        '<sequenceFlow id="i2" sourceRef="{id}" targetRef="join"/>'
        '<sequenceFlow id="i3" sourceRef="one" targetRef="join"/><sequenceFlow id="i4" sourceRef="join" targetRef="end"/>'
    )
    step = {"id": "one", "approvers": "role(admin)", "mode": "any"}
    found = [
        import_bpmn(drawn(choice.format(id=name))).workflow["approvals"]["check_approval"]["steps"]
        for name in ("other", "check.1.split")
    ]
    assert found[0] == [{**step, "when": "total > 5"}]
    assert found[1] == [
        {"choose": [{"when": "total > 5", "steps": [step]}, {"default": "true", "steps": []}]}
    ]
