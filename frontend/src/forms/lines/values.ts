// What is done to many cells at once: pasting, filling down, clearing, copying. Each can be taken back.

import { copyCell, fillCell, focusOf, refuseText, shownOf, takeAll, textOf } from "../../controls/cells";
import { notify } from "../../shell/notices";
import { entered, isTouched, untouch } from "../draft";
import { addRows, bodyOf, cellsOf, rowOf, rowsOf, settle } from "./rows";
import { writeBlock } from "./tsv";
import { announce, wordsOf } from "./words";

type Cells = HTMLTableCellElement[];

interface Kept {
  cell: HTMLElement;
  text: string;
  shown: string;
  wasTouched: boolean;
}

function kept(cells: Cells): Kept[] {
  return cells.map((cell) => ({
    cell,
    text: textOf(cell),
    shown: shownOf(cell),
    wasTouched: isTouched(cell.dataset.field ?? ""),
  }));
}

// `rows` are those that were added for it.
function offerUndo(table: HTMLElement, text: string, before: Kept[], rows: HTMLElement[] = []): void {
  const run = (): void => {
    const focused = document.activeElement as HTMLElement | null;
    // What has the keyboard is not written over from outside.
    focused?.blur();
    for (const row of rows) row.remove();
    if (rows.length) settle(table);
    const here = before.filter(({ cell }) => cell.isConnected);
    for (const { cell, text: old, shown } of here) {
      refuseText(cell, "");
      fillCell(cell, old, shown);
    }
    entered(here.map(({ cell }) => cell));
    for (const { cell, wasTouched } of here) if (!wasTouched) untouch(cell.dataset.field ?? "");
    if (focused?.isConnected) focused.focus();
  };
  notify(text, true, { label: wordsOf(table).undo, run });
}

function isOpen(cell: HTMLElement): boolean {
  return focusOf(cell) !== null;
}

// One line of text has no room for the line ends of a cell of a sheet.
function fitting(cell: HTMLElement, text: string): string {
  const isOneLine = focusOf(cell) instanceof HTMLInputElement;
  return isOneLine ? text.trim().replace(/\s*[\n\t]\s*/g, " ") : text.trim();
}

/** Puts a copied block into the cells from one on, or one text into all that are chosen. */
export async function paste(table: HTMLElement, start: HTMLTableCellElement, block: string[][], into?: Cells[]): Promise<void> {
  const isOne = block.length === 1 && block[0]!.length === 1;
  const first = into?.[0]?.[0] ?? start;
  const top = rowOf(first)!.sectionRowIndex;
  const missing = isOne ? 0 : top + block.length - bodyOf(table).rows.length;
  const added = missing > 0 && table.dataset.mayAdd !== undefined ? addRows(table, missing) : [];
  const column = cellsOf(rowOf(first)!).indexOf(first);
  const rows = rowsOf(table).slice(top);
  const pairs: [HTMLTableCellElement, string][] = [];
  if (isOne && into) for (const cell of into.flat()) pairs.push([cell, block[0]![0]!]);
  // Computed columns stand in the copied block as they stand on the screen: they are skipped, not shifted.
  else block.forEach((texts, index) => {
    const cells = rows[index] ? cellsOf(rows[index]) : [];
    texts.forEach((text, at) => cells[column + at] && pairs.push([cells[column + at]!, text]));
  });
  // An empty cell over an empty one says nothing: the default may still come.
  const meant = pairs.filter(([cell, text]) => isOpen(cell) && (text.trim() !== "" || textOf(cell)));
  const cells = meant.map(([cell]) => cell);
  const before = kept(cells.filter((cell) => !added.includes(rowOf(cell)!)));
  const words = wordsOf(table);
  for (const cell of cells) refuseText(cell, "");
  const refused = await takeAll(meant.map(([cell, text]) => [cell, fitting(cell, text)]));
  entered(cells);
  for (const [cell, text] of refused) refuseText(cell, words.unread.replace("{text}", text));
  const left = missing > 0 ? missing - added.length : 0;
  if (left) notify(words.cut.replace("{count}", String(left)).replace("{most}", table.dataset.mostRows ?? ""), false);
  if (refused.length) notify(words.unreadAll.replace("{count}", String(refused.length)), false);
  if (cells.length > 1) offerUndo(table, words.pasted.replace("{count}", String(isOne ? cells.length : block.length - left)), before, added);
}

/** Copies the first row of what is chosen over the others; of one cell, the one above it. */
export function fillDown(table: HTMLElement, cell: HTMLTableCellElement, chosen: Cells[] | null): void {
  const above = rowsOf(table)[rowOf(cell)!.sectionRowIndex - 1];
  const source = chosen && chosen.length > 1 ? chosen[0]! : above ? [above.cells[cell.cellIndex]!] : [];
  const targets = chosen && chosen.length > 1 ? chosen.slice(1) : [[cell]];
  const pairs = targets.flatMap((row) => row.map((target, at) => [source[at], target] as const));
  const meant = pairs.filter((pair): pair is [HTMLTableCellElement, HTMLTableCellElement] => Boolean(pair[0]) && isOpen(pair[1]));
  const cells = meant.map(([, target]) => target);
  if (!cells.length) return;
  const before = kept(cells);
  const focused = document.activeElement as HTMLElement | null;
  focused?.blur();
  for (const [from, target] of meant) copyCell(from, target);
  focused?.focus();
  entered(cells);
  if (cells.length > 1) offerUndo(table, wordsOf(table).filled.replace("{count}", String(cells.length)), before);
}

export function clear(table: HTMLElement, chosen: Cells[]): void {
  const cells = chosen.flat().filter((cell) => isOpen(cell) && textOf(cell));
  if (!cells.length) return;
  const before = kept(cells);
  void takeAll(cells.map((cell) => [cell, ""]));
  entered(cells);
  offerUndo(table, wordsOf(table).cleared.replace("{count}", String(cells.length)), before);
}

/** Returns cells as a spreadsheet reads them: numbers plain, everything else as people see it. */
export function copied(table: HTMLElement, chosen: Cells[]): string {
  announce(table, wordsOf(table).copied);
  return writeBlock(chosen.map((row) => row.map(plainOf)));
}

function plainOf(cell: HTMLElement): string {
  const shown = shownOf(cell);
  return cell.classList.contains("is-number") ? shown.replace(/(\d)[,\s\u00a0\u202f](?=\d{3})/g, "$1") : shown;
}
