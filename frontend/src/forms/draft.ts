// A record while it is being filled in. What the page can follow by itself it shows at once (`live`); for
// the rest, and for what is wrong, the server says what would be saved.

import { fillCell, isComputed, refuseText, shownOf, textOf } from "../controls/cells";
import { csrfToken } from "../shell/pages";
import { type DraftAnswer, Drawing } from "./drawing";
import { settleFiles } from "./kept_files";
import { type Followed, LiveForm, type LiveData } from "./live";

const WAIT_MS = 280;

const touched = new Set<string>();
const editing = new Set<string>();
let timer = 0;
let asked: AbortController | null = null;
let hasChanges = false;
let live: LiveForm | null = null;
let drawing: Drawing | null = null;
const waiting = new Set<string>();

function formOf(): HTMLFormElement | null {
  return document.querySelector<HTMLFormElement>("form[data-draft]");
}

/** Returns what the form would send now, but for files that are being chosen. */
export function sentBy(form: HTMLFormElement): URLSearchParams {
  const sent = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") sent.append(name, value);
  sent.set("touched", [...touched].join(" "));
  sent.set("drafted", "1");
  return sent;
}

async function send(form: HTMLFormElement): Promise<void> {
  asked?.abort();
  const mine = (asked = new AbortController());
  try {
    // A file that only this browser has is nothing that the server could say more about.
    if ((await settleFiles(form)) !== "settled" || mine.signal.aborted) return;
    const answer = await fetch(form.dataset.draft ?? "", {
      method: "POST",
      body: sentBy(form),
      headers: { Accept: "application/json", "X-CSRF-Token": csrfToken() },
      signal: mine.signal,
    });
    if (!answer.ok) return;
    const found = (await answer.json()) as DraftAnswer;
    const isOver = (): boolean => asked !== mine || mine.signal.aborted;
    if (isOver() || !drawing) return;
    drawing.complain(found.problems, (name) => editing.has(name));
    await drawing.draw(found, isOver, (name, value) => live?.told(name, value));
    if (!isOver()) tellShown(form, null);
  } catch (fault) {
    if (!(fault instanceof DOMException || fault instanceof TypeError)) throw fault;
  } finally {
    if (asked === mine) asked = null;
  }
}

/** Asks the server what would be saved, once nothing more has been typed for a while. */
export function askForDraft(waitMs = WAIT_MS): void {
  const form = formOf();
  if (!form) return;
  hasChanges = true;
  form.dispatchEvent(new CustomEvent("orderkit:changed"));
  // An answer to what stood there before would undo what is shown since.
  asked?.abort();
  window.clearTimeout(timer);
  timer = window.setTimeout(() => {
    timer = 0;
    void send(form);
  }, waitMs);
}

// What is shown has changed; `changed` are the cells, where somebody typed into one of them and no more than these did.
function tellShown(form: HTMLFormElement, changed: readonly HTMLElement[] | null): void {
  form.dispatchEvent(new CustomEvent("orderkit:shown", { bubbles: true, detail: changed }));
}

/** Shows what follows from a value that changed, with all that change in one go; asks the server where the page cannot know. */
export function follow(name: string): void {
  if (!waiting.size) queueMicrotask(followAll);
  waiting.add(name);
}

function cellsOf(names: readonly string[]): HTMLElement[] {
  return names.flatMap((name) => drawing?.cell(name) ?? []);
}

function followAll(): void {
  const form = formOf();
  const names = [...waiting];
  waiting.clear();
  if (!form || !drawing) return;
  let changed = names.length === 1 && !live ? cellsOf(names) : null;
  if (live) {
    const tables = new Set<HTMLElement>();
    const typed: [string, string][] = [];
    for (const name of names) {
      const cell = drawing.cell(name);
      const table = cell && !live.knows(name) ? cell.closest<HTMLElement>("[data-lines]") : null;
      if (table) tables.add(table);
      else if (cell) typed.push([name, textOf(cell)]);
    }
    const followed = [...[...tables].map((table) => rowsOf(live!, table)), live.typed(typed)];
    followed.forEach((each) => drawing!.show(each));
    if (names.length === 1 && !tables.size) changed = cellsOf([...names, ...followed.flatMap((each) => [...each.values.keys()])]);
    hasChanges = true;
    if (!asked && !timer && !followed.some((each) => each.isForServer)) {
      form.dispatchEvent(new CustomEvent("orderkit:changed"));
      tellShown(form, changed);
      return;
    }
  }
  tellShown(form, changed);
  askForDraft();
}

function note(event: Event): void {
  const cell = (event.target as Element).closest<HTMLElement>("form[data-draft] [data-field]");
  const name = cell?.dataset.field;
  const isSearch = (event.target as Element).getAttribute("role") === "combobox";
  if (!cell || !name || isSearch) return;
  touched.add(name);
  refuseText(cell, "");
  if (event.type === "change") editing.add(name);
  follow(name);
  if (event.type === "change") askForDraft(0);
}

export function touch(name: string): void {
  touched.add(name);
  editing.add(name);
}

export function isTouched(name: string): boolean {
  return touched.has(name);
}

/** Takes back that somebody has typed there. */
export function untouch(name: string): void {
  touched.delete(name);
}

/** Says that somebody has filled in these cells other than by typing in each. */
export function entered(filled: Iterable<HTMLElement>): void {
  for (const cell of filled) {
    const name = cell.dataset.field ?? "";
    touch(name);
    follow(name);
  }
  askForDraft(0);
}

function rowsOf(known: LiveForm, table: HTMLElement): Followed {
  const collection = table.dataset.lines ?? "";
  const hidden = `input[type=hidden][name="${CSS.escape(collection)}"]`;
  // A row into which nobody has typed is not sent, so nothing is worked out with it either.
  const filled = new Set([...touched].map((name) => name.slice(0, name.lastIndexOf("."))));
  const rows = [...table.querySelectorAll<HTMLElement>("[data-row]")].flatMap((row) => {
    const key = row.dataset.row ?? "";
    const id = Number(row.querySelector<HTMLInputElement>(hidden)?.value.split(":")[1] || 0) || null;
    if (id === null && !filled.has(`${collection}.${key}`)) return [];
    const texts = new Map<string, string>();
    if (id === null && !known.knows(`${collection}.${key}.`)) {
      for (const cell of row.querySelectorAll<HTMLElement>("[data-field]")) {
        if (!isComputed(cell)) texts.set((cell.dataset.field ?? "").split(".")[2] ?? "", textOf(cell));
      }
    }
    return [{ key, id, texts }];
  });
  return known.rows(collection, rows);
}

// Which rows there are has changed: `lines` says so by an event on the table.
function noteRows(event: Event): void {
  const form = formOf();
  if (!form) return;
  if (live) drawing?.show(rowsOf(live, event.target as HTMLElement));
  tellShown(form, null);
}

// Of a field that somebody else changed too: what was typed comes back when one chooses it again.
function startClashes(): void {
  const typed = new Map<string, [text: string, shown: string]>();
  document.addEventListener("change", (event) => {
    const radio = event.target as HTMLInputElement;
    const clash = radio.closest<HTMLElement>("[data-clash]");
    const name = clash?.dataset.clash ?? "";
    const cell = clash && drawing?.cell(name);
    if (!cell) return;
    if (!typed.has(name)) typed.set(name, [textOf(cell), shownOf(cell)]);
    const [text, shown] = radio.value === "theirs" ? [clash.dataset.text ?? "", clash.dataset.shown ?? ""] : typed.get(name)!;
    fillCell(cell, text, shown);
    follow(name);
  });
}

export function startDraft(): void {
  const form = formOf();
  if (!form) return;
  const before = form.querySelector<HTMLInputElement>('input[name="touched"]')?.value.split(" ") ?? [];
  before.filter((name) => name).forEach(touch);
  form.querySelectorAll<HTMLElement>("[data-field][data-touched]").forEach((cell) => touch(cell.dataset.field ?? ""));
  drawing = new Drawing(form, isTouched);
  const data = document.querySelector<HTMLTemplateElement>("template#live")?.content.textContent;
  if (data) live = new LiveForm(JSON.parse(data) as LiveData, isTouched);
  startClashes();
  form.addEventListener("input", note);
  form.addEventListener("change", note);
  form.addEventListener("orderkit:rows", noteRows);
  form.addEventListener("submit", () => {
    hasChanges = false;
    const field = form.querySelector<HTMLInputElement>('input[name="touched"]');
    const drafted = form.querySelector<HTMLInputElement>('input[name="drafted"]');
    if (field) field.value = [...touched].join(" ");
    if (drafted) drafted.value = "1";
  });
  window.addEventListener("beforeunload", (event) => {
    if (hasChanges && !("comesBack" in document.documentElement.dataset)) event.preventDefault();
  });
  tellShown(form, null);
  form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}
