// Menus and filter panels: a button that opens the panel beside it; Escape, a click elsewhere or Tab closes it.

const BUTTON = "[data-menu-button]";

function panelOf(button: Element): HTMLElement | null {
  return button.closest("[data-menu]")?.querySelector<HTMLElement>(".menu-panel") ?? null;
}

export function closeMenus(except?: Element): void {
  for (const button of document.querySelectorAll(`${BUTTON}[aria-expanded="true"]`)) {
    if (button === except) continue;
    button.setAttribute("aria-expanded", "false");
    const panel = panelOf(button);
    if (panel) panel.hidden = true;
  }
}

function open(button: HTMLElement): void {
  const panel = panelOf(button);
  if (!panel) return;
  closeMenus();
  panel.hidden = false;
  button.setAttribute("aria-expanded", "true");
  const overflow = panel.getBoundingClientRect().left;
  if (overflow < 0) panel.classList.add("menu-left");
  panel.querySelector<HTMLElement>("[role^='menuitem'], input, select, button")?.focus({ preventScroll: true });
}

function move(panel: HTMLElement, step: number): void {
  const items = [...panel.querySelectorAll<HTMLElement>("[role^='menuitem']")];
  if (!items.length) return;
  const at = items.indexOf(document.activeElement as HTMLElement);
  items[(at + step + items.length) % items.length]?.focus();
}

/** Opens the menu that came with the page to be open at once: a filter that was just asked for. */
function openAsked(): void {
  const button = document.querySelector<HTMLElement>("[data-menu-opened]");
  if (!button) return;
  button.removeAttribute("data-menu-opened");
  open(button);
}

export function startMenus(): void {
  document.addEventListener("htmx:afterSettle", openAsked);
  openAsked();
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    const button = target.closest<HTMLElement>(BUTTON);
    if (button) {
      if (button.getAttribute("aria-expanded") === "true") closeMenus();
      else open(button);
      return;
    }
    if (!target.closest(".menu-panel") || target.closest("[data-menu-close]")) closeMenus();
  });
  document.addEventListener("keydown", (event) => {
    const menu = (event.target as Element).closest?.("[data-menu]");
    const panel = menu?.querySelector<HTMLElement>(".menu-panel:not([hidden])");
    if (!menu || !panel) return;
    if (event.key === "Escape") {
      closeMenus();
      menu.querySelector<HTMLElement>(BUTTON)?.focus();
      event.stopPropagation();
    } else if (panel.getAttribute("role") === "menu" && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      move(panel, event.key === "ArrowDown" ? 1 : -1);
    }
  });
}
