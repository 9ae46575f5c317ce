// Files of a form that only this browser has, as they were chosen without a connection: they are sent as soon as
// there is one, and before the form is. A form whose files cannot be sent is kept whole by the worker.

import { fillCell, shownOf, showProblem, textOf } from "../controls/cells";
import { changed } from "../controls/items";
import { type Entries, isToken, sendFiles } from "../offline/files";
import { said } from "../offline/said";
import { session } from "../offline/sending";
import { notify } from "../shell/notices";
import { csrfToken } from "../shell/pages";

export type Settled = "settled" | "unreachable" | "refused";

let underWay: Promise<Settled> | null = null;

function tokensIn(form: HTMLFormElement): Entries {
  const found: Entries = [];
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && isToken(value)) found.push([name, value]);
  return found;
}

function cellWith(form: HTMLFormElement, token: string): HTMLElement | null {
  return form.querySelector(`input[value="${token}"], [data-item="${token}"]`)?.closest<HTMLElement>("[data-field]") ?? null;
}

async function settle(form: HTMLFormElement): Promise<Settled> {
  const entries = tokensIn(form);
  if (!entries.length) return "settled";
  try {
    const person = document.getElementById("palette")?.dataset.person ?? "";
    const now = await session();
    // Under somebody else's session, or none, the form itself is not sent either: the worker keeps it.
    if (now?.person !== person) return "unreachable";
    let result: Settled = "settled";
    for (const entry of entries) {
      const sent = await sendFiles([entry], person, now.csrf || csrfToken(), said("file_gone"));
      if (sent.isSignedOut) return "unreachable";
      const token = entry[1];
      const cell = cellWith(form, token);
      if (!cell) continue;
      const id = sent.ids.get(token);
      if (id) {
        fillCell(cell, textOf(cell).replace(token, id), shownOf(cell));
        changed(cell);
      } else {
        result = "refused";
        showProblem(cell, sent.refused.join(" "));
        notify(sent.refused.join(" "), false);
      }
    }
    return result;
  } catch (fault) {
    if (fault instanceof TypeError) return "unreachable";
    throw fault;
  }
}

/** Sends the files that wait in a form, one try at a time, and puts their ids in their place. */
export function settleFiles(form: HTMLFormElement): Promise<Settled> {
  underWay ??= settle(form).finally(() => (underWay = null));
  return underWay;
}

export function startKeptFiles(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-kept]");
  if (!form) return;
  let isTried = false;
  document.addEventListener(
    "submit",
    (event) => {
      if (event.target !== form || isTried || !tokensIn(form).length) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const { submitter } = event;
      void settleFiles(form).then((state) => {
        if (state === "refused") return;
        isTried = true;
        form.requestSubmit(submitter);
        isTried = false;
      });
    },
    { capture: true },
  );
  window.addEventListener("online", () => void settleFiles(form));
}
