// Clearing one filter of a list: what it holds goes, and the list is asked for anew.

import { closeMenus } from "../shell/menus";

export function startFilters(): void {
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
