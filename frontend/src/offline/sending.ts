// Sends what waits, one after the other, as soon as the server can be reached: from one tab at a time, under the
// mark of each form, so that what arrived before without an answer is not done twice.

import { sendFiles } from "./files";
import { type Waiting, remove, setState, waitingOf } from "./queue";
import { said } from "./said";

const LOCK = "orderkit-sending";
/** Answers after which the same may be tried later. */
const LATER = new Set([429, 502, 503, 504]);

export interface Session {
  person: string;
  csrf: string;
}

export interface Outcome {
  sent: number;
  refused: number;
  /** `unreachable`: to be tried again; `signed_out`: somebody has to sign in first. */
  stopped: "" | "unreachable" | "signed_out";
}

/** Who is signed in now: null for nobody. Throws where the server cannot be reached. */
export async function session(): Promise<Session | null> {
  const answer = await fetch("/session", { headers: { Accept: "application/json" } });
  if (answer.status === 401) return null;
  if (!answer.ok) throw new TypeError(String(answer.status));
  const found = (await answer.json()) as { person: number; csrf: string };
  return { person: String(found.person), csrf: found.csrf };
}

async function why(answer: Response): Promise<string> {
  const text = await answer.text();
  if (answer.headers.get("content-type")?.includes("json")) return (JSON.parse(text) as { detail?: string }).detail ?? "";
  const page = new DOMParser().parseFromString(text, "text/html");
  const told = [...page.querySelectorAll(".banner-bad li")].map((each) => each.textContent?.trim() ?? "");
  return told.slice(0, 3).join(" · ");
}

/** Sends one; returns whether it is done with, is refused, or has to wait. */
async function send(entry: Waiting, csrf: string): Promise<"sent" | "refused" | "unreachable" | "signed_out"> {
  const files = await sendFiles(entry.entries, entry.person, csrf, said("file_gone"));
  if (files.isSignedOut || (files.refused.length && (await session())?.person !== entry.person)) return "signed_out";
  if (files.refused.length) {
    await setState(entry.mark, "refused", files.refused.slice(0, 3).join(" · "));
    return "refused";
  }
  const answer = await fetch(entry.address, {
    method: "POST",
    body: new URLSearchParams(files.entries),
    headers: { Accept: "application/json", "X-CSRF-Token": csrf },
  });
  if (LATER.has(answer.status)) return "unreachable";
  // A session that has ended is no judgement of what was typed.
  if (answer.status === 401 || (answer.status === 403 && (await session())?.person !== entry.person)) return "signed_out";
  if (answer.ok && answer.headers.get("content-type")?.includes("json")) {
    await remove(entry.mark);
    return "sent";
  }
  await setState(entry.mark, answer.status === 409 ? "clash" : "refused", await why(answer));
  return "refused";
}

async function sendAll(person: string): Promise<Outcome> {
  const outcome: Outcome = { sent: 0, refused: 0, stopped: "" };
  const entries = (await waitingOf(person)).filter((each) => each.state === "waiting");
  if (!entries.length) return outcome;
  try {
    const now = await session();
    // Somebody else's are not sent in this person's name.
    if (now?.person !== person) return { ...outcome, stopped: "signed_out" };
    for (const entry of entries) {
      const done = await send(entry, now.csrf);
      if (done === "sent" || done === "refused") outcome[done] += 1;
      else return { ...outcome, stopped: done };
    }
  } catch (fault) {
    if (!(fault instanceof TypeError)) throw fault;
    outcome.stopped = "unreachable";
  }
  return outcome;
}

/** Sends what waits of a person; null where another tab is at it. */
export async function sendWaiting(person: string): Promise<Outcome | null> {
  if (!("locks" in navigator)) return sendAll(person);
  return navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => (lock ? sendAll(person) : null));
}
