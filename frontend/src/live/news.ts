// What news mean for this page: parts that show what changed are brought up to date, and a form that is
// being filled in is told, never overwritten.

import { sayGone } from "./gone";
import { refresh } from "./refresh";
import { listen, type News } from "./stream";

const SOON_MS = 150;

let timer = 0;
let isStale = false;

/** A part says what it shows: `order` any record of a form, `order/12` one, `tasks`, `messages`. */
export function concerns(shown: string, news: News): boolean {
  return shown.split(" ").some((topic) => {
    if (topic === "tasks") return news.tasks;
    if (topic === "messages") return news.messages;
    const [form, id] = topic.split("/");
    if (news.forms.includes(form ?? "")) return true;
    return news.records.some((each) => each.form === form && (id === undefined || String(each.id) === id));
  });
}

function refreshSoon(): void {
  if (document.visibilityState !== "visible") {
    isStale = true;
    return;
  }
  // Not all readers at the same moment.
  window.clearTimeout(timer);
  timer = window.setTimeout(() => void refresh(), SOON_MS * Math.random());
}

function warn(news: News): void {
  for (const form of document.querySelectorAll<HTMLElement>("[data-live-form]")) {
    const found = news.records.find((each) => `${each.form}/${each.id}` === form.dataset.liveForm && !each.mine);
    const banner = document.querySelector<HTMLElement>("[data-changed]");
    const words = banner?.querySelector<HTMLElement>("[data-changed-by]");
    if (!found || !banner || !words) continue;
    words.textContent = found.by ? (words.dataset.changedBy ?? "").replace("{by}", found.by) : (words.dataset.changedAnon ?? "");
    banner.hidden = false;
  }
}

/** The records that this page is about. */
function shownRecords(): string[] {
  const parts = [...document.querySelectorAll<HTMLElement>("[data-live], [data-live-form]")];
  const topics = parts.flatMap((part) => `${part.dataset.live ?? ""} ${part.dataset.liveForm ?? ""}`.split(" "));
  return [...new Set(topics.filter((topic) => topic.includes("/")))];
}

export function startNews(): void {
  const address = document.querySelector<HTMLElement>("[data-stream]")?.dataset.stream;
  if (!address) return;
  const showing = shownRecords();
  listen(address, showing, (news) => {
    warn(news);
    if (news.lost.some((each) => showing.includes(`${each.form}/${each.id}`))) sayGone(true);
    const parts = [...document.querySelectorAll<HTMLElement>("[data-live]")];
    if (parts.some((part) => concerns(part.dataset.live ?? "", news))) refreshSoon();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" || !isStale) return;
    isStale = false;
    refreshSoon();
  });
}
