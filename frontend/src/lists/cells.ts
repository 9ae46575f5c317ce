// Changing a value of a list where it stands: a double click, Enter or F2 brings its control from the server; Enter and
// Tab save and go on, Escape leaves. The row is then drawn anew, as what else is in it may follow from the value.

import { focusOf } from "../controls/cells";
import { hold, release } from "../live/refresh";
import { notify } from "../shell/notices";
import { csrfToken } from "../shell/pages";
import { withOpened } from "./groups";

const CELL = "td[data-cell]";
const TWICE_MS = 230;

interface Editor {
  cell: HTMLTableCellElement;
  form: HTMLFormElement;
  before: DocumentFragment;
  sent: string;
}

let editor: Editor | null = null;
let isBusy = false;
let following = 0;

function isNarrow(): boolean {
  return window.matchMedia("(max-width: 767px)").matches;
}

function cellOf(element: EventTarget | null): HTMLTableCellElement | null {
  return element instanceof Element ? element.closest<HTMLTableCellElement>(CELL) : null;
}

function rowOf(cell: HTMLElement): HTMLTableRowElement {
  return cell.closest("tr")!;
}

/** Where a cell is changed: behind its row, or where the template of a project says so itself. */
function addressOf(cell: HTMLElement): string {
  const name = cell.dataset.cell!;
  return name.startsWith("/") ? name : `${rowOf(cell).dataset.href}/cells/${name}`;
}

function contentOf(form: HTMLFormElement): string {
  const data = new FormData(form);
  return [...data].filter(([name]) => name !== "csrf_token").map((pair) => pair.join("=")).join("&");
}

function headers(): Record<string, string> {
  return { "HX-Request": "true", "X-CSRF-Token": csrfToken() };
}

/** Says what the server has said instead of giving what was asked for. */
function tell(html: string, cell: HTMLElement): void {
  const told = document.createElement("template");
  told.innerHTML = html;
  const text = told.content.querySelector(".notice-text")?.textContent?.trim();
  notify(text || cell.closest("table")?.dataset.cellFailed || "", false);
}

function formIn(html: string): HTMLFormElement | null {
  const made = document.createElement("template");
  made.innerHTML = html;
  return made.content.querySelector<HTMLFormElement>("[data-cell-form]");
}

function focusControl(form: HTMLFormElement): void {
  const field = form.querySelector<HTMLElement>("[data-field]");
  const target = focusOf(field ?? undefined) ?? form.querySelector<HTMLElement>("input:not([type=hidden]), select, textarea, button");
  target?.focus();
  if (target instanceof HTMLInputElement && target.type === "text") target.select();
}

async function open(cell: HTMLTableCellElement): Promise<boolean> {
  if (editor?.cell === cell || isBusy || isNarrow()) return false;
  if (editor && !(await leaveSaved())) return false;
  isBusy = true;
  cell.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(addressOf(cell), { headers: headers() });
    const html = await answer.text();
    const form = answer.ok ? formIn(html) : null;
    if (!form) {
      tell(html, cell);
      cell.focus();
      return false;
    }
    const before = document.createDocumentFragment();
    before.append(...cell.childNodes);
    cell.append(form);
    cell.classList.add("is-editing");
    editor = { cell, form, before, sent: contentOf(form) };
    hold();
    focusControl(form);
    return true;
  } catch {
    tell("", cell);
    return false;
  } finally {
    isBusy = false;
    cell.removeAttribute("aria-busy");
  }
}

/** Puts back what stood there. */
function close(): void {
  if (!editor) return;
  const { cell, before } = editor;
  editor = null;
  release();
  cell.replaceChildren(before);
  cell.classList.remove("is-editing");
}

/** Draws the row as the list now shows it; one that the list no longer has stays in sight, faded. */
async function redraw(row: HTMLTableRowElement): Promise<HTMLTableRowElement> {
  const table = row.closest("table");
  const answer = await fetch(withOpened(window.location.href), { headers: headers() });
  if (!answer.ok) return row;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector<HTMLTableRowElement>(`tr[data-id="${row.dataset.id}"]`);
  if (!fresh) {
    row.classList.add("is-left");
    notify(table?.dataset.cellLeft ?? "", true);
    return row;
  }
  const tick = row.querySelector<HTMLInputElement>("[data-select]");
  const other = fresh.querySelector<HTMLInputElement>("[data-select]");
  if (tick && other) other.checked = tick.checked;
  const drawn = document.adoptNode(fresh);
  row.replaceWith(drawn);
  return drawn;
}

/** Saves what was typed, if anything was; returns the row as it stands then, or null where it was refused. */
async function save(): Promise<HTMLTableRowElement | null> {
  if (!editor || isBusy) return null;
  const { cell, form } = editor;
  const row = rowOf(cell);
  if (contentOf(form) === editor.sent && !form.querySelector(".cell-clash")) {
    close();
    return row;
  }
  isBusy = true;
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: headers() });
    if (answer.status === 204) {
      const drawn = await redraw(row);
      close();
      return drawn;
    }
    const html = await answer.text();
    const again = formIn(html);
    if (!again) {
      tell(html, cell);
      return null;
    }
    form.replaceWith(again);
    editor.form = again;
    focusControl(again);
    return null;
  } catch {
    tell("", cell);
    return null;
  } finally {
    isBusy = false;
    form.removeAttribute("aria-busy");
  }
}

async function leaveSaved(): Promise<boolean> {
  return (await save()) !== null;
}

function cellsOf(row: Element | null | undefined): HTMLTableCellElement[] {
  return row ? [...row.querySelectorAll<HTMLTableCellElement>(CELL)] : [];
}

/** Returns the cell to which Tab or Enter goes on: beside it, in the row after; or below it. */
function nextOf(row: HTMLTableRowElement, column: number, key: string, isBack: boolean): HTMLTableCellElement | undefined {
  const other = (isBack ? row.previousElementSibling : row.nextElementSibling) as HTMLTableRowElement | null;
  if (key === "Enter") return other?.cells[column]?.matches(CELL) ? other.cells[column] : undefined;
  const cells = cellsOf(row);
  const beside = isBack ? cells.filter((each) => each.cellIndex < column).at(-1) : cells.find((each) => each.cellIndex > column);
  return beside ?? (isBack ? cellsOf(other).at(-1) : cellsOf(other)[0]);
}

async function goOn(key: string, isBack: boolean): Promise<void> {
  if (!editor) return;
  const column = editor.cell.cellIndex;
  const row = await save();
  if (!row) return;
  const next = nextOf(row, column, key, isBack);
  if (!next || !(await open(next))) (next ?? row.cells[column])?.focus();
}

function onEditorKey(event: KeyboardEvent): void {
  if (!editor || event.isComposing || event.defaultPrevented) return;
  const isText = event.target instanceof HTMLTextAreaElement;
  if (event.key === "Escape") {
    const { cell } = editor;
    close();
    cell.focus();
  } else if (event.key === "Tab" || (event.key === "Enter" && !(isText && (event.shiftKey || event.altKey)) && !(event.target as Element).closest("button"))) {
    void goOn(event.key, event.shiftKey);
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

function onCellKey(event: KeyboardEvent): void {
  const focus = document.activeElement as HTMLElement | null;
  const row = focus?.closest<HTMLTableRowElement>("tr[data-id]");
  if (!focus || !row || event.ctrlKey || event.metaKey || event.altKey) return;
  const isCell = focus.matches(CELL);
  if (isCell && (event.key === "Enter" || event.key === "F2")) void open(focus as HTMLTableCellElement);
  else if (event.key === "F2") {
    const first = cellsOf(row)[0];
    if (first) void open(first);
  } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    const places = [row.querySelector<HTMLElement>(".row-link"), ...cellsOf(row).filter((cell) => !cell.querySelector(".row-link"))];
    const at = places.indexOf(isCell && !focus.querySelector(".row-link") ? focus : places[0]!);
    const to = places[at + (event.key === "ArrowRight" ? 1 : -1)];
    if (!to) return;
    to.focus();
  } else return;
  event.preventDefault();
}

/** A click opens the record; where a second one would open the value instead, the first waits for it. */
function onClick(event: MouseEvent): void {
  const target = event.target as Element;
  if (editor?.cell.contains(target)) {
    event.stopImmediatePropagation();
    if (target.closest("[data-cell-leave]")) {
      const row = rowOf(editor.cell);
      close();
      void redraw(row);
    }
    return;
  }
  const cell = cellOf(target);
  const href = cell && rowOf(cell).dataset.href;
  if (!cell || !href || isNarrow() || event.ctrlKey || event.metaKey || target.closest("a, button, input, label")) return;
  event.stopImmediatePropagation();
  window.clearTimeout(following);
  if (event.detail > 1) void open(cell);
  else if (!window.getSelection()?.toString()) following = window.setTimeout(() => window.location.assign(href), TWICE_MS);
}

export function startCells(): void {
  document.addEventListener("keydown", (event) => {
    if (editor?.form.contains(event.target as Node)) onEditorKey(event);
    else if (!editor) onCellKey(event);
  });
  document.addEventListener("click", onClick, { capture: true });
  document.addEventListener("mousedown", (event) => {
    const target = event.target as Element;
    if (editor && !editor.cell.contains(target) && !target.closest(".picker-list, .menu-panel, #notices")) void leaveSaved();
    // A second press must not mark a word.
    else if (event.detail > 1 && cellOf(target) && !editor?.cell.contains(target)) event.preventDefault();
  });
  document.addEventListener("submit", (event) => {
    if (!(event.target as Element).matches("[data-cell-form]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    void leaveSaved();
  }, { capture: true });
  // Whatever else brings the list anew waits while something is typed into it.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (editor && (event.target as Element).contains(editor.cell)) event.preventDefault();
  });
}
