// `serve --dev` loads a page again when the project is saved. The reader stays where they were: what they had typed,
// which tabs and folds were open, what had the focus, and how far they had scrolled.

const KEY = "orderkit-dev-place";
const TYPED = "main :is(input:not([type=hidden], [type=password], [type=file]), textarea, select)";

type Entry = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

interface Place {
  path: string;
  top: number;
  focus: string;
  selection: [number, number] | null;
  tabs: string[];
  folds: boolean[];
  typed: [string, string | boolean | string[]][];
  isOffered: boolean;
}

/** A selector that finds an element again in the page as it comes anew; empty where there is none. */
function nameOf(element: Element | null): string {
  if (!element || element === document.body) return "";
  if (element.id) return `#${CSS.escape(element.id)}`;
  const name = element.getAttribute("name");
  const value = element instanceof HTMLInputElement && element.type === "radio" ? `[value="${CSS.escape(element.value)}"]` : "";
  return name ? `[name="${CSS.escape(name)}"]${value}` : "";
}

function typedIn(entry: Entry): string | boolean | string[] | null {
  if (entry instanceof HTMLSelectElement) {
    const isAsSent = [...entry.options].every((each) => each.selected === each.defaultSelected);
    return isAsSent ? null : [...entry.selectedOptions].map((each) => each.value);
  }
  if (entry instanceof HTMLInputElement && (entry.type === "checkbox" || entry.type === "radio")) {
    return entry.checked === entry.defaultChecked ? null : entry.checked;
  }
  return entry.value === entry.defaultValue ? null : entry.value;
}

function type(entry: Entry, typed: string | boolean | string[]): void {
  if (entry instanceof HTMLSelectElement) {
    for (const each of entry.options) each.selected = Array.isArray(typed) && typed.includes(each.value);
  } else if (typeof typed === "boolean") {
    (entry as HTMLInputElement).checked = typed;
  } else if (typeof typed === "string") {
    entry.value = typed;
  }
  entry.dispatchEvent(new Event("input", { bubbles: true }));
  entry.dispatchEvent(new Event("change", { bubbles: true }));
}

function place(): Place {
  const focused = document.activeElement;
  const isText = focused instanceof HTMLInputElement || focused instanceof HTMLTextAreaElement;
  const typed: Place["typed"] = [];
  for (const entry of document.querySelectorAll<Entry>(TYPED)) {
    const value = typedIn(entry);
    const name = nameOf(entry);
    if (value !== null && name) typed.push([name, value]);
  }
  return {
    path: window.location.pathname + window.location.search,
    top: window.scrollY,
    focus: nameOf(focused),
    selection: isText && focused.selectionStart !== null ? [focused.selectionStart, focused.selectionEnd ?? 0] : null,
    tabs: [...document.querySelectorAll("[role=tab][aria-selected=true]")].map(nameOf),
    folds: [...document.querySelectorAll<HTMLDetailsElement>("main details")].map((each) => each.open),
    typed,
    isOffered: isOffered(),
  };
}

/** Whether the page offers what was kept of its form (forms/kept.ts). */
function isOffered(): boolean {
  return document.querySelector<HTMLElement>("[data-kept-offer]")?.hidden === false;
}

/** Loads the page again, after keeping the place. */
export function reloadHere(): void {
  try {
    window.sessionStorage.setItem(KEY, JSON.stringify(place()));
  } catch {
      // A browser that keeps nothing begins at the top.
  }
  // Nothing is lost, so that nobody has to be asked whether to leave (forms/draft.ts).
  document.documentElement.dataset.comesBack = "";
  window.location.reload();
}

function found<T extends Element>(selector: string): T | null {
  return selector ? document.querySelector<T>(selector) : null;
}

/** Goes back to the place that was kept for this page, once. */
export function comeBack(): void {
  let kept: Place | null = null;
  try {
    kept = JSON.parse(window.sessionStorage.getItem(KEY) ?? "null") as Place | null;
    window.sessionStorage.removeItem(KEY);
  } catch {
    return;
  }
  if (kept?.path !== window.location.pathname + window.location.search) return;
  for (const tab of kept.tabs) found<HTMLElement>(tab)?.click();
  const folds = document.querySelectorAll<HTMLDetailsElement>("main details");
  if (folds.length === kept.folds.length) folds.forEach((fold, at) => (fold.open = kept.folds[at] ?? fold.open));
  for (const [name, typed] of kept.typed) {
    const entry = found<Entry>(name);
    if (entry) type(entry, typed);
  }
  // What was typed is back already: it need not be offered, nor push the page down.
  const offer = document.querySelector<HTMLElement>("[data-kept-offer]");
  if (offer && !kept.isOffered) offer.hidden = true;
  const focused = found<HTMLElement>(kept.focus);
  focused?.focus({ preventScroll: true });
  if (kept.selection && (focused instanceof HTMLInputElement || focused instanceof HTMLTextAreaElement)) {
    // Inputs of numbers and days have no selection to set.
    if (focused.selectionStart !== null) focused.setSelectionRange(...kept.selection);
  }
  window.scrollTo({ top: kept.top, behavior: "instant" });
}
