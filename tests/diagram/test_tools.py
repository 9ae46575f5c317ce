"""Tools that others made read what we export: the schema of OMG, and the reader behind bpmn.io."""

import json
from xml.etree import ElementTree as ET

import pytest
from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnValidator

from orderkit.diagram.bpmn import bpmn
from orderkit.diagram.bpmn.elements import BPMN
from tests.diagram.fixtures import all_files, exported
from tests.support.node import run_node

NAMES = tuple(all_files())


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_of_bpmn_is_kept(name) -> None:
    BpmnValidator().validate(etree.fromstring(exported(name).encode()), name)


def test_a_file_that_breaks_the_schema_is_noticed() -> None:
    broken = exported(NAMES[0]).replace("bpmn:userTask", "bpmn:someTask")
    with pytest.raises(Exception, match="someTask"):
        BpmnValidator().validate(etree.fromstring(broken.encode()), "broken")


def test_the_reader_of_bpmn_io_finds_nothing_odd_and_keeps_what_is_ours(tmp_path) -> None:
    files = []
    for name in NAMES:
        files.append(tmp_path / f"{name}.bpmn")
        files[-1].write_text(exported(name), encoding="utf-8")
    for name, line in zip(NAMES, run_node("bpmn.mjs", *map(str, files)).stdout.splitlines(), strict=True):
        said = json.loads(line)
        assert said["warnings"] == [], name
        assert None not in said["drawn"], "every shape and edge is of an element that there is"
        flows = list(ET.fromstring(exported(name)).iter(f"{{{BPMN}}}sequenceFlow"))
        assert len(said["drawn"]) > len(flows)
        assert said["kept"] == ["orderkit:workflow"]


def test_a_workflow_without_a_file_is_exported_as_well() -> None:
    workflow, _ = all_files()["every_word_order_life"]
    BpmnValidator().validate(etree.fromstring(bpmn(workflow, {}, "en").encode()), "bare")
