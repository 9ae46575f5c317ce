// Brings what stands on the page up to date without loading it again: the page is fetched anew, and the
// parts that say `data-live` take on what changed. Scrolling, focus, open menus and what was typed stay.

import htmx from "htmx.org";
import { Idiomorph } from "idiomorph";
import { keepGroups, withOpened } from "../lists/groups";
import { sayGone } from "./gone";

const PARTS = "[data-live][id]";
const ROWS = "[data-card], tr[data-href]";

let running: Promise<void> | null = null;
let isWanted = false;
let holders = 0;

/** Keeps everything as it is, such as while a card is dragged, until `release`. */
export function hold(): void {
  holders += 1;
}

export function release(): void {
  holders = Math.max(0, holders - 1);
  if (!holders && isWanted) void refresh();
}

/** Brings the page up to date. Asked several times at once, it does so once more after the first. */
export function refresh(): Promise<void> {
  if (holders || running) {
    isWanted = true;
    return running ?? Promise.resolve();
  }
  isWanted = false;
  running = bringUpToDate().finally(() => {
    running = null;
    if (isWanted && !holders) void refresh();
  });
  return running;
}

async function bringUpToDate(): Promise<void> {
  const address = window.location.href;
  if (!document.querySelector(PARTS)) return;
  const asked = withOpened(address);
  let fresh: Document;
  try {
    const response = await fetch(asked, { headers: { Accept: "text/html" } });
    if (response.status === 404 || response.status === 403) sayGone(true);
    // Signed out, gone or busy: the page stays as it is, and the next click says why.
    if (!response.ok || response.redirected) return;
    fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  } catch {
    return;
  }
  if (address !== window.location.href) return;
  sayGone(false);
  // What was opened meanwhile has not come along.
  if (holders || withOpened(address) !== asked) {
    isWanted = true;
    return;
  }
  for (const part of document.querySelectorAll<HTMLElement>(PARTS)) {
    const after = fresh.getElementById(part.id);
    if (after) take(part, after);
  }
  // What scripts had added, or asked for later, is put there again by those who did.
  document.dispatchEvent(new CustomEvent("records:refreshed"));
}

function take(part: HTMLElement, after: HTMLElement): void {
  const scrolled = [...part.querySelectorAll<HTMLElement>("[data-keeps-scroll]")].map(
    (each) => [each, each.scrollLeft, each.scrollTop] as const,
  );
  const old = new Map([...part.querySelectorAll<HTMLElement>(ROWS)].map((row) => [keyOf(row), row.textContent]));
  keepGroups(part, after);
  Idiomorph.morph(part, document.importNode(after, true), {
    morphStyle: "outerHTML",
    // Of whatever else has the focus, a link or a cell, the content is what changed.
    ignoreActiveValue: document.activeElement?.matches("input, select, textarea") ?? false,
    callbacks: {
      beforeNodeMorphed: (before) => !(before instanceof Element && isInUse(before)),
      beforeAttributeUpdated: (name, node) => !isShownByScript(name, node),
    },
  });
  const now = document.getElementById(part.id);
  if (!now) return;
  htmx.process(now);
  for (const [each, left, top] of scrolled) each.scrollTo({ left, top, behavior: "instant" });
  for (const row of now.querySelectorAll<HTMLElement>(ROWS)) {
    if (old.get(keyOf(row)) !== row.textContent) shine(row);
  }
}

/** What somebody has open or has typed in stays as it is. */
function isInUse(element: Element): boolean {
  if (element.matches('.menu-panel, [data-menu-button][aria-expanded="true"]')) return true;
  // Sums and pictures that have come stand until the new ones do.
  if (element.matches("tfoot.list-sums:not(.is-awaited), .board-sums:not(.is-awaited), .board-sums-note:not(.is-awaited), .flow:not(.is-awaited)")) return true;
  // Whom a comment names, and the names it offers, stand beside its text: they stay or go together.
  if (element.matches("form[data-say]")) return isBegun(element);
  if (element instanceof HTMLInputElement) {
    return element.type === "checkbox" ? element.checked !== element.defaultChecked : element.value !== element.defaultValue;
  }
  return element instanceof HTMLTextAreaElement && element.value !== element.defaultValue;
}

function isBegun(form: Element): boolean {
  const texts = [...form.querySelectorAll("textarea")];
  const files = [...form.querySelectorAll<HTMLInputElement>("input[type=file]")];
  return texts.some((text) => text.value !== text.defaultValue) || files.some((each) => each.files?.length);
}

/** Which tab and which section is open, which rows are ticked: the server knows nothing of it. */
function isShownByScript(name: string, node: Element): boolean {
  if (node.matches("details")) return name === "open";
  return node.matches("[role=tablist], [role=tab], [role=tabpanel]") && ["hidden", "aria-selected", "tabindex"].includes(name);
}

function keyOf(row: HTMLElement): string {
  return row.dataset.card ?? row.dataset.href ?? "";
}

function shine(row: HTMLElement): void {
  row.classList.add("is-fresh");
  row.addEventListener("animationend", () => row.classList.remove("is-fresh"), { once: true });
}

export function startRefreshing(): void {
  // An answer says so by the header HX-Trigger, when what was done leaves the person on the page.
  document.addEventListener("records:changed", (event) => {
    (event.target as Element).closest<HTMLDialogElement>("dialog[open]")?.close();
    void refresh();
  });
}
