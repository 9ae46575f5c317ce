// A span of time as it is typed, with what it is read as beneath; of a bare number it asks the unit.

import type { Control } from "orderkit/controls/control";
import { inputOf, plain } from "orderkit/controls/plain";
import { amountsOf, secondsOf } from "orderkit/controls/spans";

const NUMBER = /^\d{1,6}(\.\d{1,2})?$/;

function settle(root: HTMLElement): void {
  const text = inputOf(root)?.value.trim() ?? "";
  const units = root.querySelector<HTMLElement>("[data-duration-units]");
  if (units) units.hidden = !NUMBER.test(text) || (inputOf(root) as HTMLInputElement).readOnly;
  const place = root.querySelector<HTMLElement>("[data-duration-read]");
  if (!place) return;
  const seconds = secondsOf(text);
  const words = (root.dataset.units ?? "").split("|");
  const parts = seconds === undefined ? [] : amountsOf(seconds).map((amount, at) => (amount ? `${amount}${words[at]}` : ""));
  place.textContent = parts.join("").trim();
}

export const control: Control = {
  ...plain,
  name: "duration",
  start(root) {
    settle(root);
    root.addEventListener("input", () => settle(root));
    root.addEventListener("click", (event) => {
      const unit = (event.target as Element).closest<HTMLElement>("[data-unit]")?.dataset.unit;
      const input = inputOf(root) as HTMLInputElement | null;
      if (!unit || !input) return;
      input.value = `${input.value.trim()}${unit}`;
      for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind, { bubbles: true }));
      input.focus();
    });
  },
  fill(root, text, shown) {
    plain.fill(root, text, shown);
    settle(root);
  },
  take(root, text) {
    const isTaken = plain.take(root, text);
    settle(root);
    return isTaken;
  },
};
