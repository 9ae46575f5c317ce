// The sums under columns, counted again in the frame in which something changes.

import { isComputed, shownOf, textOf } from "../../controls/cells";
import { Decimal } from "../../expressions/values/decimals";
import { printed } from "../printing";

const MARKS = [",", "."] as const;
const GROUPS = /(\d),(?=\d{3})/g;

interface Read {
  text: string;
  value: Decimal | null;
}

// What stood in a cell the last time: of many rows few have changed.
const known = new WeakMap<HTMLElement, Read>();
const computed = new WeakMap<HTMLElement, boolean>();

function amount(cell: HTMLElement): Decimal | null {
  let isOutput = computed.get(cell);
  if (isOutput === undefined) computed.set(cell, (isOutput = isComputed(cell)));
  const text = isOutput ? shownOf(cell) : textOf(cell);
  let read = known.get(cell);
  if (read?.text !== text) known.set(cell, (read = { text, value: Decimal.read(text.trim().replace(GROUPS, "$1")) }));
  return read.value;
}

function sum(output: HTMLElement): void {
  const column = output.closest<HTMLTableCellElement>("td")!.cellIndex;
  const rows = output.closest("table")!.tBodies[0]!.rows;
  let total = new Decimal(0n);
  for (const row of rows) {
    const value = row.cells[column] && amount(row.cells[column]);
    if (value) total = total.plus(value);
  }
  const { shown } = printed("number", total.fixed(), Number(output.dataset.sum), MARKS);
  if (output.textContent !== shown) output.textContent = shown;
}

export function startTotals(): void {
  const feet = document.getElementsByTagName("tfoot");
  document.addEventListener("orderkit:shown", () => {
    for (const foot of feet) foot.querySelectorAll<HTMLElement>("[data-sum]").forEach(sum);
  });
}
