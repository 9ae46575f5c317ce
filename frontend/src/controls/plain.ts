// The control of every field that has no other: an input, a select or a text area of the browser.

import type { Control } from "./control";

type Input = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

const TRUE = ["1", "true", "yes", "y", "是", "√", "✓"];

export function inputOf(root: Element): Input | null {
  return root.querySelector<Input>("input:not([type=hidden]):not([type=file]), select, textarea");
}

function isTick(input: Input): input is HTMLInputElement {
  return input instanceof HTMLInputElement && input.type === "checkbox";
}

export const plain: Control = {
  name: "",
  text(root) {
    const input = inputOf(root);
    if (!input) return "";
    return isTick(input) ? String(input.checked) : input.value;
  },
  fill(root, text) {
    const input = inputOf(root);
    if (!input || input === document.activeElement) return;
    if (isTick(input)) input.checked = text === "true";
    else if (input.value !== text) input.value = text;
  },
  take(root, text) {
    const input = inputOf(root);
    if (input instanceof HTMLSelectElement) {
      const option = [...input.options].find((each) => each.value === text || each.text.trim() === text);
      if (option) input.value = option.value;
    } else if (input && isTick(input)) input.checked = TRUE.includes(text.toLowerCase());
    else if (input) input.value = text;
  },
  focusable(root) {
    const input = inputOf(root);
    const isOpen = input && !input.disabled && !(!(input instanceof HTMLSelectElement) && input.readOnly);
    return isOpen ? input : null;
  },
  lock(root, isLocked) {
    const input = inputOf(root);
    if (!input) return;
    if (input instanceof HTMLSelectElement || isTick(input)) input.disabled = isLocked;
    else input.readOnly = isLocked;
  },
};
