// Light, dark, or like the system: kept in this browser only.

export type Choice = "auto" | "light" | "dark";

const KEY = "orderkit-theme";
const systemIsDark = window.matchMedia("(prefers-color-scheme: dark)");

export function keptChoice(): Choice {
  try {
    const kept = window.localStorage.getItem(KEY);
    return kept === "light" || kept === "dark" ? kept : "auto";
  } catch {
    return "auto";
  }
}

export function keepChoice(choice: Choice): void {
  try {
    window.localStorage.setItem(KEY, choice);
  } catch {
    // A browser that keeps nothing still shows the choice until the next page.
  }
}

export function applyTheme(choice: Choice): void {
  const root = document.documentElement;
  const isDark = choice === "dark" || (choice === "auto" && systemIsDark.matches);
  root.dataset.themeChoice = choice;
  root.dataset.bsTheme = isDark ? "dark" : "light";
  document.dispatchEvent(new CustomEvent("orderkit:theme"));
}

export function whenSystemChanges(listener: () => void): void {
  systemIsDark.addEventListener("change", listener);
}
