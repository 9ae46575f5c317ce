// On a phone every row is a card: closed, one line that says what it is; a tap opens its fields.

import { isComputed, shownOf } from "../../controls/cells";
import { cellsOf, openCard, rowsOf } from "./rows";

const PHONE = window.matchMedia("(max-width: 767px)");

function summary(row: HTMLTableRowElement): [string, string] {
  const cells = cellsOf(row).filter((cell) => !cell.hidden);
  const [first, ...others] = cells;
  const numbers = others.filter((cell) => cell.classList.contains("is-number"));
  const last = [...numbers].reverse().find(isComputed) ?? numbers.at(-1);
  const typed = numbers.filter((cell) => cell !== last && !isComputed(cell)).map(shownOf).filter(Boolean);
  return [first ? shownOf(first) : "", [typed.slice(0, 2).join(" × "), last ? shownOf(last) : ""].filter(Boolean).join(" = ")];
}

function describe(row: HTMLTableRowElement): void {
  const button = row.querySelector<HTMLElement>("[data-row-open]");
  if (!button) return;
  const [title, figures] = summary(row);
  const [name, note] = button.children;
  if (name && name.textContent !== title) name.textContent = title || "—";
  if (note && note.textContent !== figures) note.textContent = figures;
  // Its name begins with what stands on it, so that it can be called by what one sees.
  button.dataset.does ??= button.getAttribute("aria-label") ?? "";
  button.setAttribute("aria-label", [title || "—", figures, button.dataset.does].filter(Boolean).join(" "));
}

export function startCards(): void {
  const all = (): void => {
    if (!PHONE.matches) return;
    for (const table of document.querySelectorAll<HTMLElement>("[data-lines]")) {
      const rows = rowsOf(table);
      rows.forEach(describe);
      if (rows.length === 1) openCard(rows[0]!);
    }
  };
  document.addEventListener("orderkit:shown", (event) => {
    if (!PHONE.matches) return;
    // While one types only the row that has the keyboard is looked at.
    const row = document.activeElement?.closest<HTMLTableRowElement>("tr[data-row]");
    if (row && (event as CustomEvent<HTMLElement[] | null>).detail) describe(row);
    else all();
  });
  PHONE.addEventListener("change", all);
  all();
}
