// The sums under columns, counted again in the frame in which something changes.

import { isComputed, shownOf, textOf } from "../../controls/cells";
import { setText } from "../../controls/texts";
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
// What each sum came to, all its cells having been looked at.
const totals = new WeakMap<HTMLElement, Decimal>();
const NOTHING = new Decimal(0n);

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
  let total = NOTHING;
  for (const row of rows) {
    const value = row.cells[column] && amount(row.cells[column]);
    if (value) total = total.plus(value);
  }
  show(output, total);
}

/** Counts again what the cells that changed make of a sum; whether that could be done. */
function adjust(output: HTMLElement, changed: readonly HTMLElement[]): boolean {
  let total = totals.get(output);
  if (!total) return false;
  const column = output.closest<HTMLTableCellElement>("td")!.cellIndex;
  const body = output.closest("table")!.tBodies[0]!;
  for (const cell of changed) {
    if (!(cell instanceof HTMLTableCellElement) || cell.cellIndex !== column || !body.contains(cell)) continue;
    const before = known.get(cell)?.value ?? NOTHING;
    total = total.plus(before.negative()).plus(amount(cell) ?? NOTHING);
  }
  show(output, total);
  return true;
}

function show(output: HTMLElement, total: Decimal): void {
  totals.set(output, total);
  const { shown } = printed("number", total.fixed(), Number(output.dataset.sum), MARKS);
  setText(output, shown);
}

export function startTotals(): void {
  const feet = document.getElementsByTagName("tfoot");
  document.addEventListener("orderkit:shown", (event) => {
    const changed = (event as CustomEvent<HTMLElement[] | null>).detail;
    for (const foot of feet) {
      for (const output of foot.querySelectorAll<HTMLElement>("[data-sum]")) if (!changed || !adjust(output, changed)) sum(output);
    }
  });
}
