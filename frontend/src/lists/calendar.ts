// Calendars: a record is dragged to another day. It stands there at once; if that is refused, it goes back.

import htmx from "htmx.org";
import { hold, refresh, release } from "../live/refresh";

let dragged: HTMLElement | null = null;

function dayOf(node: EventTarget | null): HTMLElement | null {
  return node instanceof Element ? node.closest<HTMLElement>("[data-day]") : null;
}

function over(day: HTMLElement | null): void {
  document.querySelectorAll(".days-day.is-over").forEach((each) => {
    if (each !== day) each.classList.remove("is-over");
  });
  day?.classList.add("is-over");
}

async function drop(event: HTMLElement, day: HTMLElement): Promise<void> {
  if (day.contains(event)) return;
  const place = document.createComment("");
  event.before(place);
  day.querySelector(".days-events")?.append(event);
  event.classList.add("is-busy");
  let isDone = false;
  event.addEventListener(
    "htmx:afterRequest",
    (answer) => {
      isDone = (answer as CustomEvent<{ successful: boolean }>).detail.successful;
    },
    { once: true },
  );
  await htmx.ajax("post", event.dataset.event ?? "", {
    source: event,
    swap: "none",
    values: { to: day.dataset.day, revision: event.dataset.revision },
  }).catch(() => undefined);
  event.classList.remove("is-busy");
  if (!isDone) {
    place.before(event);
    void refresh();
  }
  place.remove();
}

/** Ends the drag, once, and returns what was dragged. */
function finish(): HTMLElement | null {
  const found = dragged;
  if (!found) return null;
  found.classList.remove("is-dragged");
  dragged = null;
  over(null);
  release();
  return found;
}

export function startCalendars(): void {
  document.addEventListener("dragstart", (event) => {
    const found = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-event]") : null;
    if (!found || !event.dataTransfer) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", found.textContent ?? "");
    dragged = found;
    hold();
    window.setTimeout(() => found.classList.add("is-dragged"));
  });
  document.addEventListener("dragover", (event) => {
    if (!dragged) return;
    const day = dayOf(event.target);
    over(day);
    if (day) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const day = dayOf(event.target);
    if (!dragged || !day) return;
    event.preventDefault();
    // A browser may not tell the end of a drag whose element has been moved.
    const found = finish();
    if (found) void drop(found, day);
  });
  document.addEventListener("dragend", finish);
}
