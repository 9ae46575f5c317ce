// Boards: a card is dragged to another column, or sent there from its menu. The menu comes from the server
// and holds the ways that are open to this card now, so dragging presses what a person could press there.

import htmx from "htmx.org";
import { hold, refresh, release } from "../live/refresh";
import { closeMenus } from "../shell/menus";
import { notify } from "../shell/notices";

interface Dragged {
  card: HTMLElement;
  moves: Promise<HTMLElement | null>;
}

let dragged: Dragged | null = null;

function columnOf(node: EventTarget | null): HTMLElement | null {
  return node instanceof Element ? node.closest<HTMLElement>("[data-board-column]") : null;
}

/** Asks where the card may go, and returns its menu with the answer. */
async function movesOf(card: HTMLElement): Promise<HTMLElement | null> {
  const panel = card.querySelector<HTMLElement>(".board-menu");
  if (!panel) return null;
  try {
    const response = await fetch(card.dataset.card ?? "", { headers: { "HX-Request": "true" } });
    if (!response.ok) {
      void refresh();
      return null;
    }
    panel.innerHTML = await response.text();
  } catch {
    return null;
  }
  htmx.process(panel);
  return panel;
}

function waysTo(panel: HTMLElement, column: HTMLElement): HTMLElement[] {
  const to = column.dataset.boardColumn ?? "";
  return [...panel.querySelectorAll<HTMLElement>("[data-target]")].filter((way) => way.dataset.target === to);
}

function whyNot(panel: HTMLElement, column: HTMLElement): string {
  const to = column.dataset.boardColumn ?? "";
  const refused = [...panel.querySelectorAll<HTMLElement>("[data-refused]")];
  return refused.find((each) => each.dataset.refused === to)?.dataset.reason ?? "";
}

/** Lights the columns to which the card may go, and tells the others why not. */
function light(board: HTMLElement, panel: HTMLElement, card: HTMLElement): void {
  for (const column of board.querySelectorAll<HTMLElement>("[data-board-column]")) {
    if (column.contains(card)) continue;
    const isOpen = waysTo(panel, column).length > 0;
    column.classList.add(isOpen ? "is-target" : "is-closed");
    const why = column.querySelector<HTMLElement>("[data-refusal]");
    if (why) why.textContent = isOpen ? "" : whyNot(panel, column);
  }
}

function unlight(): void {
  for (const column of document.querySelectorAll("[data-board-column]")) {
    column.classList.remove("is-target", "is-closed", "is-over");
    const why = column.querySelector<HTMLElement>("[data-refusal]");
    if (why) why.hidden = true;
  }
  document.querySelectorAll(".board-card.is-dragged").forEach((card) => card.classList.remove("is-dragged"));
}

function over(column: HTMLElement | null): void {
  for (const each of document.querySelectorAll("[data-board-column].is-over")) {
    if (each !== column) {
      each.classList.remove("is-over");
      each.querySelector("[data-refusal]")?.setAttribute("hidden", "");
    }
  }
  if (!column || !dragged || column.contains(dragged.card)) return;
  column.classList.add("is-over");
  const why = column.querySelector<HTMLElement>("[data-refusal]");
  if (why) why.hidden = !why.textContent;
}

/** Ends the drag, once. */
function finish(): void {
  if (!dragged) return;
  dragged = null;
  unlight();
  release();
}

/** Puts the card where it was dropped at once; whatever comes of it, the board then looks anew. */
async function drop(card: HTMLElement, moves: Promise<HTMLElement | null>, column: HTMLElement): Promise<void> {
  if (column.contains(card)) return;
  const panel = await moves;
  if (!panel) return;
  const ways = waysTo(panel, column);
  const [way] = ways;
  if (!way) {
    notify(whyNot(panel, column), false);
    return;
  }
  if (ways.length > 1) {
    card.querySelector<HTMLElement>("[data-moves]")?.click();
    return;
  }
  if (way.dataset.asks === undefined) {
    const place = document.createComment("");
    card.before(place);
    column.querySelector(".board-cards")?.prepend(card);
    card.classList.add("is-busy");
    way.addEventListener(
      "htmx:afterRequest",
      (event) => {
        card.classList.remove("is-busy");
        if (!(event as CustomEvent<{ successful: boolean }>).detail.successful) {
          place.before(card);
          void refresh();
        }
        place.remove();
      },
      { once: true },
    );
  }
  way.click();
}

/** The menu stands free of the board, which scrolls and would cut it off. */
function place(panel: HTMLElement, button: HTMLElement): void {
  const gap = 6;
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = panel;
  const fitsBelow = at.bottom + gap + height <= window.innerHeight;
  panel.style.left = `${Math.max(8, Math.min(at.right - width, window.innerWidth - width - 8))}px`;
  panel.style.top = `${Math.max(8, fitsBelow ? at.bottom + gap : at.top - gap - height)}px`;
}

async function openMoves(button: HTMLElement): Promise<void> {
  const card = button.closest<HTMLElement>("[data-card]");
  const panel = card && (await movesOf(card));
  if (!panel || panel.hidden) return;
  place(panel, button);
  panel.querySelector<HTMLElement>("[role=menuitem]:not([aria-disabled])")?.focus({ preventScroll: true });
}

export function startBoards(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    const button = target.closest<HTMLElement>("[data-moves]");
    if (button?.getAttribute("aria-expanded") === "true") void openMoves(button);
    const way = target.closest("[data-target]");
    if (way) way.closest("[data-card]")?.querySelector<HTMLElement>("[data-moves]")?.focus({ preventScroll: true });
  });
  document.addEventListener("dragstart", (event) => {
    const card = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-card]") : null;
    const board = card?.closest<HTMLElement>("[data-board]");
    if (!card || !board || !event.dataTransfer) return;
    closeMenus();
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.querySelector("a")?.textContent ?? "");
    const mine: Dragged = { card, moves: movesOf(card) };
    dragged = mine;
    hold();
    // The picture that is dragged is taken now; only then does the card fade.
    window.setTimeout(() => card.classList.add("is-dragged"));
    void mine.moves.then((panel) => {
      if (panel && dragged === mine) light(board, panel, card);
    });
  });
  document.addEventListener("dragover", (event) => {
    const column = columnOf(event.target);
    if (!dragged) return;
    over(column);
    if (!column) return;
    // A drop that is refused is taken too, so that its reason can be told.
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = "move";
  });
  document.addEventListener("drop", (event) => {
    const column = columnOf(event.target);
    if (!dragged || !column) return;
    event.preventDefault();
    const { card, moves } = dragged;
    // A browser may not tell the end of a drag whose element has been moved.
    finish();
    void drop(card, moves, column);
  });
  document.addEventListener("dragend", finish);
  document.addEventListener("scroll", () => {
    if (document.querySelector(".board-menu:not([hidden])")) closeMenus();
  }, { passive: true, capture: true });
}
