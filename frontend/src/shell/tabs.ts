// Sections behind tabs: arrows walk, the address keeps which one is open, and one with a mistake opens itself.

function select(set: HTMLElement, tab: HTMLElement, isFocused: boolean): void {
  for (const each of set.querySelectorAll<HTMLElement>("[role=tab]")) {
    const isChosen = each === tab;
    each.setAttribute("aria-selected", String(isChosen));
    each.tabIndex = isChosen ? 0 : -1;
    const panel = document.getElementById(each.getAttribute("aria-controls") ?? "");
    if (panel) panel.hidden = !isChosen;
  }
  if (isFocused) tab.focus();
}

function mark(set: HTMLElement): void {
  for (const tab of set.querySelectorAll<HTMLElement>("[role=tab]")) {
    const panel = document.getElementById(tab.getAttribute("aria-controls") ?? "");
    tab.classList.toggle("has-problem", Boolean(panel?.querySelector('[aria-invalid="true"]')));
  }
}

function start(set: HTMLElement): void {
  const list = set.querySelector<HTMLElement>("[role=tablist]");
  const tabs = [...set.querySelectorAll<HTMLElement>("[role=tab]")];
  const [first] = tabs;
  if (!list || !first) return;
  list.hidden = false;
  mark(set);
  const named = tabs.find((tab) => `#${tab.id}` === window.location.hash);
  select(set, tabs.find((tab) => tab.classList.contains("has-problem")) ?? named ?? first, false);
  list.addEventListener("click", (event) => {
    const tab = (event.target as Element).closest<HTMLElement>("[role=tab]");
    if (!tab) return;
    select(set, tab, true);
    window.history.replaceState(window.history.state, "", `#${tab.id}`);
  });
  list.addEventListener("keydown", (event) => {
    const at = tabs.indexOf(event.target as HTMLElement);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = event.key === "Home" ? first : event.key === "End" ? tabs.at(-1) : step && tabs[(at + step + tabs.length) % tabs.length];
    if (at < 0 || !next) return;
    event.preventDefault();
    select(set, next, true);
  });
  set.addEventListener("change", () => window.setTimeout(() => mark(set), 600));
}

/** Opens the tab in which an element stands, so that it can be seen. */
export function reveal(element: Element): void {
  const panel = element.closest("[role=tabpanel]");
  const set = panel?.closest<HTMLElement>("[data-tabs]");
  const tab = document.getElementById(panel?.getAttribute("aria-labelledby") ?? "");
  if (set && tab) select(set, tab, false);
  const fold = element.closest("details");
  if (fold) fold.open = true;
}

export function startTabs(): void {
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("[data-reveals-field]");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    reveal(field);
    field.scrollIntoView({ block: "center" });
    field.focus({ preventScroll: true });
  });
  document.querySelectorAll<HTMLElement>("[data-tabs]").forEach(start);
}
