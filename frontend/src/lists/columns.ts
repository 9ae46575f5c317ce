// The panel of columns: a row is moved by its grip with the pointer, by the arrow keys, or a step at a time.

const ROW = "[data-column-choice]";

function rowOf(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>(ROW) : null;
}

function say(row: HTMLElement): void {
  const form = row.closest<HTMLFormElement>("form[data-columns]");
  const status = form?.querySelector("[data-columns-status]");
  const rows = [...(row.parentElement?.children ?? [])];
  if (!form || !status) return;
  status.textContent = (form.dataset.moved ?? "")
    .replace("{place}", String(rows.indexOf(row) + 1))
    .replace("{count}", String(rows.length));
}

function step(row: HTMLElement, by: number): void {
  const other = by < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  if (by < 0) other.before(row);
  else other.after(row);
  row.scrollIntoView({ block: "nearest" });
  say(row);
}

function drag(row: HTMLElement, event: PointerEvent, grip: HTMLElement): void {
  const list = row.parentElement;
  if (!list || event.button !== 0) return;
  event.preventDefault();
  grip.focus();
  grip.setPointerCapture(event.pointerId);
  row.classList.add("is-dragged");
  const move = (moved: PointerEvent): void => {
    for (const other of list.children) {
      if (other === row) continue;
      const box = other.getBoundingClientRect();
      const middle = box.top + box.height / 2;
      const isBefore = Boolean(other.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING);
      if (isBefore && moved.clientY < middle) {
        other.before(row);
        break;
      }
      if (!isBefore && moved.clientY > middle) other.after(row);
    }
    row.scrollIntoView({ block: "nearest" });
  };
  const end = (): void => {
    row.classList.remove("is-dragged");
    grip.removeEventListener("pointermove", move);
    grip.removeEventListener("pointerup", end);
    grip.removeEventListener("pointercancel", end);
    say(row);
  };
  grip.addEventListener("pointermove", move);
  grip.addEventListener("pointerup", end);
  grip.addEventListener("pointercancel", end);
}

export function startColumns(): void {
  document.addEventListener("pointerdown", (event) => {
    const grip = (event.target as Element).closest<HTMLElement>("[data-column-grip]");
    const row = rowOf(grip);
    if (grip && row) drag(row, event, grip);
  });
  document.addEventListener("keydown", (event) => {
    const grip = (event.target as Element).closest?.<HTMLElement>("[data-column-grip]");
    const row = rowOf(grip ?? null);
    if (!grip || !row || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    step(row, event.key === "ArrowUp" ? -1 : 1);
    // An element that is moved in the document loses the focus.
    grip.focus();
  });
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-column-step]");
    const row = rowOf(button);
    if (button && row) step(row, Number(button.dataset.columnStep));
  });
}
