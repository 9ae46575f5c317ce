// The input of every number: thousands apart while nobody types in it, `=12*3` worked out on leaving.

import { bare, grouped, inWords, workedOut } from "./amounts";
import type { Control } from "./control";
import { inputOf, plain } from "./plain";

const ROOT = '[data-control="number"]';

function inputIn(root: Element): HTMLInputElement | null {
  const found = inputOf(root);
  return found instanceof HTMLInputElement ? found : null;
}

function write(input: HTMLInputElement, text: string): void {
  if (input.value !== text) input.value = text;
}

function showWords(root: Element): void {
  const place = root.querySelector<HTMLElement>("[data-words]");
  const input = inputIn(root);
  if (!place || !input) return;
  const { words, isLarge } = inWords(input.value);
  place.textContent = words;
  // Once there they stay: what a press on a button is meant for must not move away under it.
  place.hidden = !words || (place.hidden && !isLarge && input !== document.activeElement);
}

function rest(root: Element): void {
  const input = inputIn(root);
  if (input && input !== document.activeElement) write(input, grouped(input.value));
  showWords(root);
}

export const number: Control = {
  name: "number",
  start: rest,
  text: (root) => bare(inputIn(root)?.value ?? ""),
  fill(root, text) {
    const input = inputIn(root);
    if (input && input !== document.activeElement) write(input, grouped(text));
    showWords(root);
  },
  take(root, text) {
    const input = inputIn(root);
    if (input) write(input, workedOut(text) ?? text);
    rest(root);
  },
  focusable: plain.focusable,
  lock: plain.lock,
};

export function startNumbers(): void {
  const rootOf = (event: Event): HTMLElement | null => (event.target as Element).closest?.<HTMLElement>(ROOT) ?? null;
  document.addEventListener("focusin", (event) => {
    const root = rootOf(event);
    const input = root && inputIn(root);
    if (!input) return;
    const text = bare(input.value);
    if (!input.readOnly && text !== input.value) {
      input.value = text;
      // Who comes by Tab finds it all selected; writing has undone that.
      input.select();
    }
    showWords(root);
  });
  document.addEventListener("focusout", (event) => {
    const root = rootOf(event);
    const input = root && inputIn(root);
    if (!input) return;
    write(input, grouped(input.value));
  });
  document.addEventListener("input", (event) => {
    const root = rootOf(event);
    if (root) showWords(root);
  });
  // Before the form hears of it: what it hears of is the result.
  document.addEventListener(
    "change",
    (event) => {
      const root = rootOf(event);
      const input = root && inputIn(root);
      if (input) write(input, workedOut(input.value) ?? input.value);
      if (root) showWords(root);
    },
    { capture: true },
  );
  // What is sent is the number as it was typed, without the commas that only help reading.
  document.addEventListener("formdata", (event) => {
    for (const root of (event.target as Element).querySelectorAll(ROOT)) {
      const input = inputIn(root);
      if (input?.name && !input.disabled && bare(input.value) !== input.value) event.formData.set(input.name, bare(input.value));
    }
  });
}
