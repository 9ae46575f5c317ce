// Groups of a list: the first press asks the server for what is in one, later ones only close and open it.

const OPENER = "[data-group-open]";

function bodyOf(opener: Element): HTMLElement | null {
  return opener.closest<HTMLElement>("tbody[data-group]");
}

function innerOf(body: HTMLElement): HTMLElement[] {
  const bodies = [...(body.parentElement?.querySelectorAll<HTMLElement>("tbody[data-within]") ?? [])];
  return bodies.filter((each) => each.dataset.within === body.dataset.group);
}

function show(opener: Element, isOpen: boolean): void {
  const body = bodyOf(opener);
  opener.setAttribute("aria-expanded", String(isOpen));
  if (!body) return;
  body.classList.toggle("is-closed", !isOpen);
  for (const inner of innerOf(body)) inner.hidden = !isOpen;
}

function onClick(event: MouseEvent): void {
  const opener = (event.target as Element).closest<HTMLElement>(OPENER);
  if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (!opener.dataset.loaded) return;
  // htmx listens on the link itself; it is not asked again.
  event.preventDefault();
  event.stopPropagation();
  show(opener, opener.getAttribute("aria-expanded") !== "true");
}

export function startGroups(): void {
  document.addEventListener("click", onClick, { capture: true });
  document.addEventListener("keydown", (event) => {
    const opener = (event.target as Element).closest?.<HTMLElement>(OPENER);
    if (!opener || event.key !== " ") return;
    event.preventDefault();
    opener.click();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt, successful } = (event as CustomEvent<{ elt: HTMLElement; successful: boolean }>).detail;
    if (!elt.matches?.(OPENER) || !successful) return;
    elt.dataset.loaded = "true";
    show(elt, true);
  });
}
