// The buttons that switch between light, dark and like the system.

import { type Choice, applyTheme, keepChoice, keptChoice, whenSystemChanges } from "./theme_choice";

const ORDER: readonly Choice[] = ["auto", "light", "dark"];

function show(choice: Choice): void {
  for (const drawing of document.querySelectorAll<HTMLElement>("[data-theme-shows]")) {
    drawing.hidden = drawing.dataset.themeShows !== choice;
  }
  for (const button of document.querySelectorAll<HTMLElement>("[data-theme-set]")) {
    button.setAttribute("aria-checked", String(button.dataset.themeSet === choice));
  }
}

function choose(choice: Choice): void {
  keepChoice(choice);
  applyTheme(choice);
  show(choice);
}

export function startThemeSwitch(): void {
  show(keptChoice());
  whenSystemChanges(() => applyTheme(keptChoice()));
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-theme-next], [data-theme-set]");
    if (!button) return;
    const set = button.dataset.themeSet;
    const next = ORDER[(ORDER.indexOf(keptChoice()) + 1) % ORDER.length] ?? "auto";
    choose(ORDER.find((choice) => choice === set) ?? next);
  });
}
