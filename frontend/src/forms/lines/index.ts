// The rows of a record as a sheet: the keyboard, copying and pasting, and the pointer.

import { focusOf } from "../../controls/cells";
import { startCards } from "./cards";
import { startKeyboard } from "./keyboard";
import { chosen, startChoosing } from "./range";
import { cellOf, tableOf } from "./rows";
import { startTools } from "./tools";
import { startTotals } from "./totals";
import { readBlock } from "./tsv";
import { clear, copied, paste } from "./values";

function onPaste(event: ClipboardEvent): void {
  const cell = cellOf(event.target as Element);
  const table = cell && tableOf(cell);
  if (!cell || !table || !focusOf(cell)) return;
  const into = chosen();
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const block = readBlock(text) ?? (into && text ? [[text.trim()]] : null);
  if (!block) return;
  event.preventDefault();
  void paste(table, cell, block, into ?? undefined);
}

function onCopy(event: ClipboardEvent): void {
  const block = chosen();
  const table = block && tableOf(block[0]![0]!);
  if (!block || !table) return;
  event.preventDefault();
  event.clipboardData?.setData("text/plain", copied(table, block));
  if (event.type === "cut") clear(table, block);
}

// Rows that stand out of sight are not measured: the head says how wide its columns need the table to be.
function widen(): void {
  for (const table of document.querySelectorAll<HTMLTableElement>("[data-lines] .lines-edit")) {
    const head = table.tHead?.rows[0];
    if (head && head.scrollWidth > head.clientWidth) table.style.minWidth = `${head.scrollWidth}px`;
  }
}

export function startLines(): void {
  document.addEventListener("paste", onPaste);
  document.addEventListener("copy", onCopy);
  document.addEventListener("cut", onCopy);
  startKeyboard();
  startChoosing();
  startTools();
  startTotals();
  startCards();
  widen();
  window.addEventListener("resize", widen);
}
