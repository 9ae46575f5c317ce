// The items of a field that holds several values: each an element with `[data-item]` that carries a tick under
// the field's name. Those that once stood in a field are remembered, so that they can come back.

const MANY_JOINT = /、|, /;

const seen = new WeakMap<HTMLElement, Map<string, HTMLElement>>();

function memoryOf(root: HTMLElement): Map<string, HTMLElement> {
  const known = seen.get(root) ?? new Map<string, HTMLElement>();
  seen.set(root, known);
  for (const item of itemsOf(root)) known.set(item.dataset.item ?? "", item);
  return known;
}

export function listOf(root: HTMLElement): HTMLElement | null {
  return root.querySelector<HTMLElement>("[data-ordered]");
}

/** Returns the items that stand for a value; one whose file is still on its way does not. */
export function itemsOf(root: HTMLElement): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>("[data-item]")].filter((item) => item.dataset.item);
}

export function idsOf(root: HTMLElement): string {
  return itemsOf(root).map((item) => item.dataset.item).join(",");
}

export function labelOf(item: HTMLElement): string {
  return item.querySelector(".file-chip-name, .token-name")?.textContent?.trim() ?? "";
}

/** Makes an empty item; `setValue` says of what. */
export function newItem(root: HTMLElement): HTMLElement {
  const template = root.querySelector<HTMLTemplateElement>("[data-item-template]")!;
  return template.content.firstElementChild!.cloneNode(true) as HTMLElement;
}

export function setValue(root: HTMLElement, item: HTMLElement, id: string, label: string): void {
  item.dataset.item = id;
  const tick = item.querySelector<HTMLInputElement>(".item-keep")!;
  tick.name = root.dataset.name ?? "";
  tick.value = id;
  tick.setAttribute("aria-label", label);
  const name = item.querySelector<HTMLElement>(".file-chip-name, .token-name")!;
  name.textContent = label;
  item.querySelector("[data-item-remove]")?.setAttribute("aria-label", (root.dataset.remove ?? "").replace("{item}", label));
  const words = root.dataset.move;
  if (words) item.querySelector("[data-grip]")?.setAttribute("aria-label", words.replace("{item}", label));
}

/** Shows these values, in this order; `make` makes an item of one that never stood here. */
export function fillItems(root: HTMLElement, text: string, shown: string, make: (id: string, label: string) => HTMLElement | null): void {
  const list = listOf(root);
  if (!list || idsOf(root) === text) return;
  const known = memoryOf(root);
  const ids = text ? text.split(",") : [];
  const labels = shown.split(MANY_JOINT);
  const items = ids.map((id, at) => known.get(id) ?? make(id, labels.length === ids.length ? labels[at]! : ids.length === 1 ? shown : `#${id}`));
  list.replaceChildren(...items.filter((item) => item !== null));
}

/** Tells the form that the value is another. */
export function changed(root: HTMLElement): void {
  root.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Takes an item out and puts the keyboard where one goes on from there. */
export function removeItem(root: HTMLElement, item: HTMLElement, elsewhere: HTMLElement | null): void {
  memoryOf(root);
  const selector = "[data-grip], [data-item-remove]";
  const beside = (item.nextElementSibling ?? item.previousElementSibling)?.querySelector<HTMLElement>(selector);
  const hadFocus = item.contains(document.activeElement);
  item.remove();
  if (hadFocus) (beside ?? elsewhere)?.focus();
  changed(root);
}
