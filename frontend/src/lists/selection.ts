// Ticking records of a list: one by one, ranges with Shift, all of the page; by mouse, keyboard and finger. The ticks
// belong to a form (`components/selection.html`), which works alone; here is what makes it quick.

import { chosenWith, forgetChosen, keepChosen, listOf, readChosen } from "./chosen";

const HOLD_MS = 450;
const MOVED_PX = 10;

let anchor: HTMLInputElement | null = null; // Where a range begins: what was ticked or cleared last.
const known = new WeakMap<HTMLInputElement, string>(); // Ticks that have been looked at, and for which record.
let shown = { page: "", ids: new Set<string>() };
let wasHeld = false; // A finger was held: the click that ends it does not open the record.

function ticks(): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLInputElement>("[data-select]")];
}

function tickOf(row: Element | null | undefined): HTMLInputElement | null {
  return row?.querySelector<HTMLInputElement>("[data-select]") ?? null;
}

function rowOf(element: Element | null): HTMLTableRowElement | null {
  const row = element?.closest?.("tr") ?? null;
  return row instanceof HTMLTableRowElement && tickOf(row) ? row : null;
}

function modeBox(): HTMLInputElement | null {
  return document.querySelector<HTMLInputElement>("[data-select-mode]");
}

function isNarrow(): boolean {
  const mode = modeBox()?.closest("div");
  return mode ? getComputedStyle(mode).display !== "none" : false;
}

/** Ticks on a page that has come what was chosen when it was last here, and lets go what has left it meanwhile. */
function recall(all: HTMLInputElement[]): Set<string> {
  const list = listOf(window.location.href);
  const before = readChosen(list);
  for (const tick of all) {
    if (known.get(tick) !== tick.value && before.has(tick.value)) tick.checked = true;
    known.set(tick, tick.value);
  }
  const ids = chosenWith(before, all);
  const here = new Set(all.map((tick) => tick.value));
  if (shown.page === window.location.href) for (const id of shown.ids) if (!here.has(id)) ids.delete(id);
  shown = { page: window.location.href, ids: here };
  keepChosen(list, ids);
  return new Set([...ids].filter((id) => !here.has(id)));
}

/** Shows what is ticked: in the head of the column, and as a number in the bar, which also knows those of other pages. */
function refresh(): void {
  // Asked on every change of any page: most have nothing to tick.
  const bar = document.getElementById("selection");
  if (!bar) return;
  const all = ticks();
  const others = recall(all);
  const chosen = all.filter((tick) => tick.checked);
  const page = document.querySelector<HTMLInputElement>("[data-select-page]");
  if (page) {
    page.checked = all.length > 0 && chosen.length === all.length;
    page.indeterminate = chosen.length > 0 && chosen.length < all.length;
  }
  const everything = document.querySelector<HTMLInputElement>("[data-select-all]");
  // "All that match" says more than the page; with a tick taken out it is no longer so.
  if (everything && chosen.length < all.length) everything.checked = false;
  bar.closest(".selection")?.classList.toggle("has-others", others.size > 0);
  const sent = bar.querySelector<HTMLInputElement>("[data-select-others]");
  if (sent) sent.value = [...others].join(",");
  const count = document.querySelector<HTMLElement>("[data-select-count]");
  if (!count || !(chosen.length || others.size)) return;
  const some = (others.size ? count.dataset.others : count.dataset.some) ?? "";
  const numbered = some.replace("{count}", String(chosen.length + others.size)).replace("{others}", String(others.size));
  const text = everything?.checked ? count.dataset.all ?? "" : numbered;
  if (count.textContent !== text) count.textContent = text;
}

function hasChosen(): boolean {
  return ticks().some((tick) => tick.checked) || document.querySelector(".selection.has-others") !== null;
}

function set(tick: HTMLInputElement, isChecked: boolean, isRange: boolean): void {
  const all = ticks();
  const from = anchor ? all.indexOf(anchor) : -1;
  const to = all.indexOf(tick);
  if (isRange && from >= 0) for (const each of all.slice(Math.min(from, to), Math.max(from, to) + 1)) each.checked = isChecked;
  else tick.checked = isChecked;
  anchor = tick;
  refresh();
}

function clear(): void {
  document.querySelector<HTMLFormElement>("[data-selection]")?.reset();
  anchor = null;
}

function setPage(isChecked: boolean): void {
  for (const tick of ticks()) tick.checked = isChecked;
  refresh();
}

/** Ticks come before anything else that a click on a row does: its cell, and on a phone the whole card. */
function onClick(event: MouseEvent): void {
  const target = event.target as Element;
  const row = rowOf(target);
  const tick = tickOf(row);
  if (!row || !tick) return;
  if (target === tick) {
    set(tick, tick.checked, event.shiftKey);
    return;
  }
  const isChoosing = isNarrow() && modeBox()?.checked;
  if (!wasHeld && !isChoosing && !target.closest(".select-tick")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!wasHeld) set(tick, !tick.checked, event.shiftKey);
  wasHeld = false;
}

function onHold(event: PointerEvent): void {
  const tick = tickOf(rowOf(event.target as Element));
  if (event.pointerType !== "touch" || !tick || !isNarrow()) return;
  wasHeld = false;
  const { clientX, clientY } = event;
  const timer = window.setTimeout(() => {
    wasHeld = true;
    const mode = modeBox();
    if (mode) mode.checked = true;
    set(tick, !tick.checked, false);
    navigator.vibrate?.(10);
    stop();
  }, HOLD_MS);
  const moved = (move: PointerEvent): void => {
    if (Math.hypot(move.clientX - clientX, move.clientY - clientY) > MOVED_PX) stop();
  };
  function stop(): void {
    window.clearTimeout(timer);
    document.removeEventListener("pointermove", moved);
    for (const name of ["pointerup", "pointercancel"]) document.removeEventListener(name, stop);
  }
  document.addEventListener("pointermove", moved, { passive: true });
  for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, stop);
}

/** Goes to another row: to the same cell of it where that can be reached, else to its link. */
function goTo(row: HTMLTableRowElement | undefined): void {
  const from = document.activeElement?.closest("td");
  const same = from?.matches(":not(:has(.row-link))") ? row?.cells[from.cellIndex] : undefined;
  (same?.hasAttribute("tabindex") ? same : row?.querySelector<HTMLElement>(".row-link"))?.focus();
  row?.scrollIntoView({ block: "nearest" });
}

function onArrow(event: KeyboardEvent, row: HTMLTableRowElement, step: number): void {
  const all = ticks();
  const tick = tickOf(row)!;
  const next = all[all.indexOf(tick) + step];
  event.preventDefault();
  if (!next) return;
  if (event.shiftKey) {
    if (!anchor || !tick.checked) set(tick, true, false);
    // Walking back over what was just ticked takes it out again.
    if (next.checked) tick.checked = false;
    next.checked = true;
    anchor = next;
    refresh();
  }
  goTo(next.closest("tr") ?? undefined);
}

function isTyping(element: Element | null): boolean {
  if (!(element instanceof HTMLElement)) return false;
  if (element instanceof HTMLInputElement) return element.type !== "checkbox";
  return element.isContentEditable || element.matches("textarea, select, [role=combobox]");
}

function onKey(event: KeyboardEvent): void {
  const focus = document.activeElement;
  if (event.defaultPrevented || event.isComposing || isTyping(focus) || document.querySelector("dialog[open]")) return;
  if (!ticks().length || focus?.closest("[data-menu], .menu-panel")) return;
  const row = rowOf(focus);
  const isCommand = event.ctrlKey || event.metaKey;
  if (event.key === "Escape" && hasChosen()) clear();
  else if (isCommand && row && event.key.toLowerCase() === "a") {
    event.preventDefault();
    setPage(true);
  } else if (isCommand || event.altKey) return;
  else if (row && (event.key === "ArrowDown" || event.key === "ArrowUp")) onArrow(event, row, event.key === "ArrowDown" ? 1 : -1);
  else if (event.key === "x" || event.key === "X") {
    const tick = tickOf(row ?? document.querySelector("tr[data-href]:hover"));
    if (tick) set(tick, !tick.checked, event.shiftKey);
  } else if (event.key === "j" || event.key === "k") {
    const all = ticks().map((tick) => tick.closest("tr") as HTMLTableRowElement);
    const at = row ? all.indexOf(row) + (event.key === "j" ? 1 : -1) : 0;
    goTo(all[at]);
  }
}

export function startSelection(): void {
  document.addEventListener("click", onClick, { capture: true });
  document.addEventListener("pointerdown", onHold);
  document.addEventListener("contextmenu", (event) => {
    // The browser's own menu of a held link.
    if (wasHeld) event.preventDefault();
  });
  document.addEventListener("change", (event) => {
    const box = event.target as HTMLInputElement;
    if (box.matches?.("[data-select-page]")) setPage(box.checked);
    else if (box.matches?.("[data-select-all]")) {
      if (box.checked) setPage(true);
      box.checked = box.checked && ticks().every((tick) => tick.checked);
      refresh();
    } else if (box.matches?.("[data-select-mode]") && !box.checked) clear();
  });
  document.addEventListener("reset", (event) => {
    if (!(event.target as Element).matches?.("[data-selection]")) return;
    keepChosen(listOf(window.location.href), new Set());
    window.setTimeout(refresh);
  });
  // What was done to them is done: the next choice begins anew.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr } = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail;
    if (xhr.status === 204 && (event.target as Element).closest?.("#asked")) clear();
  });
  document.addEventListener("submit", (event) => {
    if ((event.target as Element).matches('form[action="/sign-out"]')) forgetChosen();
  });
  document.addEventListener("records:refreshed", refresh);
  document.addEventListener("keydown", onKey);
  // What others do brings rows and takes them away; the number and the head follow the ticks that are left.
  new MutationObserver(refresh).observe(document.body, { childList: true, characterData: true, subtree: true });
  // A page that the browser has kept, or restored, may have ticks in it.
  window.addEventListener("pageshow", refresh);
  refresh();
}
