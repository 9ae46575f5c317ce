// Picking lines: what is ticked is taken, typing a quantity ticks its line, and the sums move along.

import { amountOf, sumOf } from "./picked";

const ROW = "[data-pick]";
const TICK = 'input[name="row"]';

function tickOf(row: Element): HTMLInputElement | null {
  return row.querySelector<HTMLInputElement>(TICK);
}

function inputsOf(row: Element): HTMLInputElement[] {
  return [...row.querySelectorAll<HTMLInputElement>("[data-take] input")];
}

/** Shows the sums of the ticked lines, which lines are taken, and whether all of them are. */
function refresh(group: Element): void {
  const rows = [...group.querySelectorAll(ROW)];
  const taken = rows.filter((row) => tickOf(row)?.checked);
  for (const row of rows) row.classList.toggle("is-off", !tickOf(row)?.checked);
  const all = group.querySelector<HTMLInputElement>("[data-pick-all]");
  if (all) {
    all.checked = taken.length === rows.length;
    all.indeterminate = taken.length > 0 && taken.length < rows.length;
  }
  for (const output of group.closest("section")?.querySelectorAll<HTMLElement>("[data-pick-sum]") ?? []) {
    const texts = taken.map((row) => inputsOf(row)[Number(output.dataset.pickSum)]?.value ?? "");
    output.textContent = sumOf(texts);
  }
}

function refreshAll(root: ParentNode): void {
  for (const group of root.querySelectorAll("[data-pick-group]")) refresh(group);
}

/** Goes to the same column of the next line, or the one before. */
function step(input: HTMLInputElement, by: number): boolean {
  const row = input.closest(ROW);
  const rows = [...(row?.closest("form")?.querySelectorAll(ROW) ?? [])];
  const next = row && rows[rows.indexOf(row) + by];
  const target = next && (input.name === "row" ? tickOf(next) : inputsOf(next)[inputsOf(row).indexOf(input)]);
  if (!target) return false;
  target.focus();
  target.select();
  return true;
}

export function startPicking(): void {
  document.addEventListener("input", (event) => {
    const input = event.target as HTMLInputElement;
    const row = input.closest?.(ROW);
    const group = input.closest?.("[data-pick-group]");
    if (!group) return;
    if (input.matches("[data-pick-all]")) {
      for (const tick of group.querySelectorAll<HTMLInputElement>(TICK)) tick.checked = input.checked;
    } else if (row && input.closest("[data-take]")) {
      const amount = amountOf(input.value);
      const tick = tickOf(row);
      if (tick) tick.checked = amount === undefined || !amount.isZero;
    }
    refresh(group);
  });
  document.addEventListener("keydown", (event) => {
    const input = event.target as HTMLInputElement;
    if (!input.matches?.(`${ROW} input`)) return;
    const by = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    // The last line's Enter stays there: sending is what the button is for.
    event.preventDefault();
    step(input, by);
  });
  document.addEventListener("htmx:load", (event) => refreshAll(event.target as Element));
  refreshAll(document);
}
