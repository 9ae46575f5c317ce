// Which pages a browser keeps for working without a connection, and for whom: a cache for each person, read by
// the pages and filled by the worker alone.

const WHO = "orderkit-who";
const WHO_KEY = "/who";
const PERSON = "orderkit-person-";
export const STATIC = "orderkit-static-";
export const OFFLINE = "/offline";

export interface Who {
  person: string;
  locale: string;
}

/** Who was signed in last in this browser, as far as the worker has seen. */
export async function who(): Promise<Who> {
  const found = await (await caches.open(WHO)).match(WHO_KEY);
  return found ? ((await found.json()) as Who) : { person: "", locale: "" };
}

export async function setWho(known: Who): Promise<void> {
  await (await caches.open(WHO)).put(WHO_KEY, new Response(JSON.stringify(known)));
}

export function pagesOf(person: string): Promise<Cache> {
  return caches.open(PERSON + person);
}

/** Forgets what is kept for everybody but one; for nobody, everything. */
export async function forgetPages(except: string): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(PERSON) && name !== PERSON + except) await caches.delete(name);
  }
}

export function isNewForm(path: string): boolean {
  return /^\/forms\/[a-z][a-z0-9_]*\/new$/.test(path);
}

/** Whether an address is that of a record being changed. */
export function isEditForm(path: string): boolean {
  return /^\/forms\/[a-z][a-z0-9_]*\/[0-9]{1,18}\/edit$/.test(path);
}

export function isForm(path: string): boolean {
  return isNewForm(path) || isEditForm(path);
}

/** The forms that this person can fill in without a connection, with the titles of their pages. */
export async function keptForms(person: string, isMeant: (path: string) => boolean): Promise<[path: string, title: string][]> {
  if (!person) return [];
  const cache = await pagesOf(person);
  const found: [string, string][] = [];
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (!isMeant(pathname)) continue;
    const html = (await (await cache.match(request))?.text()) ?? "";
    const page = new DOMParser().parseFromString(html, "text/html");
    found.push([pathname, page.querySelector<HTMLInputElement>('input[name="form.title"]')?.value ?? pathname]);
  }
  return found.sort(([one], [other]) => (one < other ? -1 : 1));
}
