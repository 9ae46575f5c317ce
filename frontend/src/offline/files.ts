// Files that were chosen without a connection: kept whole in this browser, each under a token that stands in the
// form in place of its id, and sent to the server before the form that carries it.

const DATABASE = "orderkit-files";
const STORE = "files";
const TOKEN = /^kept-file-\d+$/;
const WITHIN_FORM = /(?:^|[=&])kept-file-\d+(?:&|$)/;
/** The server keeps a file that no record has taken for fifteen days, and a browser a form that was begun for fourteen. */
const LONGEST_MS = 14 * 86_400_000;
const SETTLED_MS = 86_400_000;
/** Answers after which the same may be tried later. */
const LATER = new Set([429, 502, 503, 504]);

interface KeptFile {
  token: string;
  person: string;
  /** Where the field takes its files. */
  address: string;
  name: string;
  content: Blob;
  at: number;
  /** Under which id the server has it, and since when: what is sent again is then the same to the letter. */
  id: string;
  sentAt: number;
}

export type Entries = [name: string, value: string][];

export interface SentFiles {
  /** The entries as the server reads them. Files that it refused are not among them. */
  entries: Entries;
  ids: Map<string, string>;
  refused: string[];
  isSignedOut: boolean;
}

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(DATABASE, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "token" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error(DATABASE));
  });
}

async function within<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await opened();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode, { durability: "strict" });
      const asked = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onabort = () => reject(transaction.error ?? new Error(STORE));
    });
  } finally {
    database.close();
  }
}

function all(): Promise<KeptFile[]> {
  return within("readonly", (store) => store.getAll() as IDBRequest<KeptFile[]>);
}

export function isToken(value: string): boolean {
  return TOKEN.test(value);
}

/** Whether the body of a form, as it is sent, carries a file that only this browser has. */
export function carriesKeptFile(body: string): boolean {
  return WITHIN_FORM.test(body);
}

/** Keeps a file and returns its token, once it is written. Throws where the browser has no room for it. */
export async function keepFile(person: string, address: string, file: File): Promise<string> {
  const token = `kept-file-${crypto.getRandomValues(new Uint32Array(4)).join("")}`;
  const kept: KeptFile = { token, person, address, name: file.name, content: file, at: Date.now(), id: "", sentAt: 0 };
  await within("readwrite", (store) => store.put(kept));
  return token;
}

async function sendFile(kept: KeptFile, csrf: string): Promise<{ id: string } | { why: string } | null> {
  if (kept.id && Date.now() - kept.sentAt < LONGEST_MS) return { id: kept.id };
  const body = new FormData();
  body.append("file", kept.content, kept.name);
  const headers = { Accept: "application/json", "X-CSRF-Token": csrf };
  const answer = await fetch(kept.address, { method: "POST", body, headers });
  if (LATER.has(answer.status)) throw new TypeError(String(answer.status));
  if (answer.status === 401) return null;
  const isJson = answer.headers.get("content-type")?.includes("json");
  const told = isJson ? ((await answer.json()) as { id?: number; detail?: string }) : {};
  if (!answer.ok || told.id === undefined) return { why: told.detail ?? String(answer.status) };
  const id = String(told.id);
  await within("readwrite", (store) => store.put({ ...kept, id, sentAt: Date.now() }));
  return { id };
}

/** Sends the files of a form and puts their ids in it. Throws a TypeError where the server cannot be reached. */
export async function sendFiles(entries: Entries, person: string, csrf: string, gone: string): Promise<SentFiles> {
  const sent: SentFiles = { entries: [], ids: new Map(), refused: [], isSignedOut: false };
  const isAny = entries.some(([, value]) => isToken(value));
  const known = new Map(isAny ? (await all()).map((each) => [each.token, each]) : []);
  for (const [name, value] of entries) {
    if (!isToken(value)) {
      sent.entries.push([name, value]);
      continue;
    }
    const kept = known.get(value);
    // A browser that is short of room may throw away what it was given to keep.
    if (!kept || kept.person !== person) {
      sent.refused.push(gone);
      continue;
    }
    const done = await sendFile(kept, csrf);
    if (!done) return { ...sent, isSignedOut: true };
    if ("why" in done) sent.refused.push(`${kept.name}: ${done.why}`);
    else {
      sent.ids.set(value, done.id);
      sent.entries.push([name, done.id]);
    }
  }
  return sent;
}

export async function forgetFilesIn(entries: Entries): Promise<void> {
  for (const [, value] of entries) if (isToken(value)) await within("readwrite", (store) => store.delete(value));
}

export async function forgetFilesOf(person: string): Promise<void> {
  for (const each of await all()) if (each.person === person) await within("readwrite", (store) => store.delete(each.token));
}

/** Forgets files that no form will ask for any more; `isWaited` are those of what waits, whoever's it is. */
export async function forgetOldFiles(isWaited: (token: string) => boolean): Promise<void> {
  for (const each of await all()) {
    const isOver = Date.now() - each.at > LONGEST_MS || (each.id !== "" && Date.now() - each.sentAt > SETTLED_MS);
    if (isOver && !isWaited(each.token)) await within("readwrite", (store) => store.delete(each.token));
  }
}
