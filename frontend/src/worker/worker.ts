// Serves the pages when there is no connection: the built files, the forms of whoever is signed in, empty or of
// records that were looked at, a page that says so for the rest. A form that cannot be sent is kept, and its page sends it later under the same mark.

import { carriesKeptFile } from "../offline/files";
import { OFFLINE, STATIC, type Who, forgetPages, isEditForm, isForm, isNewForm, pagesOf, setWho, who } from "../offline/kept_pages";
import { put, removeAllOf } from "../offline/queue";
import { answerOptions, isOptions } from "./options";
import { type Asked, scope } from "./scope";

// The names of this build, put in by `build.mjs`: so a new build is a new worker, with a cache of its own.
declare const BUILT: { version: string; first: string[] };

const RECORD = /^\/forms\/[a-z][a-z0-9_]*\/([0-9]{1,18}|new)$/;
const KEPT_BUILDS = 2;
const MOST_RECORDS = 60;
const FRESH_MS = 600_000;
// What a proxy answers when it does not reach the server, or not in time.
const NOT_REACHED = new Set([502, 504]);
const UNSENT = new Set(["csrf_token"]);
// What the server answers ahead of time about a record that this person may not change.
const NOTHING_TO_FILL_IN = 204;

let known: Who | null = null;

async function present(): Promise<Who> {
  return (known ??= await who());
}

async function meet(person: string, locale = ""): Promise<void> {
  const before = await present();
  const now = { person, locale: locale || before.locale };
  if (now.person === before.person && now.locale === before.locale) return;
  known = now;
  await setWho(now);
  if (now.person !== before.person) await forgetPages(person);
  if (now.locale !== before.locale) await keepOffline();
}

async function keepOffline(): Promise<void> {
  const { locale } = await present();
  // Without the session: what is kept for everybody holds nothing of a person.
  const address = locale ? `${OFFLINE}?locale=${encodeURIComponent(locale)}` : OFFLINE;
  const answer = await fetch(address, { credentials: "omit", cache: "no-store" });
  if (answer.ok) await (await caches.open(STATIC + BUILT.version)).put(OFFLINE, answer);
}

async function install(): Promise<void> {
  const cache = await caches.open(STATIC + BUILT.version);
  await cache.addAll(BUILT.first.map((name) => `/static/${name}`));
  await keepOffline();
  await scope.skipWaiting();
}

async function activate(): Promise<void> {
  // A page that was opened before an update may still load a file of the build before.
  const builds = (await caches.keys()).filter((name) => name.startsWith(STATIC) && name !== STATIC + BUILT.version);
  for (const old of builds.slice(0, Math.max(0, builds.length - KEPT_BUILDS + 1))) await caches.delete(old);
  await scope.clients.claim();
}

async function file(request: Request): Promise<Response> {
  const kept = await caches.match(request, { ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(STATIC + BUILT.version)).put(request, answer.clone());
  return answer;
}

async function offlinePage(): Promise<Response> {
  const kept = await caches.match(OFFLINE);
  return kept ?? Response.error();
}

async function page(request: Request): Promise<Response> {
  const url = new URL(request.url);
  let answer: Response;
  try {
    answer = await fetch(request);
  } catch {
    const kept = isForm(url.pathname) ? await (await pagesOf((await present()).person)).match(url.pathname) : undefined;
    return kept ? marked(kept) : offlinePage();
  }
  const person = answer.headers.get("orderkit-person");
  if (person) await meet(person);
  if (person && isForm(url.pathname) && !url.search) await keepForm(await pagesOf(person), url.pathname, answer.clone());
  return answer;
}

/** Keeps a form as it is now; of records, those that were asked for last. One that is closed by now is forgotten. */
async function keepForm(cache: Cache, path: string, answer: Response): Promise<void> {
  if (answer.status >= 500) return;
  // Put again it would stand where it stood, and be taken for an old one.
  if (isEditForm(path)) await cache.delete(path);
  if (!answer.ok || answer.status === NOTHING_TO_FILL_IN) return;
  await cache.put(path, answer);
  if (!isEditForm(path)) return;
  const records = (await cache.keys()).filter((each) => isEditForm(new URL(each.url).pathname));
  for (const oldest of records.slice(0, Math.max(0, records.length - MOST_RECORDS))) await cache.delete(oldest);
}

/** The page says by itself that it comes from here: its token may be old. */
async function marked(kept: Response): Promise<Response> {
  const html = (await kept.text()).replace("<html ", "<html data-from-worker ");
  return new Response(html, { status: kept.status, headers: kept.headers });
}

async function sent(request: Request): Promise<Response> {
  const path = new URL(request.url).pathname;
  const copy = RECORD.test(path) ? request.clone() : null;
  if (copy && carriesKeptFile(await copy.clone().text())) {
    // Its files go first, which is the business of what sends what waits.
    const mark = await keep(path, copy.clone());
    if (mark) return Response.redirect(`${OFFLINE}?kept=${mark}`, 303);
  }
  try {
    const answer = await fetch(request);
    if (!NOT_REACHED.has(answer.status)) {
      if (path === "/sign-out" && answer.type === "opaqueredirect") await forget();
      return answer;
    }
  } catch {
    // Whether it arrived is not known; under its mark it can be sent again.
  }
  const mark = copy ? await keep(path, copy) : "";
  if (mark) return Response.redirect(`${OFFLINE}?kept=${mark}`, 303);
  return Response.redirect(`${OFFLINE}?undone`, 303);
}

async function keep(address: string, request: Request): Promise<string> {
  const { person } = await present();
  const entries = [...new URLSearchParams(await request.text())].filter(([name]) => !UNSENT.has(name));
  const told = new Map(entries);
  const mark = told.get("kept") ?? "";
  if (!person || !mark) return "";
  await put({ mark, person, address, title: told.get("form.title") ?? "", entries, at: Date.now() });
  return mark;
}

async function forget(): Promise<void> {
  const { person } = await present();
  known = { ...(await present()), person: "" };
  await setWho(known);
  await forgetPages("");
  if (person) await removeAllOf(person);
}

function isFresh(kept: Response | undefined): boolean {
  return kept !== undefined && Date.now() - Date.parse(kept.headers.get("date") ?? "") < FRESH_MS;
}

// One after the other, so that whoever works on meanwhile does not wait for it.
/** Keeps forms, and the lists that they begin with, for when there is no connection; `isSeen` ones as they are now. */
async function warm(addresses: string[], isSeen: boolean): Promise<void> {
  const { person } = await present();
  if (!person) return;
  const cache = await pagesOf(person);
  for (const path of addresses.filter(isForm)) {
    const kept = await cache.match(path);
    if (isNewForm(path) ? kept : !isSeen && isFresh(kept)) continue;
    const answer = await fetch(path, { headers: { "Orderkit-Ahead": "1" } });
    if (answer.redirected || answer.headers.get("orderkit-person") !== person) continue;
    const html = await answer.clone().text();
    await keepForm(cache, path, answer);
    for (const [, address] of new Set([...html.matchAll(/data-picker="([^"]+)"/g)].map((each) => each))) {
      if (!address || !isOptions(address) || (await cache.match(`${address}?q=`))) continue;
      const request = new Request(`${address}?q=`, { headers: { "HX-Request": "true" } });
      await answerOptions(request, async () => (await present()).person);
    }
  }
}

function answered(event: Asked): Promise<Response> | null {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== scope.location.origin) return null;
  if (url.pathname.startsWith("/static/")) return file(request);
  if (isOptions(url.pathname)) return answerOptions(request, async () => (await present()).person);
  if (request.mode !== "navigate") return null;
  return request.method === "GET" ? page(request) : sent(request);
}

scope.addEventListener("install", (event) => event.waitUntil(install()));
scope.addEventListener("activate", (event) => event.waitUntil(activate()));
scope.addEventListener("fetch", (event) => {
  const answer = answered(event);
  if (answer) event.respondWith(answer);
});
scope.addEventListener("message", (event) => {
  const told = event.data as { person?: string; locale?: string; forms?: string[]; seen?: string[] };
  if (!told.person) return;
  event.waitUntil(
    meet(told.person, told.locale)
      .then(() => warm(told.seen ?? [], true))
      .then(() => warm(told.forms ?? [], false)),
  );
});
