// The text of a code: typed, read by the camera, or by a scanner, which types fast and ends with Enter.

import type { Control } from "orderkit/controls/control";
import { inputOf, plain } from "orderkit/controls/plain";
import { scan } from "orderkit/controls/scanning";

const OPEN = "input:not([type=hidden]):not([type=file]):not([readonly]):not([disabled]), select:not([disabled]), textarea:not([readonly])";

function put(input: HTMLInputElement, text: string): void {
  input.value = text;
  for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind, { bubbles: true }));
}

// The Enter of a scanner ends a code; it is not meant to save the record.
function goOn(input: HTMLInputElement): void {
  const all = [...(input.form?.querySelectorAll<HTMLElement>(OPEN) ?? [])].filter((each) => each.getClientRects().length);
  const next = all[all.indexOf(input) + 1];
  if (next) next.focus();
  else input.blur();
}

export const control: Control = {
  ...plain,
  name: "barcode",
  start(root) {
    const input = inputOf(root) as HTMLInputElement;
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || event.ctrlKey || root.closest("[data-lines]")) return;
      event.preventDefault();
      goOn(input);
    });
    root.querySelector("[data-scan]")?.addEventListener("click", () => {
      void scan(root.dataset.symbology ?? "").then((text) => {
        if (text !== null) put(input, text);
        input.focus();
      });
    });
  },
  lock(root, isLocked) {
    plain.lock(root, isLocked);
    root.querySelector<HTMLElement>("[data-scan]")?.toggleAttribute("hidden", isLocked);
  },
};
