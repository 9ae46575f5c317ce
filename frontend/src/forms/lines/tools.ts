// The buttons of rows, the menu that all rows share, and drawing a row to another place.

import { closeMenus } from "../../shell/menus";
import { notify } from "../../shell/notices";
import { askForDraft, entered } from "../draft";
import { duplicateRow, insertRow, mayChange, moveRow, openCard, removeRow, rowOf, settle, tableOf } from "./rows";
import { wordsOf } from "./words";

// The bar at the foot of the page covers what stands there.
const BAR = 84;

export function removeWithUndo(table: HTMLElement, row: HTMLTableRowElement): void {
  const undo = removeRow(table, row);
  askForDraft(0);
  const run = (): void => {
    undo();
    askForDraft(0);
  };
  notify(wordsOf(table).removed, true, { label: wordsOf(table).undo, run });
}

// There is one menu for all rows: it stands in the row whose button was pressed last.
function bringMenu(table: HTMLElement, button: HTMLElement): void {
  const panel = table.querySelector<HTMLElement>("[data-row-menu]");
  const anchor = button.closest("[data-menu]");
  if (!panel || !anchor || anchor.contains(panel)) return;
  closeMenus();
  anchor.append(panel);
}

function place(panel: HTMLElement, button: HTMLElement): void {
  const box = button.getBoundingClientRect();
  const below = window.innerHeight - box.bottom;
  panel.style.right = `${document.documentElement.clientWidth - box.right}px`;
  panel.style.top = below < panel.offsetHeight + BAR ? `${box.top - panel.offsetHeight - 4}px` : `${box.bottom + 4}px`;
}

function fromMenu(table: HTMLElement, row: HTMLTableRowElement, action: string): void {
  if (action === "above" || action === "below") insertRow(table, row, action === "above");
  else if (action === "copy") entered(duplicateRow(table, row));
  else if (moveRow(table, row, action === "up" ? -1 : 1)) row.querySelector<HTMLElement>("[data-menu-button]")?.focus();
  askForDraft(0);
}

function onClick(event: MouseEvent): void {
  const target = event.target as Element;
  const button = target.closest<HTMLElement>("[data-row-add], [data-row-remove], [data-row-open], [data-row-does]");
  const table = button && tableOf(button);
  if (!button || !table) return;
  const row = rowOf(button);
  if (button.dataset.rowAdd !== undefined) {
    insertRow(table);
    askForDraft(0);
  } else if (row && button.dataset.rowOpen !== undefined) openCard(row, !row.classList.contains("is-open"));
  else if (row && button.dataset.rowDoes) fromMenu(table, row, button.dataset.rowDoes);
  else if (row) removeWithUndo(table, row);
}

function startDrawing(): void {
  let row: HTMLTableRowElement | null = null;
  document.addEventListener("pointerdown", (event) => {
    const grip = event.button === 0 ? (event.target as Element).closest<HTMLElement>("[data-row-grip]") : null;
    row = grip && rowOf(grip);
    if (!grip || !row) return;
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
    row.classList.add("is-drawn");
  });
  document.addEventListener("pointermove", (event) => {
    if (!row) return;
    const over = document.elementFromPoint(row.getBoundingClientRect().left + 8, event.clientY);
    const other = over && rowOf(over);
    if (!other || other === row || other.parentElement !== row.parentElement) return;
    const box = other.getBoundingClientRect();
    const isBelow = other.sectionRowIndex > row.sectionRowIndex;
    // Past the middle, or rows of two heights would change places for ever.
    if (isBelow && event.clientY > box.top + box.height / 2) other.after(row);
    else if (!isBelow && event.clientY < box.top + box.height / 2) other.before(row);
  });
  const drop = (): void => {
    const table = row && tableOf(row);
    row?.classList.remove("is-drawn");
    row = null;
    if (!table) return;
    settle(table);
    askForDraft(0);
  };
  document.addEventListener("pointerup", drop);
  document.addEventListener("pointercancel", drop);
}

export function startTools(): void {
  document.addEventListener("click", onClick);
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-lines] [data-row] [data-menu-button]");
    const table = button && tableOf(button);
    if (!button || !table || !mayChange(table)) return;
    bringMenu(table, button);
    window.requestAnimationFrame(() => {
      const panel = table.querySelector<HTMLElement>("[data-row-menu]:not([hidden])");
      if (panel) place(panel, button);
    });
  }, { capture: true });
  window.addEventListener("scroll", () => {
    if (document.querySelector(".lines [data-row-menu]:not([hidden])")) closeMenus();
  }, { capture: true, passive: true });
  startDrawing();
}
