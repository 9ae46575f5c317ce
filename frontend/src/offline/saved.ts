// Which kept forms the server has taken since: noted at once, as a page that is left at once ends all that it was
// still waiting for, and what was saved would stand among what was refused.

import { remove } from "./queue";

const KEY = "orderkit-saved";

function marks(): string[] {
  try {
    return JSON.parse(window.localStorage.getItem(KEY) ?? "[]") as string[];
  } catch {
    return [];
  }
}

function keep(found: string[]): void {
  try {
    if (found.length) window.localStorage.setItem(KEY, JSON.stringify(found));
    else window.localStorage.removeItem(KEY);
  } catch {
    // A browser that keeps nothing: the page that shows what was saved removes it, if it stands long enough.
  }
}

/** Forgets the form that this page says was saved, and those of pages that were left before they could. */
export async function forgetSaved(): Promise<void> {
  const own = document.querySelector<HTMLElement>("[data-saved]")?.dataset.saved;
  const found = own ? [...marks(), own] : marks();
  keep(found);
  for (const mark of found) await remove(mark);
  if (found.length) keep(marks().filter((mark) => !found.includes(mark)));
}
