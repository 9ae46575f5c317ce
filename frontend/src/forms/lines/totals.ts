// The sums under columns, counted again in the frame in which something changes.

import { shownOf, textOf, isComputed } from "../../controls/cells";
import { Decimal } from "../../expressions/values/decimals";
import { printed } from "../printing";
import { readTyped } from "../readers";
import { bodyOf } from "./rows";

const MARKS = [",", "."] as const;
const SCALE = 18;

function amount(cell: HTMLElement): Decimal | null {
  const text = isComputed(cell) ? shownOf(cell) : textOf(cell);
  const value = readTyped("number", text, SCALE);
  return typeof value === "string" ? Decimal.read(value) : null;
}

function sum(table: HTMLElement): void {
  const rows = bodyOf(table).rows;
  for (const output of table.querySelectorAll<HTMLElement>("tfoot [data-sum]")) {
    const column = (output.parentElement as HTMLTableCellElement).cellIndex;
    let total = new Decimal(0n);
    for (const row of rows) {
      const cell = row.cells[column];
      const value = cell && amount(cell);
      if (value) total = total.plus(value);
    }
    const { shown } = printed("number", total.fixed(), Number(output.dataset.sum), MARKS);
    if (output.textContent !== shown) output.textContent = shown;
  }
}

export function startTotals(): void {
  const sumAll = (event: Event): void => {
    for (const table of (event.target as Element).querySelectorAll<HTMLElement>("[data-lines]")) sum(table);
  };
  document.addEventListener("orderkit:shown", sumAll);
}
