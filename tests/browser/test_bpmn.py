"""Exported BPMN in bpmn-js, which many modelling tools are made of: everything is drawn, where we put it."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from orderkit.diagram.layout import drawn
from orderkit.diagram.process import process_graph
from tests.diagram.fixtures import all_files, exported

SCRIPT = (
    Path(__file__).parents[2]
    / "frontend"
    / "node_modules"
    / "bpmn-js"
    / "dist"
    / "bpmn-viewer.production.min.js"
)
DRAW = """async (xml) => {
  const viewer = new BpmnJS({ container: "#there" });
  const { warnings } = await viewer.importXML(xml);
  const registry = viewer.get("elementRegistry");
  viewer.get("canvas").zoom("fit-viewport");
  const boxes = registry.filter((each) => each.width && each.type !== "label" && each.type !== "bpmn:Process")
    .map((each) => [each.id, [each.x, each.y, each.width, each.height]]);
  const ways = registry.filter((each) => each.waypoints).map((each) => [each.id, each.waypoints.length]);
  const seen = document.querySelectorAll("svg .djs-element").length;
  return { warnings: warnings.map((each) => each.message), boxes: Object.fromEntries(boxes), ways: Object.fromEntries(ways), seen };
}"""


@pytest.mark.parametrize("name", ["example_order_life", "every_word_order_life"])
def test_bpmn_js_draws_every_shape_where_it_was_put(browser: Browser, name: str, tmp_path: Path) -> None:
    page = browser.new_page(viewport={"width": 1800, "height": 900})
    page.set_content('<div id="there" style="width: 1800px; height: 900px"></div>')
    page.add_script_tag(path=SCRIPT)
    found = page.evaluate(DRAW, exported(name))
    picture = page.screenshot(path=tmp_path / f"{name}.png")
    page.close()
    workflow, _ = all_files()[name]
    placed = drawn(process_graph(workflow), "zh")
    boxes = {each.node.id: each.box for each in placed.all_nodes()}
    boxes |= {timer.timer.id: timer.box for each in placed.all_nodes() for timer in each.timers}
    assert found["warnings"] == []
    assert found["boxes"] == {name: [box.x, box.y, box.width, box.height] for name, box in boxes.items()}
    assert found["ways"] == {each.edge.id: len(each.points) for each in placed.all_edges()}
    assert found["seen"] >= len(found["boxes"]) + len(found["ways"])
    assert len(picture) > 10_000, "something was drawn"
