// Several ticks that make one value (choices), and radios of which one is the value (stars).

import type { Control } from "./control";

function boxes(root: Element): HTMLInputElement[] {
  return [...root.querySelectorAll<HTMLInputElement>("input[type=checkbox], input[type=radio]")];
}

function labelOf(box: HTMLInputElement): string {
  return box.closest("label")?.textContent?.trim() ?? "";
}

function lock(root: HTMLElement, isLocked: boolean): void {
  for (const box of boxes(root)) box.disabled = isLocked;
}

export const ticks: Control = {
  name: "ticks",
  text: (root) => boxes(root).filter((box) => box.checked).map((box) => box.value).join(","),
  fill(root, text) {
    const chosen = text.split(",");
    for (const box of boxes(root)) box.checked = chosen.includes(box.value);
  },
  take(root, text) {
    const chosen = text.split(/[,，、;；\n|]/).map((each) => each.trim());
    for (const box of boxes(root)) box.checked = chosen.includes(box.value) || chosen.includes(labelOf(box));
  },
  focusable: (root) => boxes(root).find((box) => !box.disabled) ?? null,
  lock,
};

export const stars: Control = {
  name: "stars",
  text: (root) => boxes(root).find((box) => box.checked)?.value ?? "",
  fill(root, text) {
    for (const box of boxes(root)) box.checked = box.value === text;
  },
  take(root, text) {
    const plain = text.trim();
    const count = /^★+☆*$/.test(plain) ? plain.lastIndexOf("★") + 1 : Number(plain);
    stars.fill(root, count ? String(count) : "", "");
  },
  focusable(root) {
    const open = boxes(root).filter((box) => !box.disabled);
    return open.find((box) => box.checked) ?? open[0] ?? null;
  },
  lock,
};
