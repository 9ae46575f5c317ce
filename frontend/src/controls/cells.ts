// The cells of a form by one way of speaking to them, whatever control stands within. `[data-field]` is a
// cell; its value is computed (`[data-computed]`), or entered in a control.

import { controls } from "orderkit:controls";
import { bring, brought } from "./brought";
import type { Control, Taken } from "./control";
import { inputOf, plain } from "./plain";
import { setText } from "./texts";

const byName = new Map(controls.map((each) => [each.name, each]));
const started = new WeakSet<Element>();

const parts = new WeakMap<HTMLElement, [Control, HTMLElement]>();

function partOf(cell: HTMLElement): [Control, HTMLElement] {
  const known = parts.get(cell);
  if (known && cell.contains(known[1])) return known;
  const root = cell.querySelector<HTMLElement>("[data-control]");
  const control = root && (root.dataset.script ? brought(root) : byName.get(root.dataset.control ?? ""));
  const found: [Control, HTMLElement] = root && control ? [control, root] : [plain, cell];
  // Until a script has come, its input is as good as any other; then it is asked for again.
  if (control || !root?.dataset.script) parts.set(cell, found);
  return found;
}

export function isComputed(cell: HTMLElement): boolean {
  return cell.querySelector("[data-computed]") !== null;
}

export function textOf(cell: HTMLElement): string {
  const [control, root] = partOf(cell);
  return control.text(root);
}

/** Returns the value as people read it. */
export function shownOf(cell: HTMLElement): string {
  const output = cell.querySelector<HTMLElement>("[data-computed]");
  if (output) return output.textContent ?? "";
  const [control, root] = partOf(cell);
  return control.shown?.(root) ?? plain.shown!(root);
}

/** Shows a value that nobody typed here. */
export function fillCell(cell: HTMLElement, text: string, shown: string): void {
  const output = cell.querySelector<HTMLElement>("[data-computed]");
  if (output) {
    setText(output, shown);
    return;
  }
  const [control, root] = partOf(cell);
  control.fill(root, text, shown);
}

/** Takes what somebody pasted, as if it had been typed; returns what was not understood. */
export async function takeAll(given: [HTMLElement, string][]): Promise<[HTMLElement, string][]> {
  const byControl = new Map<Control, [HTMLElement, HTMLElement, string][]>();
  for (const [cell, text] of given) {
    const [control, root] = partOf(cell);
    const known = byControl.get(control);
    if (known) known.push([cell, root, text]);
    else byControl.set(control, [[cell, root, text]]);
  }
  const refused: [HTMLElement, string][] = [];
  const asked = [...byControl].map(async ([control, each]) => {
    const pairs = each.map(([, root, text]): [HTMLElement, string] => [root, text]);
    const taken: Taken[] = control.takeAll
      ? await control.takeAll(pairs)
      : await Promise.all(pairs.map(([root, text]) => control.take(root, text)));
    each.forEach(([cell, , text], index) => taken[index] === false && refused.push([cell, text]));
  });
  await Promise.all(asked);
  return refused;
}

/** Says at a cell that a text was not understood, until somebody types there; without a text takes it back. */
export function refuseText(cell: HTMLElement, why: string): void {
  if (!why && cell.dataset.textRefused === undefined) return;
  if (why) cell.dataset.textRefused = "";
  else delete cell.dataset.textRefused;
  showProblem(cell, why);
}

/** Puts the value of one cell into another of the same kind. */
export function copyCell(from: HTMLElement, to: HTMLElement): void {
  const [control, root] = partOf(from);
  if (control.isOfOneRecord) return;
  const shown = control.focusable(root) instanceof HTMLInputElement ? inputOf(root)?.value ?? "" : "";
  fillCell(to, control.text(root), control.shown?.(root) ?? shown);
}

export function focusOf(cell: HTMLElement | undefined): HTMLElement | null {
  if (!cell || isComputed(cell)) return null;
  const [control, root] = partOf(cell);
  return control.focusable(root);
}

export function lockCell(cell: HTMLElement, isLocked: boolean): void {
  const [control, root] = partOf(cell);
  control.lock(root, isLocked);
}

// Several boxes are required, or wrong, as the group that they are.
function markedIn(cell: HTMLElement): Element | null {
  return cell.querySelector("[role=radiogroup], [role=group]") ?? inputOf(cell);
}

export function markRequired(cell: HTMLElement, isRequired: boolean): void {
  cell.querySelector(".field-label-text")?.classList.toggle("field-required", isRequired);
  // A group cannot say of itself that it is required; what stands in it can.
  const group = markedIn(cell);
  const input = group?.getAttribute("role") === "group" ? cell.querySelector("[role=combobox], [role=textbox]") : group;
  if (isRequired) input?.setAttribute("aria-required", "true");
  else input?.removeAttribute("aria-required");
}

export function showProblem(cell: HTMLElement, text: string): void {
  const place = cell.querySelector<HTMLElement>(".field-problem");
  if (place && place.textContent !== text) place.textContent = text;
  const input = markedIn(cell);
  if (text) input?.setAttribute("aria-invalid", "true");
  else input?.removeAttribute("aria-invalid");
}

function startWithin(element: Element): void {
  const roots = [...element.querySelectorAll<HTMLElement>("[data-control]")];
  if (element instanceof HTMLElement && element.dataset.control !== undefined) roots.unshift(element);
  for (const root of roots) {
    if (started.has(root)) continue;
    started.add(root);
    if (root.dataset.script) void bring(root);
    else byName.get(root.dataset.control ?? "")?.start?.(root);
  }
}

/** Starts the controls that stand on the page, and those that come. */
export function startControls(): void {
  startWithin(document.body);
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) if (node instanceof Element) startWithin(node);
  }).observe(document.body, { childList: true, subtree: true });
}
