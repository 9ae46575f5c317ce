// JSON text, looked at while one types: what is wrong is said with its place, and the caret can be put there.

import { refuseText } from "orderkit/controls/cells";
import type { Control } from "orderkit/controls/control";
import { inputOf, plain } from "orderkit/controls/plain";
import { faultIn } from "./fault";

const WAIT_MS = 350;

function look(root: HTMLElement): void {
  const cell = root.closest<HTMLElement>("[data-field]");
  const fault = faultIn(inputOf(root)?.value ?? "");
  const words = (fault?.isDouble ? root.dataset.double : root.dataset.wrong) ?? "";
  const tidy = root.querySelector<HTMLButtonElement>("[data-json-tidy]");
  if (tidy) tidy.disabled = fault !== null;
  if (cell) refuseText(cell, fault ? words.replace("{line}", String(fault.line)).replace("{column}", String(fault.column)) : "");
}

function tidied(text: string): string {
  // Digits that a number of this language cannot hold would be lost.
  return /\d{16}|\d\.\d{12}/.test(text) ? text : JSON.stringify(JSON.parse(text), null, 2);
}

export const control: Control = {
  ...plain,
  name: "json",
  start(root) {
    const input = inputOf(root) as HTMLTextAreaElement;
    let timer = 0;
    input.addEventListener("input", () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => look(root), WAIT_MS);
    });
    root.querySelector("[data-json-tidy]")?.addEventListener("click", () => {
      if (input.readOnly || !input.value.trim() || faultIn(input.value)) return;
      input.value = tidied(input.value);
      for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind, { bubbles: true }));
      input.focus();
    });
  },
};
