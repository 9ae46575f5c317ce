// The cells of a form by one way of speaking to them, whatever control stands within. `[data-field]` is a
// cell; its value is computed (`[data-computed]`), or entered in a control.

import { controls } from "orderkit:controls";
import type { Control } from "./control";
import { inputOf, plain } from "./plain";

const byName = new Map(controls.map((each) => [each.name, each]));
const started = new WeakSet<Element>();

function partOf(cell: HTMLElement): [Control, HTMLElement] {
  const root = cell.querySelector<HTMLElement>("[data-control]");
  const control = root && byName.get(root.dataset.control ?? "");
  return root && control ? [control, root] : [plain, cell];
}

export function isComputed(cell: HTMLElement): boolean {
  return cell.querySelector("[data-computed]") !== null;
}

export function textOf(cell: HTMLElement): string {
  const [control, root] = partOf(cell);
  return control.text(root);
}

/** Shows a value that nobody typed here. */
export function fillCell(cell: HTMLElement, text: string, shown: string): void {
  const output = cell.querySelector<HTMLElement>("[data-computed]");
  const [control, root] = partOf(cell);
  if (output) output.textContent = shown;
  else control.fill(root, text, shown);
}

/** Takes what somebody pasted, as if it had been typed. */
export function takeInto(cell: HTMLElement, text: string): void | Promise<void> {
  const [control, root] = partOf(cell);
  return control.take(root, text);
}

/** Puts the value of one cell into another of the same kind. */
export function copyCell(from: HTMLElement, to: HTMLElement): void {
  const [control, root] = partOf(from);
  fillCell(to, control.text(root), control.focusable(root) instanceof HTMLInputElement ? inputOf(root)?.value ?? "" : "");
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

export function markRequired(cell: HTMLElement, isRequired: boolean): void {
  cell.querySelector(".field-label-text")?.classList.toggle("field-required", isRequired);
  const input = inputOf(cell);
  if (isRequired) input?.setAttribute("aria-required", "true");
  else input?.removeAttribute("aria-required");
}

export function showProblem(cell: HTMLElement, text: string): void {
  const place = cell.querySelector<HTMLElement>(".field-problem");
  if (place && place.textContent !== text) place.textContent = text;
  const input = inputOf(cell);
  if (text) input?.setAttribute("aria-invalid", "true");
  else input?.removeAttribute("aria-invalid");
}

function startWithin(element: Element): void {
  const roots = [...element.querySelectorAll<HTMLElement>("[data-control]")];
  if (element instanceof HTMLElement && element.dataset.control !== undefined) roots.unshift(element);
  for (const root of roots) {
    if (started.has(root)) continue;
    started.add(root);
    byName.get(root.dataset.control ?? "")?.start?.(root);
  }
}

/** Starts the controls that stand on the page, and those that come. */
export function startControls(): void {
  startWithin(document.body);
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) if (node instanceof Element) startWithin(node);
  }).observe(document.body, { childList: true, subtree: true });
}
