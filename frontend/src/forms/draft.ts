// While a record is being filled in, the server says what would be saved: computed values, what is copied
// along, which fields show, are required or locked, and what is wrong with what was typed.

import { fillCell, lockCell, markRequired, showProblem } from "../controls/cells";
import { csrfToken } from "../shell/pages";

const WAIT_MS = 280;

interface DraftValue {
  text: string;
  shown: string;
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

function formOf(): HTMLFormElement | null {
  return document.querySelector<HTMLFormElement>("form[data-draft]");
}

function cellsOf(form: HTMLFormElement): Map<string, HTMLElement> {
  const cells = new Map<string, HTMLElement>();
  for (const cell of form.querySelectorAll<HTMLElement>("[data-field]")) cells.set(cell.dataset.field ?? "", cell);
  return cells;
}

function settle(cell: HTMLElement, state: DraftState): void {
  cell.hidden = !state.visible;
  markRequired(cell, state.required);
  lockCell(cell, state.readonly);
}

function draw(form: HTMLFormElement, answer: DraftAnswer): void {
  const cells = cellsOf(form);
  for (const [name, value] of Object.entries(answer.values)) {
    const cell = cells.get(name);
    // What the person has typed stays as typed; the server's rounding shows after saving.
    if (cell && !touched.has(name)) fillCell(cell, value.text, value.shown);
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

async function send(form: HTMLFormElement): Promise<void> {
  asked?.abort();
  asked = new AbortController();
  const body = new FormData(form);
  body.set("touched", [...touched].join(" "));
  body.set("drafted", "1");
  for (const name of [...body.keys()]) if (body.get(name) instanceof File) body.delete(name);
  try {
    const answer = await fetch(form.dataset.draft ?? "", {
      method: "POST",
      body: new URLSearchParams([...body].map(([name, value]) => [name, String(value)])),
      headers: { Accept: "application/json", "X-CSRF-Token": csrfToken() },
      signal: asked.signal,
    });
    if (answer.ok) draw(form, (await answer.json()) as DraftAnswer);
  } catch (fault) {
    if (!(fault instanceof DOMException || fault instanceof TypeError)) throw fault;
  }
}

export function askForDraft(waitMs = WAIT_MS): void {
  const form = formOf();
  if (!form) return;
  hasChanges = true;
  window.clearTimeout(timer);
  timer = window.setTimeout(() => void send(form), waitMs);
}

function note(event: Event): void {
  const cell = (event.target as Element).closest<HTMLElement>("form[data-draft] [data-field]");
  const name = cell?.dataset.field;
  const isSearch = (event.target as Element).getAttribute("role") === "combobox";
  if (!cell || !name || isSearch) return;
  touched.add(name);
  if (event.type === "change") editing.add(name);
  askForDraft(event.type === "change" ? 0 : WAIT_MS);
}

export function touch(name: string): void {
  touched.add(name);
  editing.add(name);
}

export function startDraft(): void {
  const form = formOf();
  if (!form) return;
  const before = form.querySelector<HTMLInputElement>('input[name="touched"]')?.value.split(" ") ?? [];
  before.filter((name) => name).forEach(touch);
  form.querySelectorAll<HTMLElement>("[data-field][data-touched]").forEach((cell) => touch(cell.dataset.field ?? ""));
  form.addEventListener("input", note);
  form.addEventListener("change", note);
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
