// Headings of a list are dragged to where their columns shall stand. What is moved here moves in the panel of columns,
// too, which does the same from the keyboard and keeps it; the list then takes on the new order where it stands.

import { refresh } from "../live/refresh";
import { notify } from "../shell/notices";
import { csrfToken } from "../shell/pages";

const HEADING = "table[data-sizes] th[data-column]";
const LEAST_PX = 6;
const EDGE_PX = 48;
const SCROLL_PX = 14;
const HELD_MS = 350;

const heard = new WeakSet<Element>();

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
  const isTouch = event.pointerType === "touch";
  let isDragged = false;
  let place: Place | null = null;
  const begin = (): void => {
    isDragged = true;
    heading.setPointerCapture(event.pointerId);
    heading.classList.add("is-dragged");
  };
  // A finger that moves at once scrolls the list sideways; one that rests first takes the heading along.
  const timer = isTouch ? window.setTimeout(begin, HELD_MS) : 0;
  const move = (moved: PointerEvent): void => {
    if (moved.pointerId !== event.pointerId) return;
    if (!isDragged) {
      if (Math.hypot(moved.clientX - event.clientX, isTouch ? moved.clientY - event.clientY : 0) < LEAST_PX) return;
      if (isTouch) return end(moved);
      begin();
    }
    scrollNear(scroll, moved.clientX);
    place = placeAt(moved.clientX, heading);
    mark(row, place);
  };
  const end = (ended: Event): void => {
    window.clearTimeout(timer);
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

// While a heading is taken along nothing scrolls. Only listeners that stood there before the finger came are asked, and
// on more than the headings they would hold up every scrolling.
function listenToFingers(): void {
  for (const head of document.querySelectorAll<HTMLElement>("table[data-sizes] thead")) {
    if (heard.has(head)) continue;
    heard.add(head);
    head.addEventListener(
      "touchmove",
      (event) => {
        if (head.querySelector(".is-dragged") && event.cancelable) event.preventDefault();
      },
      { passive: false },
    );
  }
}

export function startHeadings(): void {
  document.addEventListener("pointerdown", (event) => {
    const target = event.target as Element;
    const heading = target.closest<HTMLTableCellElement>(HEADING);
    if (!heading || event.button !== 0 || !event.isPrimary) return;
    if (target.closest("[data-column-edge], .select-tick")) return;
    drag(heading, event);
  });
  // What a finger that rests would bring up otherwise.
  document.addEventListener("contextmenu", (event) => {
    if ((event.target as Element).closest(".is-dragged")) event.preventDefault();
  });
  listenToFingers();
  document.addEventListener("htmx:load", listenToFingers);
  // The browser would drag the link in the heading instead.
  document.addEventListener("dragstart", (event) => {
    if ((event.target as Element).closest?.(HEADING)) event.preventDefault();
  });
}
