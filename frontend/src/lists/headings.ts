// Headings of a list are dragged to where their columns shall stand. What is moved here moves in the panel of columns,
// too, which does the same from the keyboard and keeps it; the list then takes on the new order where it stands.

import { refresh } from "../live/refresh";
import { notify } from "../shell/notices";
import { csrfToken } from "../shell/pages";

const HEADING = "table[data-sizes] th[data-column]";
const LEAST_PX = 6;
const EDGE_PX = 48;
const SCROLL_PX = 14;

interface Place {
  heading: HTMLTableCellElement;
  isAfter: boolean;
}

function choiceOf(form: HTMLFormElement, name: string): HTMLElement | null {
  const box = form.querySelector(`input[name="column"][value="${CSS.escape(name)}"]`);
  return box?.closest<HTMLElement>("[data-column-choice]") ?? null;
}

/** Returns beside which heading a column would stand if it were let go; null where nothing would change. */
function placeAt(x: number, moved: HTMLTableCellElement): Place | null {
  const headings = [...(moved.parentElement?.children ?? [])] as HTMLTableCellElement[];
  const found = headings.find((each) => x < each.getBoundingClientRect().right) ?? headings.at(-1)!;
  const box = found.getBoundingClientRect();
  const isAfter = x > box.left + box.width / 2;
  const at = headings.indexOf(moved);
  const to = headings.indexOf(found) + (isAfter ? 1 : 0);
  return to === at || to === at + 1 ? null : { heading: found, isAfter };
}

function mark(row: Element, place: Place | null): void {
  for (const each of row.children) {
    each.classList.toggle("is-before", each === place?.heading && !place.isAfter);
    each.classList.toggle("is-after", each === place?.heading && place.isAfter);
  }
}

function scrollNear(scroll: HTMLElement | null, x: number): void {
  if (!scroll) return;
  const box = scroll.getBoundingClientRect();
  if (x < box.left + EDGE_PX) scroll.scrollLeft -= SCROLL_PX;
  else if (x > box.right - EDGE_PX) scroll.scrollLeft += SCROLL_PX;
}

async function keep(moved: HTMLTableCellElement, place: Place): Promise<void> {
  const form = document.querySelector<HTMLFormElement>("form[data-columns]");
  const choice = form && choiceOf(form, moved.dataset.column ?? "");
  const beside = form && choiceOf(form, place.heading.dataset.column ?? "");
  if (!form || !choice || !beside) return;
  const failed = moved.closest("table")?.dataset.cellFailed ?? "";
  beside[place.isAfter ? "after" : "before"](choice);
  const sent = new FormData(form);
  sent.set("quiet", "1");
  const body = new URLSearchParams([...sent].map(([name, value]) => [name, String(value)]));
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { "X-CSRF-Token": csrfToken() } });
    if (!answer.ok) notify(failed, false);
  } catch {
    notify(failed, false);
  }
  await refresh();
}

function drag(heading: HTMLTableCellElement, event: PointerEvent): void {
  const row = heading.parentElement!;
  const scroll = heading.closest<HTMLElement>(".table-scroll");
  let isDragged = false;
  let place: Place | null = null;
  const move = (moved: PointerEvent): void => {
    if (!isDragged) {
      if (Math.abs(moved.clientX - event.clientX) < LEAST_PX) return;
      isDragged = true;
      heading.setPointerCapture(event.pointerId);
      heading.classList.add("is-dragged");
    }
    scrollNear(scroll, moved.clientX);
    place = placeAt(moved.clientX, heading);
    mark(row, place);
  };
  const end = (ended: Event): void => {
    document.removeEventListener("pointermove", move);
    document.removeEventListener("pointerup", end);
    document.removeEventListener("pointercancel", end);
    document.removeEventListener("keydown", leave);
    heading.classList.remove("is-dragged");
    mark(row, null);
    if (!isDragged) return;
    // The click that ends it does not sort.
    const still = (click: Event): void => {
      click.preventDefault();
      click.stopImmediatePropagation();
    };
    document.addEventListener("click", still, { capture: true, once: true });
    window.setTimeout(() => document.removeEventListener("click", still, { capture: true }));
    if (ended.type === "pointerup" && place) void keep(heading, place);
  };
  const leave = (key: Event): void => {
    if ((key as KeyboardEvent).key === "Escape") end(key);
  };
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerup", end);
  document.addEventListener("pointercancel", end);
  document.addEventListener("keydown", leave);
}

export function startHeadings(): void {
  document.addEventListener("pointerdown", (event) => {
    const target = event.target as Element;
    const heading = target.closest<HTMLTableCellElement>(HEADING);
    // A finger scrolls the list sideways; it has the panel of columns.
    if (!heading || event.button !== 0 || event.pointerType === "touch") return;
    if (target.closest("[data-column-edge], .select-tick")) return;
    drag(heading, event);
  });
  // The browser would drag the link in the heading instead.
  document.addEventListener("dragstart", (event) => {
    if ((event.target as Element).closest?.(HEADING)) event.preventDefault();
  });
}
