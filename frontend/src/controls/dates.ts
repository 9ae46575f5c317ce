// The browser's own inputs for days and moments, with quick words beside them: a press, or typed.

import { closeMenus } from "../shell/menus";
import type { Control } from "./control";
import { dayOf } from "./days";
import { inputOf, plain } from "./plain";

function two(value: number): string {
  return String(value).padStart(2, "0");
}

function today(): string {
  const now = new Date();
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** Returns what an input of days or moments takes for a text; undefined where the text means no day. */
function meant(input: HTMLInputElement, text: string): string | undefined {
  if (input.type !== "datetime-local") return dayOf(text, today());
  const [, date, clock] = /^(.*?)(?:[T\s]+(\d{1,2}:\d{2})(?::\d{2})?)?$/.exec(text.trim()) ?? [];
  const day = dayOf(date ?? "", today());
  return day && `${day}T${(clock ?? (input.value.slice(11, 16) || "09:00")).padStart(5, "0")}`;
}

function put(input: HTMLInputElement, value: string): void {
  input.value = value;
  for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind, { bubbles: true }));
}

function say(root: HTMLElement, text: string): boolean {
  const input = inputOf(root) as HTMLInputElement;
  const value = text ? meant(input, text) : "";
  if (value === undefined) return false;
  put(input, value);
  closeMenus();
  input.focus();
  return true;
}

export const date: Control = {
  ...plain,
  name: "date",
  start(root) {
    root.querySelector(".quick-panel")?.addEventListener("click", (event) => {
      const word = (event.target as Element).closest<HTMLElement>("[data-day]");
      if (word) say(root, word.dataset.day ?? "");
    });
    const typed = root.querySelector<HTMLInputElement>("[data-day-typed]");
    typed?.addEventListener("keydown", (event) => {
      typed.removeAttribute("aria-invalid");
      if (event.key !== "Enter") return;
      event.preventDefault();
      if (say(root, typed.value.trim())) typed.value = "";
      else typed.setAttribute("aria-invalid", "true");
    });
    // It belongs to no field of the record: the form is not to hear of it.
    for (const kind of ["input", "change"]) typed?.addEventListener(kind, (event) => event.stopPropagation());
  },
  take(root, text) {
    const input = inputOf(root) as HTMLInputElement;
    input.value = meant(input, text) ?? text;
  },
  lock(root, isLocked) {
    plain.lock(root, isLocked);
    root.querySelector<HTMLElement>("[data-menu]")?.toggleAttribute("hidden", isLocked);
  },
};
