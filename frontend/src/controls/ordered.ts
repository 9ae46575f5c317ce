// A list whose items are put in order, by dragging their grip or by the arrow keys on it. `[data-ordered]` is
// the list, its children with `[data-item]` the items; who keeps the list hears a change of it.

const BACK = new Set(["ArrowLeft", "ArrowUp"]);
const ON = new Set(["ArrowRight", "ArrowDown"]);

interface Drag {
  list: HTMLElement;
  item: HTMLElement;
  before: Element | null;
}

let drag: Drag | null = null;

function itemOf(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>("[data-item]") : null;
}

function gripOf(event: Event): HTMLElement | null {
  const grip = (event.target as Element).closest?.<HTMLElement>("[data-ordered] [data-grip]") ?? null;
  return grip && !grip.closest(".is-locked") ? grip : null;
}

function told(list: HTMLElement, item: HTMLElement): void {
  const root = list.closest<HTMLElement>("[data-place]");
  const status = root?.querySelector<HTMLElement>("[data-item-status]");
  const place = [...list.children].indexOf(item) + 1;
  if (root && status) {
    status.textContent = (root.dataset.place ?? "").replace("{place}", String(place)).replace("{count}", String(list.children.length));
  }
  list.dispatchEvent(new Event("change", { bubbles: true }));
}

function onKey(event: KeyboardEvent): void {
  const grip = gripOf(event);
  const item = grip && itemOf(grip);
  const list = item?.parentElement;
  if (!grip || !item || !list || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.key === "Delete" || event.key === "Backspace") {
    event.preventDefault();
    item.querySelector<HTMLElement>("[data-item-remove]")?.click();
    return;
  }
  const isBack = BACK.has(event.key);
  if (!isBack && !ON.has(event.key)) return;
  event.preventDefault();
  const beside = isBack ? item.previousElementSibling : item.nextElementSibling;
  if (!beside) return;
  if (isBack) beside.before(item);
  else beside.after(item);
  grip.focus();
  told(list, item);
}

function onMove(event: PointerEvent): void {
  if (!drag) return;
  const over = itemOf(document.elementFromPoint(event.clientX, event.clientY));
  if (!over || over === drag.item || over.parentElement !== drag.list) return;
  drag.item.classList.add("is-dragged");
  const isLater = Boolean(drag.item.compareDocumentPosition(over) & Node.DOCUMENT_POSITION_FOLLOWING);
  if (isLater) over.after(drag.item);
  else over.before(drag.item);
}

function onEnd(): void {
  if (!drag) return;
  const { list, item, before } = drag;
  drag = null;
  item.classList.remove("is-dragged");
  if (item.nextElementSibling !== before) told(list, item);
}

export function startOrdered(): void {
  document.addEventListener("keydown", onKey);
  document.addEventListener("pointerdown", (event) => {
    const grip = event.button === 0 ? gripOf(event) : null;
    const item = grip && itemOf(grip);
    if (item?.parentElement) drag = { list: item.parentElement, item, before: item.nextElementSibling };
  });
  document.addEventListener("pointermove", onMove);
  document.addEventListener("pointerup", onEnd);
  document.addEventListener("pointercancel", onEnd);
}
