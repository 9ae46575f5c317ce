// Which records of a list are chosen, over all its pages: kept by the list's address without its page, in this tab
// alone, until something has been done to them, they are let go, or somebody signs out.

const PREFIX = "orderkit-chosen:";
const PAGE = "cursor";

/** Returns the name of a list, the same on each of its pages. */
export function listOf(address: string): string {
  const url = new URL(address);
  url.searchParams.delete(PAGE);
  url.searchParams.sort();
  return `${url.pathname}?${url.searchParams}`;
}

/** What is chosen once the ticks of a page are as they are: its own by its ticks, others as they were. */
export function chosenWith(before: ReadonlySet<string>, ticks: readonly { value: string; checked: boolean }[]): Set<string> {
  const ids = new Set(before);
  for (const { value, checked } of ticks) {
    if (checked) ids.add(value);
    else ids.delete(value);
  }
  return ids;
}

export function readChosen(list: string): Set<string> {
  try {
    const found: unknown = JSON.parse(window.sessionStorage.getItem(PREFIX + list) ?? "[]");
    return new Set(Array.isArray(found) ? found.filter((each) => typeof each === "string" && /^[0-9]+$/.test(each)) : []);
  } catch {
    // A browser that keeps nothing knows of this page alone.
    return new Set();
  }
}

export function keepChosen(list: string, ids: ReadonlySet<string>): void {
  try {
    if (ids.size) window.sessionStorage.setItem(PREFIX + list, JSON.stringify([...ids]));
    else window.sessionStorage.removeItem(PREFIX + list);
  } catch {
    // As above.
  }
}

/** Forgets what is chosen in every list. */
export function forgetChosen(): void {
  try {
    for (const key of Object.keys(window.sessionStorage)) if (key.startsWith(PREFIX)) window.sessionStorage.removeItem(key);
  } catch {
    // As above.
  }
}
