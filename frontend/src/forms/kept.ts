// What is typed into a form is kept in this browser until it is saved, so that a crash, a dead battery or a
// lost connection costs nothing: the next time the form is opened, it is offered. Signing out clears it.

import { sendFiles } from "../offline/files";
import { said } from "../offline/said";
import { notify } from "../shell/notices";
import { sentBy } from "./draft";
import { submitKept } from "./sent_again";

const PREFIX = "orderkit-kept:";
const WAIT_MS = 600;
const DAYS = 14;

interface Kept {
  id: string;
  at: number;
  entries: [string, string][];
}

function read(key: string): Kept | null {
  try {
    const found = JSON.parse(window.localStorage.getItem(PREFIX + key) ?? "null") as Kept | null;
    if (!found || Date.now() - found.at < DAYS * 86_400_000) return found;
    window.localStorage.removeItem(PREFIX + key);
  } catch {
    // A browser that keeps nothing offers nothing.
  }
  return null;
}

function write(key: string, kept: Kept): void {
  try {
    window.localStorage.setItem(PREFIX + key, JSON.stringify(kept));
  } catch {
    // Full or forbidden: the form works as before, only without this net.
  }
}

/** Forgets what is kept of the forms that are meant. */
export function remove(isMeant: (key: string, kept: Kept | null) => boolean): void {
  try {
    for (const key of Object.keys(window.localStorage)) {
      if (!key.startsWith(PREFIX)) continue;
      const name = key.slice(PREFIX.length);
      if (isMeant(name, read(name))) window.localStorage.removeItem(key);
    }
  } catch {
    // Nothing is kept there.
  }
}

function keepFrom(form: HTMLFormElement, key: string): void {
  const mark = form.querySelector<HTMLInputElement>('input[name="kept"]')!;
  const entries = [...sentBy(form)].filter(([name]) => name !== "csrf_token");
  write(key, { id: mark.value, at: Date.now(), entries });
  form.dataset.keptAt = String(Date.now());
}

async function resume(form: HTMLFormElement, key: string, kept: Kept): Promise<void> {
  const csrf = form.querySelector<HTMLInputElement>('input[name="csrf_token"]')?.value ?? "";
  let { entries } = kept;
  try {
    const person = document.getElementById("palette")?.dataset.person ?? "";
    const files = await sendFiles(entries, person, csrf, said("file_gone"));
    entries = files.entries;
    if (files.refused.length) {
      // Told before the page is left; pressed again, the rest of the form comes back without them.
      notify(files.refused.join(" "), false);
      kept.entries = entries;
      write(key, kept);
      return;
    }
  } catch (fault) {
    if (!(fault instanceof TypeError)) throw fault;
  }
  submitKept(form.dataset.resume ?? "", entries, csrf);
}

function offer(form: HTMLFormElement, key: string, kept: Kept): void {
  const banner = document.querySelector<HTMLElement>("[data-kept-offer]");
  if (!banner) return;
  const time = banner.querySelector<HTMLTimeElement>("time");
  if (time) {
    time.dateTime = new Date(kept.at).toISOString();
    time.textContent = new Date(kept.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  }
  banner.hidden = false;
  banner.querySelector("[data-kept-resume]")?.addEventListener("click", () => void resume(form, key, kept));
  banner.querySelector("[data-kept-discard]")?.addEventListener("click", () => {
    remove((name) => name === key);
    banner.hidden = true;
  });
}

export function startKept(): void {
  // The page after saving says what has been saved.
  const saved = document.querySelector<HTMLElement>("[data-saved]")?.dataset.saved;
  if (saved) remove((_, kept) => kept?.id === saved);
  document.addEventListener("submit", (event) => {
    if ((event.target as HTMLFormElement).matches('form[action="/sign-out"]')) remove(() => true);
  });
  const form = document.querySelector<HTMLFormElement>("form[data-kept]");
  const key = form?.dataset.kept;
  if (!form || !key) return;
  // A page out of a cache brings a mark that may have been used: every form that is begun has its own.
  const mark = form.querySelector<HTMLInputElement>('input[name="kept"]');
  if (mark && form.dataset.attempt === undefined) mark.value = crypto.getRandomValues(new Uint32Array(4)).join("");
  const kept = read(key);
  if (kept && form.dataset.attempt === undefined) offer(form, key, kept);
  let timer = 0;
  form.addEventListener("orderkit:changed", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      timer = 0;
      keepFrom(form, key);
    }, WAIT_MS);
  });
  // Sent in the same breath: what is kept needs its mark, or the page after saving could not name it.
  form.addEventListener("submit", () => {
    if (!timer) return;
    window.clearTimeout(timer);
    timer = 0;
    keepFrom(form, key);
  });
  // A phone ends a page that is out of sight without asking.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || !timer) return;
    window.clearTimeout(timer);
    timer = 0;
    keepFrom(form, key);
  });
}
