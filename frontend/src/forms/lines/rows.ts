// The rows of a table: which there are, more of them, fewer, in another order. Every change of them is told
// by `orderkit:rows` on the table; which cell a key or a pointer means is asked of the row itself, so that
// a table of many rows need not be looked through.

import { copyCell, focusOf } from "../../controls/cells";
import { announce, wordsOf } from "./words";

const LONG = 15;

let made = 0;

export function tableOf(element: Element): HTMLElement | null {
  return element.closest<HTMLElement>("[data-lines]");
}

export function bodyOf(table: HTMLElement): HTMLTableSectionElement {
  return table.querySelector("tbody")!;
}

export function rowsOf(table: HTMLElement): HTMLTableRowElement[] {
  return [...bodyOf(table).rows];
}

export function rowOf(element: Element): HTMLTableRowElement | null {
  return element.closest<HTMLTableRowElement>("tr[data-row]");
}

export function cellOf(element: Element): HTMLTableCellElement | null {
  return element.closest<HTMLTableCellElement>("[data-lines] td[data-field]");
}

export function cellsOf(row: HTMLTableRowElement): HTMLTableCellElement[] {
  return [...row.cells].filter((cell) => cell.dataset.field !== undefined);
}

export function mayChange(table: HTMLElement): boolean {
  return table.dataset.mayAdd !== undefined;
}

/** Says that rows came, went or moved. */
export function settle(table: HTMLElement): void {
  const rows = rowsOf(table);
  rows.forEach((row, index) => {
    const number = row.querySelector("[data-row-number]");
    if (number && number.textContent !== String(index + 1)) number.textContent = String(index + 1);
  });
  const empty = table.querySelector<HTMLElement>("[data-lines-empty]");
  if (empty) empty.hidden = rows.length > 0;
  table.querySelector(".lines-scroll")?.classList.toggle("is-long", rows.length > LONG);
  table.dispatchEvent(new CustomEvent("orderkit:rows", { bubbles: true }));
}

/** Adds rows beside one, or at the end; fewer than asked for where there is no room for more. */
export function addRows(table: HTMLElement, count: number, beside?: HTMLTableRowElement, isAbove = false): HTMLTableRowElement[] {
  const body = bodyOf(table);
  const room = Math.max(0, Number(table.dataset.mostRows ?? Infinity) - body.rows.length);
  const template = table.querySelector<HTMLTemplateElement>("template[data-row-template]")!.innerHTML;
  const holder = document.createElement("template");
  const keys = Array.from({ length: Math.min(count, room) }, () => `n${Date.now().toString(36)}${(made += 1)}`);
  holder.innerHTML = keys.map((key) => template.replaceAll("__key__", key)).join("");
  const rows = [...holder.content.querySelectorAll<HTMLTableRowElement>("tr[data-row]")];
  if (beside && isAbove) beside.before(...rows);
  else if (beside) beside.after(...rows);
  else body.append(...rows);
  if (rows.length) settle(table);
  return rows;
}

/** Brings the keyboard to a cell, selecting what stands there. */
export function goTo(cell: HTMLElement | undefined): boolean {
  const input = focusOf(cell);
  if (!cell || !input) return false;
  openCard(rowOf(cell));
  input.focus();
  if (input instanceof HTMLInputElement && input.type !== "checkbox") input.select();
  return true;
}

export function goToRow(row: HTMLTableRowElement | undefined): void {
  if (row) cellsOf(row).some(goTo);
}

/** On a phone a row is a card: closed, one line; open, its fields. */
export function openCard(row: HTMLTableRowElement | null, isOpen = true): void {
  if (!row) return;
  row.classList.toggle("is-open", isOpen);
  row.querySelector("[data-row-open]")?.setAttribute("aria-expanded", String(isOpen));
}

/** Adds one row beside another or at the end and goes there. */
export function insertRow(table: HTMLElement, beside?: HTMLTableRowElement, isAbove = false): void {
  const [row] = addRows(table, 1, beside, isAbove);
  if (row) goToRow(row);
  else announce(table, wordsOf(table).full, true);
}

export function duplicateRow(table: HTMLElement, row: HTMLTableRowElement): HTMLElement[] {
  const [copy] = addRows(table, 1, row);
  if (!copy) {
    announce(table, wordsOf(table).full, true);
    return [];
  }
  const targets = cellsOf(copy);
  cellsOf(row).forEach((cell, index) => {
    if (targets[index]) copyCell(cell, targets[index]);
  });
  goToRow(copy);
  return targets;
}

/** Takes a row away; what is returned puts it back. */
export function removeRow(table: HTMLElement, row: HTMLTableRowElement): () => void {
  const before = row.nextElementSibling;
  const neighbour = (before ?? row.previousElementSibling) as HTMLTableRowElement | null;
  // The menu that all rows share stays on the page.
  const menu = row.querySelector("[data-row-menu]");
  if (menu) table.append(menu);
  row.remove();
  settle(table);
  if (neighbour) goToRow(neighbour);
  else table.querySelector<HTMLElement>("[data-row-add]")?.focus();
  return () => {
    if (before?.isConnected) before.before(row);
    else bodyOf(table).append(row);
    settle(table);
    goToRow(row);
  };
}

/** Moves a row by so many places up or down; the keyboard stays where it was. */
export function moveRow(table: HTMLElement, row: HTMLTableRowElement, step: number): boolean {
  const rows = bodyOf(table).rows;
  const target = rows[row.sectionRowIndex + step];
  if (!target) return false;
  const focused = document.activeElement;
  if (step > 0) target.after(row);
  else target.before(row);
  if (focused instanceof HTMLElement && row.contains(focused)) focused.focus();
  settle(table);
  announce(table, wordsOf(table).moved.replace("{number}", String(row.sectionRowIndex + 1)));
  return true;
}
