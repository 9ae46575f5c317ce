// The sidebar, wide or as narrow as its icons: kept in this browser only.

const KEY = "orderkit-rail";

function isNarrow(): boolean {
  try {
    return window.localStorage.getItem(KEY) === "narrow";
  } catch {
    return false;
  }
}

/** Sets the width that was kept; runs before the sidebar is there. */
export function applyRail(): void {
  document.documentElement.dataset.rail = isNarrow() ? "narrow" : "wide";
}

function show(button: HTMLElement): void {
  button.setAttribute("aria-pressed", String(document.documentElement.dataset.rail === "narrow"));
  button.hidden = false;
}

export function startRail(): void {
  const button = document.querySelector<HTMLElement>("[data-rail-toggle]");
  if (!button) return;
  show(button);
  button.addEventListener("click", () => {
    const next = document.documentElement.dataset.rail === "narrow" ? "wide" : "narrow";
    document.documentElement.dataset.rail = next;
    try {
      window.localStorage.setItem(KEY, next);
    } catch {
      // A browser that keeps nothing has it narrow until the next page.
    }
    show(button);
  });
}
