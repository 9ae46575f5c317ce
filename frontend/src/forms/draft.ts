// A record while it is being filled in. What the page can follow by itself it shows at once (`live`); for
// the rest, and for what is wrong, the server says what would be saved.

import { fillCell, isComputed, lockCell, markRequired, showProblem, textOf } from "../controls/cells";
import { inputOf } from "../controls/plain";
import type { Json } from "../expressions";
import { csrfToken } from "../shell/pages";
import { type Followed, LiveForm, type LiveData } from "./live";

const WAIT_MS = 280;

interface DraftValue {
  text: string;
  shown: string;
  value: Json;
}

interface DraftState {
  visible: boolean;
  required: boolean;
  readonly: boolean;
}

interface DraftAnswer {
  values: Record<string, DraftValue>;
  states: Record<string, DraftState>;
  problems: Record<string, string>;
}

const touched = new Set<string>();
const editing = new Set<string>();
let timer = 0;
let asked: AbortController | null = null;
let hasChanges = false;
let live: LiveForm | null = null;
let cells = new Map<string, HTMLElement>();

function formOf(): HTMLFormElement | null {
  return document.querySelector<HTMLFormElement>("form[data-draft]");
}

function cellsOf(form: HTMLFormElement): Map<string, HTMLElement> {
  const found = new Map<string, HTMLElement>();
  for (const cell of form.querySelectorAll<HTMLElement>("[data-field]")) found.set(cell.dataset.field ?? "", cell);
  return found;
}

// Looking through a form of many rows at every keystroke would be felt.
function cellNamed(form: HTMLFormElement, name: string): HTMLElement | undefined {
  if (!cells.get(name)?.isConnected) cells = cellsOf(form);
  return cells.get(name);
}

function settle(cell: HTMLElement, state: Partial<DraftState>): void {
  if (state.visible !== undefined) cell.hidden = !state.visible;
  if (state.required !== undefined) markRequired(cell, state.required);
  if (state.readonly !== undefined) lockCell(cell, state.readonly);
}

function mirror(form: HTMLFormElement, name: string, shown: string): void {
  for (const output of form.querySelectorAll<HTMLElement>(`[data-mirrors="${CSS.escape(name)}"]`)) {
    if (output.textContent !== shown) output.textContent = shown;
  }
}

function show(form: HTMLFormElement, followed: Followed): void {
  for (const [name, value] of followed.values) {
    const cell = cellNamed(form, name);
    if (cell && !touched.has(name)) fillCell(cell, value.text, value.shown);
    mirror(form, name, value.shown);
  }
  for (const [name, state] of followed.states) {
    const cell = cellNamed(form, name);
    if (cell) settle(cell, state);
  }
}

function draw(form: HTMLFormElement, answer: DraftAnswer): void {
  cells = cellsOf(form);
  for (const [name, value] of Object.entries(answer.values)) {
    const cell = cells.get(name);
    // What the person has typed stays as typed; the server's rounding shows after saving.
    if (cell && !touched.has(name)) fillCell(cell, value.text, value.shown);
    live?.told(name, value.value);
  }
  for (const [name, state] of Object.entries(answer.states)) {
    const cell = cells.get(name);
    if (cell) settle(cell, state);
  }
  for (const [name, cell] of cells) {
    // What an upload was refused for is not the draft's to take back: it knows nothing of that file.
    const problem = answer.problems[name] ?? "";
    if (editing.has(name) && (problem || cell.dataset.uploadRefused === undefined)) showProblem(cell, problem);
  }
  for (const output of form.querySelectorAll<HTMLElement>("[data-mirrors]")) {
    const value = answer.values[output.dataset.mirrors ?? ""];
    if (value) output.textContent = value.shown;
  }
}

/** Returns what the form would send now, but for files that are being chosen. */
export function sentBy(form: HTMLFormElement): URLSearchParams {
  const body = new FormData(form);
  body.set("touched", [...touched].join(" "));
  body.set("drafted", "1");
  for (const name of [...body.keys()]) if (body.get(name) instanceof File) body.delete(name);
  return new URLSearchParams([...body].map(([name, value]) => [name, String(value)]));
}

async function send(form: HTMLFormElement): Promise<void> {
  asked?.abort();
  const mine = (asked = new AbortController());
  try {
    const answer = await fetch(form.dataset.draft ?? "", {
      method: "POST",
      body: sentBy(form),
      headers: { Accept: "application/json", "X-CSRF-Token": csrfToken() },
      signal: mine.signal,
    });
    if (!answer.ok) return;
    const found = (await answer.json()) as DraftAnswer;
    if (asked === mine) draw(form, found);
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

/** Shows what follows from a value that changed; asks the server where the page cannot know. */
export function follow(name: string, cell: HTMLElement): void {
  const form = formOf();
  if (!form || !live) return askForDraft();
  const table = live.knows(name) ? null : cell.closest<HTMLElement>("[data-lines]");
  const followed = table ? rowsOf(live, table) : live.typed(name, textOf(cell));
  show(form, followed);
  hasChanges = true;
  if (followed.isForServer || asked || timer) askForDraft();
  else form.dispatchEvent(new CustomEvent("orderkit:changed"));
}

function note(event: Event): void {
  const cell = (event.target as Element).closest<HTMLElement>("form[data-draft] [data-field]");
  const name = cell?.dataset.field;
  const isSearch = (event.target as Element).getAttribute("role") === "combobox";
  if (!cell || !name || isSearch) return;
  touched.add(name);
  if (event.type === "change") editing.add(name);
  follow(name, cell);
  if (event.type === "change") askForDraft(0);
}

export function touch(name: string): void {
  touched.add(name);
  editing.add(name);
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
  if (form && live) show(form, rowsOf(live, event.target as HTMLElement));
}

// Of a field that somebody else changed too: what was typed comes back when one chooses it again.
function startClashes(form: HTMLFormElement): void {
  const typed = new Map<string, [text: string, shown: string]>();
  document.addEventListener("change", (event) => {
    const radio = event.target as HTMLInputElement;
    const clash = radio.closest<HTMLElement>("[data-clash]");
    const name = clash?.dataset.clash ?? "";
    const cell = clash && cellNamed(form, name);
    if (!cell) return;
    if (!typed.has(name)) typed.set(name, [textOf(cell), inputOf(cell)?.value ?? ""]);
    const [text, shown] = radio.value === "theirs" ? [clash.dataset.text ?? "", clash.dataset.shown ?? ""] : typed.get(name)!;
    fillCell(cell, text, shown);
    follow(name, cell);
  });
}

export function startDraft(): void {
  const form = formOf();
  if (!form) return;
  const before = form.querySelector<HTMLInputElement>('input[name="touched"]')?.value.split(" ") ?? [];
  before.filter((name) => name).forEach(touch);
  form.querySelectorAll<HTMLElement>("[data-field][data-touched]").forEach((cell) => touch(cell.dataset.field ?? ""));
  const data = document.querySelector<HTMLTemplateElement>("template#live")?.content.textContent;
  if (data) live = new LiveForm(JSON.parse(data) as LiveData, (name) => touched.has(name));
  startClashes(form);
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
    if (hasChanges) event.preventDefault();
  });
  form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}
