// The reference picker: a combobox that asks the server for matches and keeps the id in a hidden field.

import { csrfToken } from "../shell/pages";
import type { Control } from "./control";

const WAIT_MS = 160;

interface Open {
  picker: HTMLElement;
  input: HTMLInputElement;
  list: HTMLElement;
  asked: AbortController | null;
  isWaiting: boolean;
  isEntered: boolean;
  timer: number;
}

let open: Open | null = null;

function hidden(picker: Element): HTMLInputElement {
  return picker.querySelector<HTMLInputElement>("[data-picker-value]")!;
}

function textOf(option: Element): string {
  return (option as HTMLElement).dataset.title ?? option.textContent?.trim() ?? "";
}

/** Puts a record into a picker; `isQuiet`: nobody hears of it. */
export function setPicker(picker: HTMLElement, value: string, title: string, isQuiet = false): void {
  const field = hidden(picker);
  const input = picker.querySelector<HTMLInputElement>("[role=combobox]")!;
  const hasChanged = field.value !== value;
  field.value = value;
  input.value = title;
  input.dataset.title = title;
  const clear = picker.querySelector<HTMLElement>("[data-picker-clear]");
  if (clear) clear.hidden = value === "";
  if (hasChanged && !isQuiet) field.dispatchEvent(new Event("change", { bubbles: true }));
}

async function fetchOptions(picker: HTMLElement, text: string, signal?: AbortSignal): Promise<string> {
  const address = picker.dataset.picker ?? "";
  const headers = { "HX-Request": "true", "X-CSRF-Token": csrfToken() };
  const form = picker.closest<HTMLFormElement>("form[data-draft]");
  const asked = new URLSearchParams({ q: text, picker: hidden(picker).name });
  // What may be picked can depend on what else has been filled in.
  if (form) for (const [name, value] of new FormData(form)) if (typeof value === "string") asked.append(name, value);
  const answer = form
    ? await fetch(address, { method: "POST", body: asked, headers, signal: signal ?? null })
    : await fetch(`${address}${address.includes("?") ? "&" : "?"}${asked}`, { headers, signal: signal ?? null });
  return answer.ok ? await answer.text() : "";
}

export interface Meant {
  id: string;
  title: string;
}

/** Asks once which record each text means in its picker; null where it is none, or more than one. */
export async function meantBy(pairs: [HTMLElement, string][]): Promise<(Meant | null)[]> {
  const [first] = pairs;
  if (!first) return [];
  const form = first[0].closest<HTMLFormElement>("form");
  const asked = new URLSearchParams(pairs.map(([picker, text]) => ["meant", `${hidden(picker).name} ${text}`]));
  if (form) for (const [name, value] of new FormData(form)) if (typeof value === "string") asked.append(name, value);
  const headers = { Accept: "application/json", "X-CSRF-Token": csrfToken() };
  const answer = await fetch(`${first[0].dataset.picker}/meant`, { method: "POST", body: asked, headers });
  return answer.ok ? ((await answer.json()) as { meant: (Meant | null)[] }).meant : [];
}

function settle(picker: HTMLElement, text: string, meant: Meant | null): boolean {
  const input = picker.querySelector<HTMLInputElement>("[role=combobox]")!;
  if (meant || !text) {
    setPicker(picker, meant?.id ?? "", meant?.title ?? "");
    input.removeAttribute("aria-invalid");
    return true;
  }
  // The text is left standing, marked wrong, so that it can be put right.
  input.value = text;
  input.setAttribute("aria-invalid", "true");
  return false;
}

/** Chooses the records that pasted texts mean. */
async function takeAll(pairs: [HTMLElement, string][]): Promise<boolean[]> {
  const byAddress = new Map<string, [HTMLElement, string][]>();
  for (const pair of pairs) {
    const address = pair[0].dataset.picker ?? "";
    if (pair[1]) byAddress.set(address, [...(byAddress.get(address) ?? []), pair]);
  }
  const found = new Map<HTMLElement, Meant | null>();
  for (const group of byAddress.values()) {
    const meant = await meantBy(group);
    group.forEach(([picker], index) => found.set(picker, meant[index] ?? null));
  }
  return pairs.map(([picker, text]) => settle(picker, text, found.get(picker) ?? null));
}

function place(state: Open): void {
  const box = state.input.getBoundingClientRect();
  const isFixed = Boolean(state.picker.closest(".lines, dialog, .cell-form"));
  state.list.classList.toggle("is-fixed", isFixed);
  if (!isFixed) return;
  // A dialog that was moved by an animation is what "fixed" refers to.
  const below = window.innerHeight - box.bottom;
  state.list.style.left = `${box.left}px`;
  state.list.style.minWidth = `${Math.max(box.width, 220)}px`;
  if (below < 220 && box.top > below) {
    state.list.style.top = "auto";
    state.list.style.bottom = `${window.innerHeight - box.top + 4}px`;
  } else {
    state.list.style.bottom = "auto";
    state.list.style.top = `${box.bottom + 4}px`;
  }
}

function select(state: Open, option: Element | undefined): void {
  for (const other of state.list.querySelectorAll('[aria-selected="true"]')) other.setAttribute("aria-selected", "false");
  if (!option) {
    state.input.removeAttribute("aria-activedescendant");
    return;
  }
  option.setAttribute("aria-selected", "true");
  state.input.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function ask(state: Open, text: string): void {
  state.isWaiting = true;
  state.isEntered = false;
  window.clearTimeout(state.timer);
  state.timer = window.setTimeout(async () => {
    state.asked?.abort();
    state.asked = new AbortController();
    try {
      const html = await fetchOptions(state.picker, text, state.asked.signal);
      if (open !== state) return;
      state.list.innerHTML = html;
      state.list.querySelectorAll("[role=option]").forEach((option, index) => {
        option.id = `${state.list.id}-${index}`;
      });
      state.list.hidden = false;
      state.input.setAttribute("aria-expanded", "true");
      place(state);
      select(state, text ? state.list.querySelector("[role=option]") ?? undefined : undefined);
      state.isWaiting = false;
      if (state.isEntered) enter(state, text);
    } catch (fault) {
      if (!(fault instanceof DOMException)) throw fault;
    }
  }, text ? WAIT_MS : 0);
}

// A scanner is done with its Enter before the answer is there: what it meant is taken once that is clear.
function enter(state: Open, text: string): void {
  const options = [...state.list.querySelectorAll<HTMLElement>("[role=option]")];
  const exact = options.filter((option) => textOf(option) === text || textOf(option).startsWith(`${text} `));
  const one = options.length === 1 ? options[0] : exact.length === 1 ? exact[0] : undefined;
  if (!one) return;
  take(state, one);
  state.input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
}

function show(picker: HTMLElement): void {
  const input = picker.querySelector<HTMLInputElement>("[role=combobox]")!;
  if (open?.picker === picker || input.readOnly || input.disabled) return;
  hide();
  open = { picker, input, list: picker.querySelector<HTMLElement>("[role=listbox]")!, asked: null, isWaiting: false, isEntered: false, timer: 0 };
  ask(open, "");
}

function hide(): void {
  if (!open) return;
  window.clearTimeout(open.timer);
  open.asked?.abort();
  open.list.hidden = true;
  open.list.replaceChildren();
  open.input.setAttribute("aria-expanded", "false");
  open.input.removeAttribute("aria-activedescendant");
  open = null;
}

function take(state: Open, option: HTMLElement): void {
  const { picker } = state;
  hide();
  setPicker(picker, option.dataset.value ?? "", textOf(option));
}

function leave(picker: HTMLElement, input: HTMLInputElement): void {
  hide();
  if (input.value.trim() === "") setPicker(picker, "", "");
  else if (input.getAttribute("aria-invalid") !== "true" || hidden(picker).value) input.value = input.dataset.title ?? "";
}

function onKey(event: KeyboardEvent, picker: HTMLElement): void {
  // With these a table of rows chooses cells and moves rows.
  if (event.shiftKey || event.ctrlKey || event.metaKey || (event.altKey && picker.closest("[data-lines]"))) return;
  if (!open && (event.key === "ArrowDown" || (event.key === "ArrowUp" && event.altKey))) {
    event.preventDefault();
    show(picker);
    return;
  }
  if (!open || open.picker !== picker) return;
  const options = [...open.list.querySelectorAll<HTMLElement>("[role=option]")];
  const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    select(open, options[(at + step + options.length) % options.length]);
  } else if (event.key === "Enter" && open.isWaiting && open.input.value.trim()) {
    event.preventDefault();
    event.stopPropagation();
    open.isEntered = true;
  } else if (event.key === "Enter" && options[at]) {
    event.preventDefault();
    event.stopPropagation();
    take(open, options[at]);
  } else if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    open.input.value = open.input.dataset.title ?? "";
    hide();
  }
}

export const picker: Control = {
  name: "picker",
  text: (root) => hidden(root).value,
  fill(root, text, shown) {
    if (!root.contains(document.activeElement)) setPicker(root, text, shown, true);
  },
  async take(root, text) {
    return (await takeAll([[root, text]]))[0];
  },
  takeAll,
  focusable(root) {
    const input = root.querySelector<HTMLInputElement>("[role=combobox]");
    return input && !input.readOnly ? input : null;
  },
  lock(root, isLocked) {
    root.querySelector<HTMLInputElement>("[role=combobox]")?.toggleAttribute("readonly", isLocked);
  },
};

export function startPickers(): void {
  const pickerOf = (event: Event): HTMLElement | null =>
    (event.target as Element).closest?.<HTMLElement>("[data-picker]") ?? null;
  document.addEventListener("focusin", (event) => {
    const picker = pickerOf(event);
    if (picker && (event.target as Element).getAttribute("role") === "combobox") {
      const input = event.target as HTMLInputElement;
      input.dataset.title ??= input.value;
      input.select();
    }
  });
  document.addEventListener("click", (event) => {
    const picker = pickerOf(event);
    const target = event.target as Element;
    if (picker && target.closest("[data-picker-clear]")) {
      setPicker(picker, "", "");
      picker.querySelector<HTMLInputElement>("[role=combobox]")?.focus();
    } else if (picker && target.getAttribute("role") === "combobox") show(picker);
  });
  // The mouse is pressed before the input loses the focus: choose then, and keep the focus.
  document.addEventListener("mousedown", (event) => {
    const option = (event.target as Element).closest<HTMLElement>("[role=option]");
    if (option && open?.list.contains(option)) {
      event.preventDefault();
      take(open, option);
    } else if (open && !open.picker.contains(event.target as Node)) leave(open.picker, open.input);
  });
  document.addEventListener("input", (event) => {
    const picker = pickerOf(event);
    const input = event.target as HTMLInputElement;
    if (!picker || input.getAttribute("role") !== "combobox") return;
    input.removeAttribute("aria-invalid");
    show(picker);
    if (open) ask(open, input.value.trim());
  });
  document.addEventListener("keydown", (event) => {
    const picker = pickerOf(event);
    if (picker) onKey(event, picker);
  }, { capture: true });
  document.addEventListener("focusout", (event) => {
    const picker = pickerOf(event);
    const input = event.target as HTMLInputElement;
    if (picker && input.getAttribute("role") === "combobox" && !picker.contains(event.relatedTarget as Node | null)) {
      leave(picker, input);
    }
  });
  window.addEventListener("scroll", (event) => {
    if (open && open.list !== event.target && open.list.classList.contains("is-fixed")) place(open);
  }, { capture: true, passive: true });
}
