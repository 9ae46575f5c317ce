// `serve --dev` only: shows what is wrong with the project in the page, and loads it again when it is saved, at the same place.

import { comeBack, reloadHere } from "./dev/place";

interface State {
  build: string;
  findings: string;
}

const ADDRESS = "/dev/state";
let build: string | null = null;

function show(findings: string): void {
  let panel = document.getElementById("diagnostics");
  if (!findings) {
    panel?.remove();
    return;
  }
  if (!panel) {
    panel = document.createElement("pre");
    panel.id = "diagnostics";
    panel.className = "diagnostics";
    panel.setAttribute("role", "alert");
    document.body.append(panel);
  }
  panel.textContent = findings;
}

comeBack();
const events = new EventSource(ADDRESS);
events.addEventListener("message", (event) => {
  const state = JSON.parse(event.data as string) as State;
  show(state.findings);
  if (build !== null && build !== state.build && !state.findings) reloadHere();
  build = state.build;
});
