// The keys of a table of rows. What a field needs for itself (the arrows of an open list, of a text that is
// not at its edge, the line end of a long text) stays with it.

import { chooseBy, chosen, clearChoice } from "./range";
import { addRows, bodyOf, cellOf, cellsOf, duplicateRow, goTo, insertRow, mayChange, moveRow, rowOf, tableOf } from "./rows";
import { removeWithUndo } from "./tools";
import { clear, fillDown } from "./values";
import { entered } from "../draft";

interface Place {
  table: HTMLElement;
  row: HTMLTableRowElement;
  cell: HTMLTableCellElement;
  target: HTMLElement;
}

/** Goes up or down in a column, over cells that are not open; below the last row begins a new one. */
function walk({ table, row, cell }: Place, step: number, mayAdd: boolean): void {
  const column = cellsOf(row).indexOf(cell);
  const rows = bodyOf(table).rows;
  for (let at = row.sectionRowIndex + step; at >= 0 && at < rows.length; at += step) {
    if (goTo(cellsOf(rows[at]!)[column])) return;
  }
  if (step < 0 || !mayAdd || !mayChange(table)) return;
  const [added] = addRows(table, 1);
  if (added && !goTo(cellsOf(added)[column])) cellsOf(added).some(goTo);
}

function goAside({ row, cell }: Place, step: number): boolean {
  for (let at = cell.cellIndex + step; row.cells[at]?.dataset.field !== undefined; at += step) if (goTo(row.cells[at])) return true;
  return false;
}

// Where the caret is so that an arrow would leave the text: at its end, or with all of it selected.
function isAtEdge(target: HTMLElement, key: string): boolean {
  if (target instanceof HTMLTextAreaElement) {
    const { selectionStart, selectionEnd, value } = target;
    const isForward = key === "ArrowDown" || key === "ArrowRight";
    return selectionStart === selectionEnd && selectionEnd === (isForward ? value.length : 0);
  }
  if (key === "ArrowUp" || key === "ArrowDown") return !(target instanceof HTMLSelectElement);
  if (!(target instanceof HTMLInputElement)) return false;
  if (target.type === "checkbox") return true;
  if (target.selectionStart === null) return false;
  const isAll = target.selectionStart === 0 && target.selectionEnd === target.value.length;
  const edge = key === "ArrowLeft" ? 0 : target.value.length;
  return isAll || (target.selectionStart === edge && target.selectionEnd === edge);
}

function onArrow(place: Place, event: KeyboardEvent): boolean {
  const { key } = event;
  const isDown = key === "ArrowDown" || key === "ArrowUp";
  const step = key === "ArrowDown" || key === "ArrowRight" ? 1 : -1;
  if (event.altKey) return isDown && mayChange(place.table) && (moveRow(place.table, place.row, step), true);
  const block = chosen();
  if (event.shiftKey) {
    const mayChoose = block ?? (isDown || isAtEdge(place.target, key));
    if (mayChoose) chooseBy(place.cell, isDown ? step : 0, isDown ? 0 : step);
    return Boolean(mayChoose);
  }
  if (place.target.getAttribute("role") === "combobox" && isDown) return false;
  if (!isAtEdge(place.target, key)) return false;
  if (!isDown) return goAside(place, step);
  walk(place, step, false);
  return true;
}

// Returns whether the key was one of the table's.
function onCommand(place: Place, event: KeyboardEvent): boolean {
  const { table, row, cell, target } = place;
  const block = chosen();
  const isCommand = event.ctrlKey || event.metaKey;
  if (event.key === "F2" && target instanceof HTMLInputElement && target.selectionEnd !== null) {
    target.setSelectionRange(target.value.length, target.value.length);
    return true;
  }
  if (event.key === "Escape" && block) return clearChoice(), true;
  if (event.key === "Delete" && !isCommand && block) return clear(table, block), true;
  if (isCommand && !event.shiftKey && event.key.toLowerCase() === "d") return fillDown(table, cell, block), true;
  if (mayChange(table)) {
    if (isCommand && event.key === "Delete") return removeWithUndo(table, row), true;
    if (isCommand && event.shiftKey && event.key === "Enter") return entered(duplicateRow(table, row)), true;
    if ((isCommand && event.key === "Enter") || (event.key === "Insert" && !isCommand && !event.shiftKey)) return insertRow(table, row), true;
  }
  return false;
}

function onKey(place: Place, event: KeyboardEvent): boolean {
  if (onCommand(place, event)) return true;
  if (event.ctrlKey || event.metaKey) return false;
  if (event.key === "Enter" && !event.altKey && place.target.tagName !== "TEXTAREA") {
    walk(place, event.shiftKey ? -1 : 1, true);
    return true;
  }
  return event.key.startsWith("Arrow") && onArrow(place, event);
}

export function startKeyboard(): void {
  document.addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement;
    const cell = target instanceof Element ? cellOf(target) : null;
    const table = cell && tableOf(cell);
    const row = cell && rowOf(cell);
    if (!cell || !table || !row || event.defaultPrevented || event.isComposing) return;
    if (target.tagName === "BUTTON" || target.tagName === "A") return;
    if (onKey({ table, row, cell, target }, event)) event.preventDefault();
  });
}
