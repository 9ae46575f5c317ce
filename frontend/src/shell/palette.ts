// The command palette: Ctrl-K opens a dialog in which a combobox goes anywhere, finds any record and presses the
// buttons of the record on the page. Pages are narrowed here, records are asked for; `pages/palette.py` answers.

import { standing } from "./narrowing";
import { recentRecords, recordAt, startRecent } from "./recent";

const WAIT_MS = 160;
const ACTIONS = "[data-palette-actions] :is(a[href], button):not([data-menu-button], [aria-disabled='true'], :disabled)";

interface Parts {
  dialog: HTMLDialogElement;
  input: HTMLInputElement;
  list: HTMLElement;
  places: HTMLElement;
  found: HTMLElement;
  actions: HTMLElement;
}

const buttons = new WeakMap<Element, HTMLElement>();
const asking = new Map<HTMLElement, AbortController>();
let timer = 0;
let isGoing = false; // Enter was pressed before the answer came: go to the first once it is there.
let isChosen = false; // An option was chosen with the arrows or the mouse: it stays while answers come in.
let hasFailed = false;

function partsOf(): Parts | null {
  const dialog = document.getElementById("palette");
  if (!(dialog instanceof HTMLDialogElement)) return null;
  const part = <T extends HTMLElement>(selector: string): T => dialog.querySelector<T>(selector)!;
  return {
    dialog,
    input: part<HTMLInputElement>(".palette-input"),
    list: part(".palette-list"),
    places: part('[data-palette-part="places"]'),
    found: part('[data-palette-part="found"]'),
    actions: part('[data-palette-group="actions"]'),
  };
}

function shown(parts: Parts): HTMLElement[] {
  return [...parts.list.querySelectorAll<HTMLElement>("[role=option]:not([hidden])")];
}

function select(parts: Parts, option: HTMLElement | undefined): void {
  for (const other of parts.list.querySelectorAll('[aria-selected="true"]')) other.setAttribute("aria-selected", "false");
  if (!option) {
    parts.input.removeAttribute("aria-activedescendant");
    return;
  }
  option.setAttribute("aria-selected", "true");
  parts.input.setAttribute("aria-activedescendant", option.id);
  // The heading of the first option comes into sight with it.
  if (option === shown(parts)[0]) parts.list.scrollTop = 0;
  else option.scrollIntoView({ block: "nearest" });
}

function selected(parts: Parts): HTMLElement | undefined {
  return shown(parts).find((option) => option.getAttribute("aria-selected") === "true");
}

function isAsking(): boolean {
  return asking.size > 0 || timer !== 0;
}

/** Shows which options fit what is typed, the best of each group first, and says how many there are. */
function settle(parts: Parts): void {
  const text = parts.input.value.trim();
  const before = isChosen ? selected(parts) : undefined;
  const known = new Set<string>();
  for (const group of parts.list.querySelectorAll<HTMLElement>("[data-palette-group]")) {
    const options = [...group.querySelectorAll<HTMLElement>("[role=option]")];
    const isFound = group.dataset.paletteGroup === "found";
    const ranked = options.map((option, index) => {
      option.dataset.order ??= String(index);
      const href = option.getAttribute("href") ?? "";
      const rank = isFound ? 0 : standing(text, option.dataset.label ?? "", option.dataset.initials ?? "");
      // What stands among the recent records is not said again.
      option.hidden = rank === null || (isFound && (text === "" || known.has(href)));
      option.removeAttribute("id");
      if (!option.hidden && href) known.add(href);
      return { option, rank: rank ?? 0, order: Number(option.dataset.order) };
    });
    ranked.sort((one, other) => one.rank - other.rank || one.order - other.order);
    group.append(...ranked.map(({ option }) => option));
    group.hidden = options.every((option) => option.hidden);
  }
  const options = shown(parts);
  options.forEach((option, index) => (option.id = `palette-option-${index}`));
  // Enter alone does nothing that was not asked for.
  const first = text ? options[0] : undefined;
  select(parts, before && !before.hidden ? before : first);
  const isWaiting = isAsking();
  const { count, none, searching, failed } = parts.dialog.dataset;
  const said = isWaiting && !options.length ? searching : options.length ? count?.replace("{count}", String(options.length)) : none;
  const status = parts.dialog.querySelector("[data-palette-status]")!;
  const isNone = !options.length && !isWaiting && !hasFailed;
  status.textContent = (hasFailed ? failed : said) ?? "";
  status.classList.toggle("unseen", isNone);
  parts.dialog.querySelector<HTMLElement>("[data-palette-none]")!.hidden = !isNone;
  parts.input.setAttribute("aria-expanded", String(options.length > 0));
  if (isGoing && !isWaiting) {
    isGoing = false;
    if (options[0]) go(parts, options[0], false);
  }
}

async function ask(parts: Parts, part: HTMLElement, query: URLSearchParams): Promise<void> {
  const mine = new AbortController();
  asking.get(part)?.abort();
  asking.set(part, mine);
  try {
    const headers = { "HX-Request": "true", "HX-Current-URL": window.location.href };
    const answer = await fetch(`/palette?${query}`, { headers, signal: mine.signal });
    // Who is not signed in any more is sent to sign in.
    const elsewhere = answer.headers.get("HX-Redirect");
    if (elsewhere) window.location.assign(elsewhere);
    const html = answer.ok ? await answer.text() : "";
    hasFailed = !answer.ok;
    if (asking.get(part) === mine) part.innerHTML = html;
  } catch (fault) {
    if (fault instanceof DOMException && fault.name === "AbortError") return;
    hasFailed = true;
  }
  if (asking.get(part) !== mine) return;
  asking.delete(part);
  settle(parts);
}

/** The buttons that may be pressed: on the page the main one stands last, what is rarely used in a menu. */
function actionsOf(): HTMLElement[] {
  const found = [...document.querySelectorAll<HTMLElement>(ACTIONS)];
  const isInMenu = (button: HTMLElement): boolean => button.matches("[role=menuitem]");
  return [...found.filter((button) => !isInMenu(button)).reverse(), ...found.filter(isInMenu)];
}

function offerActions(parts: Parts): void {
  parts.actions.querySelectorAll("[role=option]").forEach((option) => option.remove());
  const mark = parts.dialog.querySelector<HTMLTemplateElement>("[data-palette-action]")!;
  for (const button of actionsOf()) {
    const label = button.textContent?.trim() ?? "";
    const option = document.createElement("div");
    option.className = "palette-option";
    option.setAttribute("role", "option");
    option.dataset.label = label;
    const words = document.createElement("span");
    words.className = "truncate";
    words.textContent = label;
    const drawing = button.querySelector(".icon") ?? mark.content.querySelector(".icon");
    if (drawing) option.append(drawing.cloneNode(true));
    option.append(words);
    buttons.set(option, button);
    parts.actions.append(option);
  }
}

function open(parts: Parts): void {
  parts.input.value = "";
  parts.found.replaceChildren();
  isGoing = isChosen = hasFailed = false;
  offerActions(parts);
  parts.dialog.showModal();
  parts.input.focus();
  if (!parts.places.childElementCount) {
    const here = recordAt(window.location.pathname);
    const recent = recentRecords(parts.dialog.dataset.person ?? "").filter((each) => each !== here);
    void ask(parts, parts.places, new URLSearchParams(recent.map((each) => ["recent", each])));
  }
  settle(parts);
}

function search(parts: Parts): void {
  const text = parts.input.value.trim();
  window.clearTimeout(timer);
  timer = 0;
  isGoing = isChosen = false;
  asking.get(parts.found)?.abort();
  asking.delete(parts.found);
  if (!text) parts.found.replaceChildren();
  else {
    timer = window.setTimeout(() => {
      timer = 0;
      void ask(parts, parts.found, new URLSearchParams({ q: text }));
    }, WAIT_MS);
  }
  settle(parts);
}

function go(parts: Parts, option: HTMLElement, isElsewhere: boolean): void {
  const button = buttons.get(option);
  const href = option.getAttribute("href");
  parts.dialog.close();
  if (button) button.click();
  else if (href && isElsewhere) window.open(href, "_blank", "noopener");
  else if (href) window.location.assign(href);
}

function onKey(event: KeyboardEvent, parts: Parts): void {
  // Enter and the arrows belong to the input method while it composes.
  if (event.isComposing) return;
  const options = shown(parts);
  const current = selected(parts);
  const at = current ? options.indexOf(current) : -1;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    isChosen = true;
    const next = event.key === "ArrowDown" ? at + 1 : (at < 0 ? 0 : at) - 1;
    select(parts, options[(next + options.length) % options.length]);
  } else if (event.key === "Enter") {
    event.preventDefault();
    // What was found for fewer letters is not what is meant.
    if (current && !(isAsking() && parts.found.contains(current))) go(parts, current, event.ctrlKey || event.metaKey);
    else isGoing = isAsking();
  }
}

export function startPalette(): void {
  const parts = partsOf();
  if (!parts) return;
  startRecent(parts.dialog.dataset.person ?? "");
  if (/Mac|iPhone|iPad/.test(navigator.platform)) {
    document.querySelectorAll("[data-palette-keys]").forEach((keys) => (keys.textContent = "⌘K"));
  }
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (parts.dialog.open) parts.dialog.close();
    // Another dialog is first answered or left.
    else if (!document.querySelector("dialog[open]")) open(parts);
  });
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    if (target.closest("[data-palette-open]")) open(parts);
    const option = target.closest<HTMLElement>(".palette-option");
    if (!option || !parts.list.contains(option) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(parts, option, false);
  });
  parts.input.addEventListener("keydown", (event) => onKey(event, parts));
  parts.input.addEventListener("input", (event) => {
    if (!(event as InputEvent).isComposing) search(parts);
  });
  parts.input.addEventListener("compositionend", () => search(parts));
  parts.list.addEventListener("mousemove", (event) => {
    // Browsers also report a mouse that lies still while the list changes beneath it.
    if (!event.movementX && !event.movementY) return;
    const option = (event.target as Element).closest<HTMLElement>(".palette-option");
    if (!option || option.getAttribute("aria-selected") === "true") return;
    isChosen = true;
    select(parts, option);
  });
}
