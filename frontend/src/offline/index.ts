// Working without a connection: starts the worker, says on every page what waits, sends it, and asks before
// signing out discards it. Where a browser has no workers (or no HTTPS) all is as it was before.

import { notify } from "../shell/notices";
import { isEditForm, isNewForm, who } from "./kept_pages";
import { drawOfflinePage, startOfflinePage } from "./page";
import { tidyFiles, waitingOf } from "./queue";
import { said } from "./said";
import { forgetSaved } from "./saved";
import { sendWaiting, session } from "./sending";

const CHANNEL = "orderkit-waiting";
const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 300_000;
const WARM_AFTER_MS = 4_000;
const MOST_OF_A_LIST = 20;

let person = "";
let count = 0;
let timer = 0;
let retryMs = FIRST_RETRY_MS;
let isSignedOut = false;
const others = "BroadcastChannel" in window ? new BroadcastChannel(CHANNEL) : null;

async function draw(): Promise<void> {
  count = (await waitingOf(person)).length;
  const link = document.querySelector<HTMLElement>("[data-waiting]");
  if (link) {
    link.hidden = count === 0;
    link.querySelector(".count")!.textContent = String(count);
    link.title = (link.dataset.label ?? "").replace("{count}", String(count));
    link.setAttribute("aria-label", link.title);
  }
  const isOut = isSignedOut && count > 0;
  const out = document.querySelector<HTMLElement>('[data-offline-note="signed_out"]');
  if (out) out.hidden = !isOut;
  const state = navigator.onLine ? (isOut ? "signed_out" : "") : "lost";
  for (const each of document.querySelectorAll<HTMLElement>("[data-strip]")) each.hidden = each.dataset.strip !== state;
  await drawOfflinePage(person, changed);
}

function changed(): void {
  void draw();
  others?.postMessage("");
}

async function send(): Promise<void> {
  window.clearTimeout(timer);
  if (!navigator.onLine || !person) return;
  const outcome = await sendWaiting(person);
  if (!outcome) return;
  isSignedOut = outcome.stopped === "signed_out";
  if (outcome.sent) notify(said("sent", outcome.sent), true);
  if (outcome.refused) notify(said("refused", outcome.refused), false);
  if (outcome.sent || outcome.refused || isSignedOut) changed();
  if (outcome.stopped === "unreachable") {
    timer = window.setTimeout(() => void send(), retryMs);
    retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
  } else retryMs = FIRST_RETRY_MS;
}

// A page that the worker kept has a token of its day; once there is a connection it gets that of today.
async function renewToken(): Promise<void> {
  if (document.documentElement.dataset.fromWorker === undefined) return;
  try {
    const now = await session();
    if (!now) return;
    const meta = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]');
    if (meta) meta.content = now.csrf;
    for (const field of document.querySelectorAll<HTMLInputElement>('input[name="csrf_token"]')) field.value = now.csrf;
  } catch (fault) {
    if (!(fault instanceof TypeError)) throw fault;
  }
}

function startAsking(): void {
  const dialog = document.getElementById("waiting-sign-out") as HTMLDialogElement | null;
  let asked = false;
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target as HTMLFormElement;
      if (asked || !count || !dialog || !form.matches('form[action="/sign-out"]')) return;
      // Before anything else is cleared: whoever stays keeps what was typed.
      event.preventDefault();
      event.stopImmediatePropagation();
      dialog.querySelector<HTMLElement>("[data-sign-out-yes]")!.onclick = () => {
        asked = true;
        form.requestSubmit();
      };
      dialog.showModal();
    },
    { capture: true },
  );
}

/** The record that this page shows, where it may be changed. */
function seenRecord(): string[] {
  const links = document.querySelectorAll<HTMLAnchorElement>('[data-palette-actions] a[href$="/edit"]');
  return [...links].map((link) => link.pathname).filter(isEditForm);
}

// Only what is carried about loses its line: a desk need not load what it does not open.
function listedRecords(): string[] {
  const isCarried = window.matchMedia("(display-mode: standalone), (pointer: coarse)").matches;
  const line = (navigator as { connection?: { saveData?: boolean } }).connection;
  if (!isCarried || line?.saveData) return [];
  const rows = [...document.querySelectorAll<HTMLElement>(".grid-table tr[data-href]:has([data-cell])")];
  const paths = rows.map((row) => `${row.dataset.href}/edit`).filter(isEditForm);
  // The first of them last: what is kept last is forgotten last.
  return paths.slice(0, MOST_OF_A_LIST).reverse();
}

async function startWorker(): Promise<void> {
  let registration: ServiceWorkerRegistration | undefined;
  try {
    registration = await navigator.serviceWorker.register("/worker.js", { updateViaCache: "none" });
  } catch {
    // A browser that takes no worker (a private window, a certificate nobody trusts) works as before.
  }
  if (!registration) return;
  const shown = document.getElementById("palette")?.dataset.person;
  if (!shown) return;
  const locale = document.documentElement.lang;
  const active = registration.active ?? (await navigator.serviceWorker.ready).active;
  active?.postMessage({ person: shown, locale });
  window.setTimeout(() => {
    const links = [...document.querySelectorAll<HTMLAnchorElement>('a[href^="/forms/"]')];
    const forms = links.map((link) => link.pathname).filter((path) => isNewForm(path) || /^\/forms\/[^/]+$/.test(path));
    const paths = new Set(forms.map((path) => (isNewForm(path) ? path : `${path}/new`)));
    active?.postMessage({ person: shown, locale, seen: seenRecord(), forms: [...paths, ...listedRecords()] });
  }, WARM_AFTER_MS);
}

export async function startOffline(): Promise<void> {
  if (!("serviceWorker" in navigator) || !("caches" in window)) return;
  const saved = forgetSaved();
  startAsking();
  startOfflinePage(() => void send());
  others?.addEventListener("message", () => void draw());
  window.addEventListener("online", () => {
    void draw();
    void renewToken();
    void send();
  });
  window.addEventListener("offline", () => void draw());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void send();
  });
  person = document.getElementById("palette")?.dataset.person ?? (await who()).person;
  await saved;
  await draw();
  await startWorker();
  await renewToken();
  await send();
  await tidyFiles();
}
