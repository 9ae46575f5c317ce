// Clearing one filter of a list: what it holds goes, and the list is asked for anew. What was done from the menu of a
// group leaves the focus among the filters, though the menu is gone with the group.

import { closeMenus } from "../shell/menus";

let wasInGroup = false;

export function startFilters(): void {
  document.addEventListener("htmx:beforeRequest", (event) => {
    // What comes later to the list, such as its sums, is asked for from elsewhere.
    if ((event.target as Element).closest?.("[data-filters-menu]")) wasInGroup = true;
  });
  document.addEventListener("pointerdown", () => (wasInGroup = false));
  document.addEventListener("htmx:afterSettle", () => {
    if (!wasInGroup || (document.activeElement && document.activeElement !== document.body)) return;
    wasInGroup = false;
    [...document.querySelectorAll<HTMLElement>("#filters .is-adder")].at(-1)?.focus();
  });
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest("[data-filter-clear]");
    const panel = button?.closest(".filter-panel");
    if (!button || !panel) return;
    for (const input of panel.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input, select")) {
      if (input.type === "checkbox") (input as HTMLInputElement).checked = false;
      else input.value = "";
    }
    closeMenus();
    button.closest("form")?.requestSubmit();
  });
}
