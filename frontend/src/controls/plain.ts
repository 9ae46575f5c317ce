// The control of every field that has no other: an input, a select or a text area of the browser.

import type { Control } from "./control";

type Input = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

const DAY = /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$/;
const TRUE = ["1", "true", "yes", "y", "是", "√", "✓"];
const FALSE = ["", "0", "false", "no", "n", "否", "×", "✗"];

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
      if (!option) return false;
      input.value = option.value;
    } else if (input && isTick(input)) {
      const isTrue = TRUE.includes(text.toLowerCase());
      if (!isTrue && !FALSE.includes(text.toLowerCase())) return false;
      input.checked = isTrue;
    } else if (input) {
      const [, year, month = "", day = ""] = (input.type === "date" && DAY.exec(text)) || [];
      const meant = year ? `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` : text;
      const before = input.value;
      input.value = meant;
      // An input of the browser's own that cannot hold a text empties itself.
      if (meant && !input.value) {
        input.value = before;
        return false;
      }
    }
    return true;
  },
  shown(root) {
    const input = inputOf(root);
    if (!input) return "";
    if (isTick(input)) return String(input.checked).toUpperCase();
    return input instanceof HTMLSelectElement ? input.selectedOptions[0]?.text.trim() ?? "" : input.value;
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
