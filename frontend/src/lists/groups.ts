// Groups of a list: the first press asks the server for what is in one, later ones only close and open it. When the
// list is brought up to date, those that are open come along with what is in them; a closed one is asked for anew.

const OPENER = "[data-group-open]";
const LOADED = `${OPENER}[data-loaded]`;
const BODY = "tbody[data-group]";
const MOST_OPENED = 60;

function bodyOf(opener: Element): HTMLElement | null {
  return opener.closest<HTMLElement>(BODY);
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

function open(part: ParentNode): HTMLElement[] {
  const loaded = [...part.querySelectorAll<HTMLElement>(LOADED)];
  return loaded.filter((opener) => opener.getAttribute("aria-expanded") === "true" && !bodyOf(opener)?.hidden);
}

function stateOf(opener: HTMLElement): string {
  const body = bodyOf(opener);
  return `${body?.dataset.group ?? ""}.${body?.querySelectorAll("tr[data-id]").length ?? 0}`;
}

/** Returns the address of the page with the groups that are open on it. */
export function withOpened(address: string): string {
  const url = new URL(address);
  for (const opener of open(document).slice(0, MOST_OPENED)) url.searchParams.append("opened", stateOf(opener));
  return url.href;
}

/** Keeps in what has come the groups that were open and did not come along. */
export function keepGroups(part: ParentNode, after: ParentNode): void {
  const fresh = new Map([...after.querySelectorAll<HTMLElement>(BODY)].map((body) => [body.dataset.group, body]));
  for (const opener of open(part)) {
    const body = bodyOf(opener);
    const into = fresh.get(body?.dataset.group);
    const other = into?.querySelector<HTMLElement>(OPENER);
    if (!body || !into || !other) continue;
    if (!other.dataset.loaded) {
      other.dataset.loaded = "true";
      into.append(...[...body.children].slice(1).map((row) => row.cloneNode(true)));
      into.after(...innerOf(body).map((inner) => inner.cloneNode(true)));
    }
    show(other, true);
  }
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
