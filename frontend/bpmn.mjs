// Reads BPMN files as the modelling tools on bpmn.io do, and writes one line of JSON for each file that is named:
// what was odd about it, and which elements the process and its diagram have.

import { readFileSync } from "node:fs";
import { BpmnModdle } from "bpmn-moddle";

for (const file of process.argv.slice(2)) {
  const { rootElement, warnings } = await new BpmnModdle().fromXML(readFileSync(file, "utf8"));
  const drawn = rootElement.diagrams[0].plane.planeElement.map((each) => each.bpmnElement?.id ?? null);
  const kept = rootElement.rootElements[0].extensionElements?.values.map((each) => each.$type) ?? [];
  console.log(JSON.stringify({ warnings: warnings.map((each) => each.message), drawn, kept }));
}
