// Several cells chosen at once: from one cell to another, by Shift with the arrows or a click, or by drawing
// over them. The keyboard stays in the first.

import { cellOf, cellsOf, rowOf, rowsOf, tableOf } from "./rows";
import { announce, wordsOf } from "./words";

let from: HTMLTableCellElement | null = null;
let to: HTMLTableCellElement | null = null;
let painted = new Set<HTMLElement>();

function between(table: HTMLElement, first: HTMLTableCellElement, last: HTMLTableCellElement): HTMLTableCellElement[][] {
  const [top = 0, bottom = 0] = [rowOf(first)!.sectionRowIndex, rowOf(last)!.sectionRowIndex].sort((a, b) => a - b);
  const [left = 0, right = 0] = [first.cellIndex, last.cellIndex].sort((a, b) => a - b);
  return rowsOf(table)
    .slice(top, bottom + 1)
    .map((row) => cellsOf(row).filter((cell) => cell.cellIndex >= left && cell.cellIndex <= right));
}

/** Returns the chosen cells by rows; null where no more than one is chosen. */
export function chosen(): HTMLTableCellElement[][] | null {
  const table = from?.isConnected && to?.isConnected ? tableOf(from) : null;
  return table && from && to && from !== to ? between(table, from, to) : null;
}

function paint(): void {
  const cells = new Set<HTMLElement>(chosen()?.flat());
  for (const cell of painted) if (!cells.has(cell)) cell.classList.remove("is-chosen");
  for (const cell of cells) if (!painted.has(cell)) cell.classList.add("is-chosen");
  painted = cells;
}

export function clearChoice(): void {
  from = to = null;
  if (painted.size) paint();
}

/** Chooses from the cell with the keyboard, or from where it was begun, to another. */
export function chooseTo(start: HTMLTableCellElement, end: HTMLTableCellElement): void {
  if (!from?.isConnected || tableOf(from) !== tableOf(end)) from = start;
  to = end;
  paint();
  const table = tableOf(end)!;
  const block = chosen();
  const words = wordsOf(table).chosen;
  if (block) announce(table, words.replace("{rows}", String(block.length)).replace("{columns}", String(block[0]!.length)));
}

/** Chooses one cell more or fewer in a direction. */
export function chooseBy(cell: HTMLTableCellElement, down: number, right: number): void {
  const end = to?.isConnected && from === cell ? to : cell;
  const row = rowsOf(tableOf(cell)!)[rowOf(end)!.sectionRowIndex + down];
  const next = row?.cells[end.cellIndex + right];
  if (from !== cell) clearChoice();
  if (next?.dataset.field === undefined) return;
  chooseTo(cell, next);
  next.scrollIntoView({ block: "nearest", inline: "nearest" });
}

export function startChoosing(): void {
  let start: HTMLTableCellElement | null = null;
  document.addEventListener("pointerdown", (event) => {
    const cell = event.button === 0 && event.pointerType === "mouse" ? cellOf(event.target as Element) : null;
    const focused = document.activeElement && cellOf(document.activeElement);
    if (cell && event.shiftKey && focused && focused !== cell && tableOf(focused) === tableOf(cell)) {
      // Left to itself the browser would move the keyboard there.
      event.preventDefault();
      document.addEventListener("mousedown", (press) => press.preventDefault(), { capture: true, once: true });
      if (from !== focused) clearChoice();
      chooseTo(focused, cell);
      return;
    }
    start = cell;
    clearChoice();
  });
  document.addEventListener("pointerover", (event) => {
    if (!start || event.buttons !== 1) return;
    const cell = cellOf(event.target as Element);
    if (!cell || tableOf(cell) !== tableOf(start) || (cell === start && !from)) return;
    window.getSelection()?.removeAllRanges();
    tableOf(cell)!.classList.add("is-choosing");
    chooseTo(start, cell);
  });
  document.addEventListener("pointerup", () => {
    if (start) tableOf(start)?.classList.remove("is-choosing");
    start = null;
  });
  document.addEventListener("orderkit:rows", clearChoice);
  document.addEventListener("focusout", (event) => {
    const next = event.relatedTarget instanceof Element ? event.relatedTarget : null;
    if (from && next && cellOf(next) !== from) clearChoice();
  });
  // Who goes on typing means the one cell.
  document.addEventListener("beforeinput", (event) => {
    if (event.isTrusted) clearChoice();
  });
}
