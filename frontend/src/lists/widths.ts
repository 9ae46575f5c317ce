// The edges of headings: a column is as wide as its edge is drawn, or pushed with the arrow keys; a double click
// lets all columns follow what stands in them again. What is set is kept on the server with the other columns.
// Columns that stay in sight are told here where: each begins where those before it end.

import { csrfToken } from "../shell/pages";

const TABLE = "table[data-sizes]";
const LEAST = 56;
const MOST = 900;
const STEP = 16;
const WAIT_MS = 500;
// Columns in sight may take so much of the width; beyond that nothing would be left to scroll.
const MOST_IN_SIGHT = 0.6;

let timer = 0;

function headings(table: HTMLTableElement): HTMLTableCellElement[] {
  return [...(table.tHead?.rows[0]?.cells ?? [])];
}

/** Gives every column the width that it has, so that one of them can change alone. */
function fix(table: HTMLTableElement): HTMLTableColElement[] {
  const cells = headings(table);
  const found = [...table.querySelectorAll<HTMLTableColElement>("colgroup col")];
  if (table.classList.contains("is-sized") && found.length === cells.length) return found;
  const widths = cells.map((cell) => Math.round(cell.getBoundingClientRect().width));
  table.querySelector("colgroup")?.remove();
  const group = document.createElement("colgroup");
  const columns = widths.map((width) => {
    const column = document.createElement("col");
    group.append(column);
    column.dataset.width = String(width);
    return column;
  });
  (table.caption ?? table.tHead)?.[table.caption ? "after" : "before"](group);
  table.classList.add("is-sized");
  return columns;
}

function setWidth(table: HTMLTableElement, cell: HTMLTableCellElement, wanted: number): void {
  const columns = fix(table);
  const width = Math.round(Math.min(Math.max(wanted, LEAST), MOST));
  columns[cell.cellIndex]!.dataset.width = String(width);
  // The last one takes what a wide screen leaves over; else every column would grow when one shrinks.
  columns.slice(0, -1).forEach((column) => (column.style.width = `${column.dataset.width}px`));
  table.style.width = `${columns.reduce((sum, column) => sum + Number(column.dataset.width), 0)}px`;
  cell.querySelector("[data-column-edge]")?.setAttribute("aria-valuenow", String(width));
  keepInSight(table);
}

function panel(): HTMLFormElement | null {
  return document.querySelector<HTMLFormElement>("form[data-columns]");
}

/** Writes the widths into the panel and sends it, without asking for the list again. */
function keep(table: HTMLTableElement): void {
  const form = panel();
  if (!form) return;
  const columns = [...table.querySelectorAll<HTMLTableColElement>("colgroup col")];
  headings(table).forEach((cell, index) => {
    const input = form.elements.namedItem(`width.${cell.dataset.column}`);
    if (input instanceof HTMLInputElement) input.value = columns[index]?.dataset.width ?? "";
  });
  window.clearTimeout(timer);
  timer = window.setTimeout(() => {
    const sent = new FormData(form);
    sent.set("quiet", "1");
    const body = new URLSearchParams([...sent].map(([name, value]) => [name, String(value)]));
    void fetch(form.action, { method: "POST", body, headers: { "X-CSRF-Token": csrfToken() }, keepalive: true });
  }, WAIT_MS);
}

function followContent(table: HTMLTableElement): void {
  const form = panel();
  table.querySelector("colgroup")?.remove();
  table.classList.remove("is-sized");
  table.removeAttribute("width");
  table.style.width = "";
  form?.querySelectorAll<HTMLInputElement>(".column-width").forEach((input) => (input.value = ""));
  keep(table);
  keepInSight(table);
}

function drag(edge: HTMLElement, event: PointerEvent): void {
  const cell = edge.closest<HTMLTableCellElement>("th")!;
  const table = cell.closest<HTMLTableElement>(TABLE)!;
  if (event.button !== 0) return;
  event.preventDefault();
  edge.setPointerCapture(event.pointerId);
  edge.classList.add("is-dragged");
  const from = event.clientX;
  const width = cell.getBoundingClientRect().width;
  let hasMoved = false;
  const move = (moved: PointerEvent): void => {
    if (!hasMoved && Math.abs(moved.clientX - from) < 3) return;
    hasMoved = true;
    setWidth(table, cell, width + moved.clientX - from);
  };
  const end = (): void => {
    edge.classList.remove("is-dragged");
    edge.removeEventListener("pointermove", move);
    edge.removeEventListener("pointerup", end);
    edge.removeEventListener("pointercancel", end);
    if (hasMoved) keep(table);
  };
  edge.addEventListener("pointermove", move);
  edge.addEventListener("pointerup", end);
  edge.addEventListener("pointercancel", end);
}

function keepInSight(table: HTMLTableElement): void {
  const frozen = headings(table).filter((cell) => cell.classList.contains("is-frozen"));
  const scroll = table.closest<HTMLElement>(".table-scroll");
  if (!scroll || !frozen.length) return;
  let left = 0;
  for (const cell of headings(table).slice(0, (frozen.at(-1)?.cellIndex ?? -1) + 1)) {
    table.style.setProperty(`--ok-left-${cell.cellIndex + 1}`, `${left}px`);
    left += cell.getBoundingClientRect().width;
  }
  table.classList.toggle("is-unfrozen", left > scroll.clientWidth * MOST_IN_SIGHT);
}

function tellScrolled(event: Event): void {
  const scroll = event.target;
  if (scroll instanceof HTMLElement && scroll.matches(".table-scroll")) {
    scroll.classList.toggle("is-scrolled", scroll.scrollLeft > 0);
  }
}

function edged(table: HTMLTableElement): void {
  for (const cell of headings(table)) {
    if (!cell.dataset.column || cell.querySelector("[data-column-edge]")) continue;
    const edge = document.createElement("span");
    edge.className = "column-edge";
    edge.dataset.columnEdge = "";
    edge.tabIndex = 0;
    const name = (table.dataset.sizes ?? "").replace("…", cell.textContent?.trim() ?? "");
    const facts = {
      role: "separator",
      "aria-orientation": "vertical",
      "aria-label": name,
      "aria-valuemin": LEAST,
      "aria-valuemax": MOST,
      "aria-valuenow": Math.round(cell.getBoundingClientRect().width),
    };
    for (const [fact, value] of Object.entries(facts)) edge.setAttribute(fact, String(value));
    cell.append(edge);
  }
  keepInSight(table);
}

function prepare(): void {
  document.querySelectorAll<HTMLTableElement>(TABLE).forEach(edged);
}

export function startWidths(): void {
  prepare();
  document.addEventListener("htmx:afterSettle", prepare);
  document.addEventListener("records:refreshed", prepare);
  window.addEventListener("resize", prepare);
  document.addEventListener("scroll", tellScrolled, { capture: true, passive: true });
  document.addEventListener("pointerdown", (event) => {
    const edge = (event.target as Element).closest<HTMLElement>("[data-column-edge]");
    if (edge) drag(edge, event);
  });
  document.addEventListener("dblclick", (event) => {
    const edge = (event.target as Element).closest<HTMLElement>("[data-column-edge]");
    const table = edge?.closest<HTMLTableElement>(TABLE);
    if (table) followContent(table);
  });
  document.addEventListener("keydown", (event) => {
    const edge = (event.target as Element).closest?.<HTMLElement>("[data-column-edge]");
    const way = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (!edge || way === undefined) return;
    event.preventDefault();
    const cell = edge.closest<HTMLTableCellElement>("th")!;
    const table = cell.closest<HTMLTableElement>(TABLE)!;
    setWidth(table, cell, cell.getBoundingClientRect().width + way);
    keep(table);
  });
}
