// The page that stands in for others without a connection, and shows what waits to be sent.

import { remove as forget } from "../forms/kept";
import { submitKept } from "../forms/sent_again";
import { OFFLINE, isEditForm, isNewForm, keptForms } from "./kept_pages";
import { sendFiles } from "./files";
import { type Waiting, remove, setState, waitingOf } from "./queue";
import { said } from "./said";
import { session } from "./sending";

function part<T extends HTMLElement>(name: string, root: ParentNode = document): T {
  return root.querySelector<T>(`[${name}]`)!;
}

function note(name: string, isShown: boolean): void {
  const found = document.querySelector<HTMLElement>(`[data-offline-note="${name}"]`);
  if (found) found.hidden = !isShown;
}

function copyOf(name: string): HTMLElement {
  return part<HTMLTemplateElement>(name).content.firstElementChild!.cloneNode(true) as HTMLElement;
}

function stateText(state: string): string {
  const texts = part<HTMLTemplateElement>("data-offline-states").content;
  return texts.querySelector(`[data-state="${state}"]`)?.textContent ?? "";
}

// What is wrong with it is said by the form itself, so it is sent the way its button would; one that only waits
// is laid out again, to go on with.
async function open(entry: Waiting): Promise<void> {
  try {
    const now = await session();
    if (now?.person !== entry.person) {
      note("signed_out", true);
      return;
    }
    const files = await sendFiles(entry.entries, entry.person, now.csrf, said("file_gone"));
    if (files.isSignedOut) {
      note("signed_out", true);
      return;
    }
    // A form that would be complete without the file that was refused must not be saved by opening it.
    const isJudged = (entry.state === "refused" || entry.state === "clash") && !files.refused.length;
    if (!isJudged) await setState(entry.mark, "held");
    submitKept(isJudged ? entry.address : `${entry.address}/resume`, files.entries, now.csrf);
  } catch (fault) {
    if (!(fault instanceof TypeError)) throw fault;
    note("undone", true);
  }
}

function discard(entry: Waiting, changed: () => void): void {
  const dialog = document.getElementById("offline-discard") as HTMLDialogElement;
  part("data-discard-yes", dialog).onclick = () => {
    dialog.close();
    void remove(entry.mark).then(changed);
  };
  dialog.showModal();
}

function row(entry: Waiting, changed: () => void): HTMLElement {
  const item = copyOf("data-offline-entry");
  part("data-entry-title", item).textContent = entry.title || entry.address;
  part("data-entry-state", item).textContent = stateText(entry.state);
  item.dataset.state = entry.state;
  const time = item.querySelector("time")!;
  time.dateTime = new Date(entry.at).toISOString();
  time.textContent = new Date(entry.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  const why = part("data-entry-why", item);
  why.textContent = entry.why;
  why.hidden = !entry.why;
  part("data-entry-open", item).addEventListener("click", () => void open(entry));
  part("data-entry-discard", item).addEventListener("click", () => discard(entry, changed));
  return item;
}

function drawForms(name: string, forms: [path: string, title: string][]): void {
  part(`data-offline-${name}-list`).replaceChildren(
    ...forms.map(([path, title]) => {
      const item = copyOf(`data-offline-${name}`);
      const link = item.querySelector("a")!;
      link.href = path;
      link.querySelector("span")!.textContent = title;
      return item;
    }),
  );
  part(`data-offline-${name}s`).hidden = forms.length === 0;
}

/** Draws the page anew. */
export async function drawOfflinePage(person: string, changed: () => void): Promise<void> {
  if (!document.querySelector("[data-offline-page]")) return;
  const entries = await waitingOf(person);
  part("data-offline-entries").replaceChildren(...entries.map((entry) => row(entry, changed)));
  part("data-offline-none").hidden = entries.length > 0;
  drawForms("form", await keptForms(person, isNewForm));
  // Whoever asked for a record that is kept finds it first.
  const asked = `${window.location.pathname}/edit`;
  const records = await keptForms(person, isEditForm);
  drawForms("record", records.sort(([one], [other]) => Number(other === asked) - Number(one === asked)));
  const isOwn = window.location.pathname === OFFLINE;
  part("data-offline-waiting").hidden = !isOwn && !entries.length;
  part("data-offline-send").hidden = !isOwn || !entries.some((each) => each.state === "waiting");
}

/** Sets up what does not change while the page stands. */
export function startOfflinePage(send: () => void): void {
  if (!document.querySelector("[data-offline-page]")) return;
  const isOwn = window.location.pathname === OFFLINE;
  const asked = new URLSearchParams(window.location.search);
  const title = part("data-offline-title");
  title.textContent = (isOwn ? title.dataset.with : title.dataset.without) ?? "";
  part("data-offline-page").toggleAttribute("data-is-own", isOwn);
  note("missing", !isOwn);
  note("waiting", isOwn);
  const mark = asked.get("kept") ?? "";
  if (isOwn && mark) {
    note("kept", true);
    // From here on it is the queue that keeps it; the form need not offer it again.
    forget((_, kept) => kept?.id === mark);
  }
  note("undone", isOwn && asked.has("undone"));
  const retry = part("data-offline-retry");
  retry.hidden = isOwn;
  retry.addEventListener("click", () => window.location.reload());
  part("data-offline-send").addEventListener("click", send);
}
