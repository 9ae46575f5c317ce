// The rows of a record: add, duplicate, remove, walk with the keyboard, paste a block copied from a sheet.

import { copyCell, focusOf, takeInto, textOf } from "../controls/cells";
import { askForDraft, touch } from "./draft";

let made = 0;

function tableOf(element: Element): HTMLElement | null {
  return element.closest<HTMLElement>("[data-lines]");
}

function rowsOf(table: HTMLElement): HTMLElement[] {
  return [...table.querySelectorAll<HTMLElement>("tr[data-row]")];
}

function renumber(table: HTMLElement): void {
  rowsOf(table).forEach((row, index) => {
    const number = row.querySelector(".col-number");
    if (number) number.textContent = String(index + 1);
  });
  const empty = table.querySelector<HTMLElement>("[data-lines-empty]");
  if (empty) empty.hidden = rowsOf(table).length > 0;
  table.dispatchEvent(new CustomEvent("orderkit:rows", { bubbles: true }));
}

function addRow(table: HTMLElement, after?: HTMLElement): HTMLElement {
  const template = table.querySelector<HTMLTemplateElement>("template[data-row-template]")!;
  made += 1;
  const holder = document.createElement("template");
  holder.innerHTML = template.innerHTML.replaceAll("__key__", `n${Date.now().toString(36)}${made}`);
  const row = holder.content.querySelector<HTMLElement>("tr")!;
  if (after) after.after(row);
  else table.querySelector("tbody")!.append(row);
  renumber(table);
  return row;
}

function cells(row: HTMLElement): HTMLElement[] {
  return [...row.querySelectorAll<HTMLElement>("td[data-field]")];
}

function duplicate(table: HTMLElement, row: HTMLElement): void {
  const copy = addRow(table, row);
  const targets = cells(copy);
  cells(row).forEach((cell, index) => {
    const target = targets[index];
    if (!target) return;
    copyCell(cell, target);
    touch(target.dataset.field ?? "");
  });
  focusOf(targets[0])?.focus();
  askForDraft(0);
}

function fill(cell: HTMLElement, text: string): void | Promise<void> {
  // An empty cell over an empty one says nothing: the default may still come.
  if (text === "" && !textOf(cell)) return undefined;
  touch(cell.dataset.field ?? "");
  return takeInto(cell, text);
}

async function paste(table: HTMLElement, start: HTMLElement, block: string[][]): Promise<void> {
  const startRow = start.closest<HTMLElement>("tr[data-row]")!;
  const startColumn = cells(startRow).indexOf(start);
  const waiting: Promise<void>[] = [];
  let row: HTMLElement | undefined = startRow;
  for (const values of block) {
    row ??= addRow(table);
    // Computed columns stand in the copied block as they stand on the screen: they are skipped, not shifted.
    const targets = cells(row).slice(startColumn);
    values.forEach((value, index) => {
      const target = targets[index];
      const filled = target && focusOf(target) ? fill(target, value.trim()) : undefined;
      if (filled) waiting.push(filled);
    });
    const next: Element | null = row.nextElementSibling;
    row = next instanceof HTMLElement && next.dataset.row !== undefined ? next : undefined;
  }
  await Promise.all(waiting);
  askForDraft(0);
}

function blockOf(text: string): string[][] | null {
  const rows = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n").map((line) => line.split("\t"));
  return rows.length > 1 || (rows[0]?.length ?? 0) > 1 ? rows : null;
}

function walk(table: HTMLElement, cell: HTMLElement, step: number): void {
  const row = cell.closest<HTMLElement>("tr[data-row]")!;
  const rows = rowsOf(table);
  const column = cells(row).indexOf(cell);
  let next = rows[rows.indexOf(row) + step];
  if (!next && step > 0 && table.dataset.mayAdd) next = addRow(table);
  const input = next && focusOf(cells(next)[column]);
  input?.focus();
  if (input instanceof HTMLInputElement && input.type !== "checkbox") input.select();
}

export function startLines(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-row-add], [data-row-copy], [data-row-remove]");
    const table = button && tableOf(button);
    if (!button || !table) return;
    const row = button.closest<HTMLElement>("tr[data-row]");
    if (button.dataset.rowAdd !== undefined) focusOf(cells(addRow(table))[0])?.focus();
    else if (row && button.dataset.rowCopy !== undefined) duplicate(table, row);
    else if (row) {
      const neighbour = (row.nextElementSibling ?? row.previousElementSibling) as HTMLElement | null;
      row.remove();
      renumber(table);
      (neighbour?.querySelector<HTMLElement>("[data-row-remove]") ?? table.querySelector<HTMLElement>("[data-row-add]"))?.focus();
    }
    askForDraft(0);
  });
  document.addEventListener("paste", (event) => {
    const cell = (event.target as Element).closest<HTMLElement>("[data-lines] td[data-field]");
    const table = cell && tableOf(cell);
    const block = blockOf(event.clipboardData?.getData("text/plain") ?? "");
    if (!cell || !table || !block) return;
    event.preventDefault();
    void paste(table, cell, block);
  });
  document.addEventListener("keydown", (event) => {
    const cell = (event.target as Element).closest?.<HTMLElement>("[data-lines] td[data-field]");
    const table = cell && tableOf(cell);
    if (!cell || !table || event.defaultPrevented || event.isComposing) return;
    const target = event.target as HTMLElement;
    const isPicker = target.getAttribute("role") === "combobox";
    if (event.key === "Enter" && target.tagName !== "TEXTAREA") {
      event.preventDefault();
      walk(table, cell, event.shiftKey ? -1 : 1);
    } else if (!isPicker && target.tagName !== "SELECT" && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const rows = rowsOf(table);
      const isLast = rows.indexOf(cell.closest<HTMLElement>("tr[data-row]")!) === rows.length - 1;
      if (event.key === "ArrowUp" || !isLast) walk(table, cell, event.key === "ArrowDown" ? 1 : -1);
    }
  });
}
