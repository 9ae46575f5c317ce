// What a table says: its words stand in its attributes, in the language of the reader.

import { notify } from "../../shell/notices";

export interface Words {
  removed: string;
  undo: string;
  moved: string;
  chosen: string;
  full: string;
  cut: string;
  unread: string;
  unreadAll: string;
  cleared: string;
  filled: string;
  pasted: string;
  copied: string;
}

const known = new WeakMap<HTMLElement, Words>();

export function wordsOf(table: HTMLElement): Words {
  const found = known.get(table) ?? (JSON.parse(table.dataset.words ?? "{}") as Words);
  known.set(table, found);
  return found;
}

/** Says something to those who do not see it; with `isNotice` to everybody. */
export function announce(table: HTMLElement, text: string, isNotice = false): void {
  if (isNotice) {
    notify(text, false);
    return;
  }
  const status = table.querySelector("[data-lines-status]");
  if (status) status.textContent = text;
}
