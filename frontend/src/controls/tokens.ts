// Several records in one field: chips in their order, and a combobox in which one types to add another.

import type { Control, Taken } from "./control";
import { changed, fillItems, idsOf, itemsOf, labelOf, listOf, newItem, removeItem, setValue } from "./items";
import { meantBy, setPicker } from "./picker";

const BETWEEN = /[,，、;；\n|]/;

function comboboxOf(root: HTMLElement): HTMLInputElement | null {
  return root.querySelector<HTMLInputElement>("[role=combobox]");
}

function pickerOf(root: HTMLElement): HTMLElement {
  return root.querySelector<HTMLElement>("[data-picker]")!;
}

function made(root: HTMLElement, id: string, label: string): HTMLElement {
  const item = newItem(root);
  setValue(root, item, id, label);
  return item;
}

function add(root: HTMLElement, id: string, label: string): void {
  if (itemsOf(root).some((item) => item.dataset.item === id)) return;
  listOf(root)?.append(made(root, id, label));
}

function partsOf(text: string): string[] {
  return text.split(BETWEEN).map((each) => each.trim()).filter(Boolean);
}

// What several pasted names mean is added; a name that means nothing is left standing to be put right.
async function pasteInto(root: HTMLElement, parts: string[]): Promise<void> {
  const meant = await meantBy(parts.map((part) => [pickerOf(root), part]));
  for (const each of meant) if (each) add(root, each.id, each.title);
  const input = comboboxOf(root)!;
  input.value = parts.filter((_, at) => !meant[at]).join(" ");
  if (input.value) input.setAttribute("aria-invalid", "true");
  changed(root);
}

async function takeOne(root: HTMLElement, text: string): Promise<boolean> {
  const parts = partsOf(text);
  const picker = pickerOf(root);
  const meant = parts.length ? await meantBy(parts.map((part) => [picker, part])) : [];
  const known = meant.filter((each) => each !== null);
  if (known.length < parts.length) return false;
  listOf(root)?.replaceChildren(...known.map((each) => made(root, each.id, each.title)));
  return true;
}

export const tokens: Control = {
  name: "tokens",
  start(root) {
    root.classList.add("is-live");
    if (!listOf(root)) return;
    // Before the form hears of it: what was picked has then become a chip.
    root.addEventListener("change", (event) => {
      const hidden = event.target as HTMLInputElement;
      if (!hidden.matches("[data-picker-value]") || !hidden.value) return;
      add(root, hidden.value, comboboxOf(root)!.dataset.title ?? "");
      setPicker(pickerOf(root), "", "", true);
    });
    root.addEventListener("click", (event) => {
      const item = (event.target as Element).closest("[data-item-remove]")?.closest<HTMLElement>("[data-item]");
      if (item && !root.classList.contains("is-locked")) removeItem(root, item, comboboxOf(root));
    });
    comboboxOf(root)?.addEventListener("paste", (event) => {
      const text = event.clipboardData?.getData("text/plain") ?? "";
      const parts = partsOf(text);
      // A block with several cells or rows is the table's.
      if (parts.length < 2 || /[\t\n]/.test(text.trim())) return;
      event.preventDefault();
      event.stopPropagation();
      void pasteInto(root, parts);
    });
    comboboxOf(root)?.addEventListener("keydown", (event) => {
      const last = itemsOf(root).at(-1);
      if (event.key !== "Backspace" || comboboxOf(root)!.value || !last || event.repeat) return;
      event.preventDefault();
      last.remove();
      changed(root);
    });
  },
  text: idsOf,
  fill(root, text, shown) {
    fillItems(root, text, shown, (id, label) => made(root, id, label));
  },
  take: takeOne,
  async takeAll(pairs): Promise<Taken[]> {
    return Promise.all(pairs.map(([root, text]) => takeOne(root, text)));
  },
  shown: (root) => itemsOf(root).map(labelOf).join("、"),
  focusable(root) {
    const input = comboboxOf(root);
    return input && !input.readOnly ? input : null;
  },
  lock(root, isLocked) {
    root.classList.toggle("is-locked", isLocked);
    comboboxOf(root)?.toggleAttribute("readonly", isLocked);
  },
};
