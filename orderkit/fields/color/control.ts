// A colour by its digits, and the browser's own way to choose one beside them.

import type { Control } from "orderkit/controls/control";
import { inputOf, plain } from "orderkit/controls/plain";

const HEX = /^#?([0-9a-f]{6}|[0-9a-f]{3})$/i;

function wellOf(root: Element): HTMLInputElement | null {
  return root.querySelector<HTMLInputElement>("[data-color-well]");
}

// Both show one colour; without one the well is empty.
function settle(root: Element): void {
  const well = wellOf(root);
  const digits = HEX.exec(inputOf(root)?.value.trim() ?? "")?.[1]?.toLowerCase();
  if (digits && well) well.value = `#${digits.length === 3 ? digits.replace(/./g, "$&$&") : digits}`;
  well?.classList.toggle("is-none", !digits);
}

export const control: Control = {
  ...plain,
  name: "color",
  start(root) {
    settle(root);
    root.addEventListener("input", (event) => {
      const well = wellOf(root);
      if (event.target === well && well) inputOf(root)!.value = well.value;
      settle(root);
    });
  },
  fill(root, text, shown) {
    plain.fill(root, text, shown);
    settle(root);
  },
  take(root, text) {
    const isTaken = plain.take(root, text.trim());
    settle(root);
    return isTaken;
  },
  lock(root, isLocked) {
    plain.lock(root, isLocked);
    const well = wellOf(root);
    if (well) well.disabled = isLocked;
  },
};
