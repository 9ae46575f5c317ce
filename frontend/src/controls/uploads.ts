// Sends one file to a field's address, with its progress; the form then carries only the id. Where the server is
// not reached, the form of a record carries a token for a file that the browser keeps.

import { keepFile } from "../offline/files";
import { csrfToken } from "../shell/pages";

/** `address` is where the file can be looked at; `isKept`: only this browser has it. */
export interface Uploaded {
  id: string;
  name: string;
  size: string;
  address: string;
  isKept: boolean;
}

/** `why` is what the server said; empty when nothing came back. */
export type Sent = { file: Uploaded } | { why: string };

export interface Upload {
  sent: Promise<Sent>;
  stop(): void;
}

let underWay = 0;

/** Whether files are being sent: a form that is saved now would lose them. */
export function isSending(): boolean {
  return underWay > 0;
}

/** What a proxy answers when it does not reach the server, or not in time; 0 is no answer at all. */
const NOT_REACHED = new Set([0, 502, 504]);

// Without the worker nobody would keep the form either, and the form of a step is never sent later.
function keeperOf(root: HTMLElement): string {
  if (!root.closest("form[data-kept]") || !navigator.serviceWorker?.controller) return "";
  return document.getElementById("palette")?.dataset.person ?? "";
}

/** Sends the file of a field, whose `root` is its control. */
export function upload(root: HTMLElement, address: string, file: File, progress: (done: number, whole: number) => void): Upload {
  let isStopped = false;
  const request = new XMLHttpRequest();
  const body = new FormData();
  body.append("file", file);
  request.open("POST", address);
  request.setRequestHeader("X-CSRF-Token", csrfToken());
  request.setRequestHeader("Accept", "application/json");
  request.upload.addEventListener("progress", (event) => progress(event.loaded, event.total));
  underWay += 1;
  const sent = new Promise<Sent>((resolve) => {
    request.addEventListener("loadend", () => {
      const person = NOT_REACHED.has(request.status) && !isStopped ? keeperOf(root) : "";
      void (person ? kept(root, person, address, file) : Promise.resolve(answerOf(request))).then((answer) => {
        underWay -= 1;
        resolve(answer);
      });
    });
  });
  request.send(body);
  const stop = (): void => {
    isStopped = true;
    request.abort();
  };
  return { sent, stop };
}

function isOfType(root: HTMLElement, name: string): boolean {
  const accept = root.querySelector<HTMLInputElement>("input[type=file]")?.accept;
  return !accept || accept.split(",").some((ending) => name.toLowerCase().endsWith(ending));
}

async function kept(root: HTMLElement, person: string, address: string, file: File): Promise<Sent> {
  // The server judges types by what is in a file; without it, at least by what it is called.
  if (!isOfType(root, file.name)) return { why: root.dataset.wrongType ?? "" };
  try {
    const id = await keepFile(person, address, file);
    return { file: { id, name: file.name, size: "", address: URL.createObjectURL(file), isKept: true } };
  } catch {
    // No room, or a browser that keeps nothing: as if there were no worker.
    return { why: "" };
  }
}

function answerOf(request: XMLHttpRequest): Sent {
  let answer: { id?: number; name?: string; size?: string; detail?: string } = {};
  try {
    answer = JSON.parse(request.responseText) as typeof answer;
  } catch {
    // A connection that broke off leaves no answer.
  }
  if (request.status !== 200 || answer.id === undefined) return { why: answer.detail ?? "" };
  const id = String(answer.id);
  return { file: { id, name: answer.name ?? "", size: answer.size ?? "", address: `/files/${id}`, isKept: false } };
}
