// Which records a person has looked at lately, in this browser: only their forms and ids, no titles. The server
// names them, as far as they may still be read. Signing out forgets them, and so does somebody else's coming.

const PREFIX = "orderkit-recent:";
const MOST = 8;
const RECORD = /^\/forms\/([a-z][a-z0-9_]*\/[0-9]{1,18})$/;

function keep(action: () => void): void {
  try {
    action();
  } catch {
    // A browser that keeps nothing has no recent records.
  }
}

function forget(except: string): void {
  keep(() => {
    for (const key of Object.keys(window.localStorage)) {
      if (key.startsWith(PREFIX) && key !== except) window.localStorage.removeItem(key);
    }
  });
}

/** The last one first, as `order/5`. */
export function recentRecords(person: string): string[] {
  let found: unknown = [];
  keep(() => {
    found = JSON.parse(window.localStorage.getItem(PREFIX + person) ?? "[]");
  });
  return Array.isArray(found) ? found.filter((each) => typeof each === "string") : [];
}

/** The record of an address, if it is one of a record's own page. */
export function recordAt(path: string): string | null {
  return RECORD.exec(path)?.[1] ?? null;
}

export function startRecent(person: string): void {
  forget(PREFIX + person);
  document.addEventListener("submit", (event) => {
    if ((event.target as HTMLFormElement).matches('form[action="/sign-out"]')) forget("");
  });
  const record = document.querySelector("[data-palette-actions]") && recordAt(window.location.pathname);
  if (!record) return;
  const records = [record, ...recentRecords(person).filter((each) => each !== record)].slice(0, MOST);
  keep(() => window.localStorage.setItem(PREFIX + person, JSON.stringify(records)));
}
