// What waits to be sent: forms that were saved without a connection, in their order, each under its mark. The
// worker puts them in, the pages send them; both see the same store, and every person sees only their own.

import { forgetFilesIn, forgetFilesOf, forgetOldFiles } from "./files";

const DATABASE = "orderkit";
const STORE = "waiting";

/** `waiting` is sent by itself; `held` is open in a form; the others need somebody to look at them. */
export type State = "waiting" | "held" | "refused" | "clash";

export interface Waiting {
  mark: string;
  person: string;
  /** Where the form is sent, as `/forms/order/new`. */
  address: string;
  title: string;
  entries: [string, string][];
  at: number;
  order: number;
  state: State;
  why: string;
}

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(DATABASE, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "mark" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error(DATABASE));
  });
}

async function within<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T> | Promise<T>): Promise<T> {
  const database = await opened();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode, { durability: "strict" });
      let found: T;
      const asked = work(transaction.objectStore(STORE));
      if (asked instanceof IDBRequest) asked.onsuccess = () => (found = asked.result);
      else void asked.then((value) => (found = value), reject);
      // Only what is written is kept: an answer before that would be a promise that a crash breaks.
      transaction.oncomplete = () => resolve(found);
      transaction.onabort = () => reject(transaction.error ?? new Error(STORE));
    });
  } finally {
    database.close();
  }
}

function all(store: IDBObjectStore): Promise<Waiting[]> {
  return new Promise((resolve, reject) => {
    const asked = store.getAll() as IDBRequest<Waiting[]>;
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error(STORE));
  });
}

/** Keeps a form; one that is kept again under its mark stays in its place. */
export async function put(entry: Omit<Waiting, "order" | "state" | "why">): Promise<void> {
  await within("readwrite", async (store) => {
    const known = await all(store);
    const before = known.find((each) => each.mark === entry.mark);
    const order = before?.order ?? Math.max(0, ...known.map((each) => each.order)) + 1;
    store.put({ ...entry, order, state: "waiting", why: "" } satisfies Waiting);
  });
}

export async function waitingOf(person: string): Promise<Waiting[]> {
  if (!person || typeof indexedDB === "undefined") return [];
  const found = await within("readonly", (store) => store.getAll() as IDBRequest<Waiting[]>);
  return found.filter((each) => each.person === person).sort((one, other) => one.order - other.order);
}

/** Says what became of one that is still kept. */
export async function setState(mark: string, state: State, why = ""): Promise<void> {
  await within("readwrite", async (store) => {
    const entry = (await all(store)).find((each) => each.mark === mark);
    if (entry) store.put({ ...entry, state, why });
  });
}

/** Forgets one, and the files that were kept for it. */
export async function remove(mark: string): Promise<void> {
  const entry = await within("readonly", (store) => store.get(mark) as IDBRequest<Waiting | undefined>);
  // The files first: a page that is left in between would leave them behind, with nothing that names them.
  if (entry) await forgetFilesIn(entry.entries);
  await within("readwrite", (store) => store.delete(mark) as IDBRequest<unknown>);
}

export async function removeAllOf(person: string): Promise<void> {
  await within("readwrite", async (store) => {
    for (const each of await all(store)) if (each.person === person) store.delete(each.mark);
  });
  await forgetFilesOf(person);
}

/** Forgets the files of forms that were begun and given up. */
export async function tidyFiles(): Promise<void> {
  const waiting = await within("readonly", (store) => store.getAll() as IDBRequest<Waiting[]>);
  const tokens = new Set(waiting.flatMap((each) => each.entries.map(([, value]) => value)));
  await forgetOldFiles((token) => tokens.has(token));
}
