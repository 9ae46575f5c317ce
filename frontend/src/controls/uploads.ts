// Sends one file to a field's address, with its progress; the form then carries only the id.

import { csrfToken } from "../shell/pages";

export interface Uploaded {
  id: number;
  name: string;
  size: string;
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

export function upload(address: string, file: File, progress: (done: number, whole: number) => void): Upload {
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
      underWay -= 1;
      resolve(answerOf(request));
    });
  });
  request.send(body);
  return { sent, stop: () => request.abort() };
}

function answerOf(request: XMLHttpRequest): Sent {
  let answer: Partial<Uploaded> & { detail?: string } = {};
  try {
    answer = JSON.parse(request.responseText) as typeof answer;
  } catch {
    // A connection that broke off leaves no answer.
  }
  return request.status === 200 && answer.id !== undefined ? { file: answer as Uploaded } : { why: answer.detail ?? "" };
}
