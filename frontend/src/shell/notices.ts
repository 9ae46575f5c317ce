// Short words in the corner about what has been done or refused.

const GOOD_STAYS_MS = 5000;
const REMEDY_STAYS_MS = 12_000;

function place(): HTMLElement | null {
  return document.getElementById("notices");
}

function settle(notice: HTMLElement): void {
  if (!notice.classList.contains("notice-good")) return;
  const stays = notice.querySelector(".notice-act") ? REMEDY_STAYS_MS : GOOD_STAYS_MS;
  let timer = window.setTimeout(() => notice.remove(), stays);
  notice.addEventListener("mouseenter", () => window.clearTimeout(timer));
  notice.addEventListener("mouseleave", () => {
    timer = window.setTimeout(() => notice.remove(), stays);
  });
}

/** What can still be done about it, such as taking it back. */
export interface Remedy {
  label: string;
  run(): void;
}

export function notify(text: string, isGood: boolean, remedy?: Remedy): void {
  const icons = document.getElementById("notice-icons") as HTMLTemplateElement | null;
  const [good, bad, close] = icons ? [...icons.content.children] : [];
  const notice = document.createElement("div");
  notice.className = `notice notice-${isGood ? "good" : "bad"}`;
  const words = document.createElement("div");
  words.className = "notice-text";
  words.textContent = text;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "tool";
  button.dataset.dismiss = "";
  button.setAttribute("aria-label", place()?.dataset.closeLabel ?? "");
  if (close) button.append(close.cloneNode(true));
  const mark = isGood ? good : bad;
  if (mark) notice.append(mark.cloneNode(true));
  if (remedy) {
    const act = document.createElement("button");
    act.type = "button";
    act.className = "btn btn-small notice-act";
    act.textContent = remedy.label;
    act.addEventListener("click", () => {
      notice.remove();
      remedy.run();
    });
    notice.append(words, act, button);
  } else notice.append(words, button);
  place()?.append(notice);
  settle(notice);
}

export function startNotices(): void {
  place()?.querySelectorAll<HTMLElement>(".notice").forEach(settle);
  document.addEventListener("click", (event) => {
    (event.target as Element).closest("[data-dismiss]")?.closest(".notice, .banner")?.remove();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target === place()) place()?.querySelectorAll<HTMLElement>(".notice:last-child").forEach(settle);
  });
}
