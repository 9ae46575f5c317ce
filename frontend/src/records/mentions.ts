// Turning to somebody in a comment: `@` and the beginning of a name offers who may see the record.

const WAIT_MS = 140;
const BEGUN = /@([^\s@]{0,20})$/;

interface Named {
  id: number;
  name: string;
  login: string;
}

let timer = 0;
let asked: AbortController | null = null;

function listOf(text: HTMLTextAreaElement): HTMLElement | null {
  return text.parentElement?.querySelector<HTMLElement>("[role=listbox]") ?? null;
}

function begunIn(text: HTMLTextAreaElement): string | null {
  return BEGUN.exec(text.value.slice(0, text.selectionStart))?.[1] ?? null;
}

function close(text: HTMLTextAreaElement): void {
  window.clearTimeout(timer);
  asked?.abort();
  const list = listOf(text);
  if (list) {
    list.hidden = true;
    list.replaceChildren();
  }
  text.removeAttribute("aria-activedescendant");
}

function select(text: HTMLTextAreaElement, option: Element | null | undefined): void {
  if (!option) return;
  for (const each of listOf(text)?.children ?? []) each.setAttribute("aria-selected", String(each === option));
  text.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function draw(text: HTMLTextAreaElement, people: Named[]): void {
  const list = listOf(text);
  if (!list) return;
  const isAmbiguous = (name: string): boolean => people.filter((each) => each.name === name).length > 1;
  list.replaceChildren(
    ...people.map((person, index) => {
      const option = document.createElement("div");
      option.className = "picker-option";
      option.id = `${list.id}-${index}`;
      option.setAttribute("role", "option");
      option.dataset.id = String(person.id);
      option.dataset.name = person.name;
      option.textContent = person.name;
      if (isAmbiguous(person.name)) {
        const note = document.createElement("span");
        note.className = "picker-option-note";
        note.textContent = person.login;
        option.append(note);
      }
      return option;
    }),
  );
  list.hidden = people.length === 0;
  if (people.length) select(text, list.firstElementChild);
  else text.removeAttribute("aria-activedescendant");
}

async function ask(text: HTMLTextAreaElement, begun: string): Promise<void> {
  const address = text.closest<HTMLElement>("[data-mentions]")?.dataset.mentions;
  if (!address) return;
  asked?.abort();
  asked = new AbortController();
  try {
    const answer = await fetch(`${address}?${new URLSearchParams({ q: begun })}`, {
      headers: { Accept: "application/json" },
      signal: asked.signal,
    });
    if (answer.ok && begunIn(text) === begun) draw(text, ((await answer.json()) as { people: Named[] }).people);
  } catch {
    // Typed on, or no connection: a name can be written out as well.
  }
}

function choose(text: HTMLTextAreaElement, option: Element | null | undefined): void {
  const begun = begunIn(text);
  const { id, name } = (option as HTMLElement | null)?.dataset ?? {};
  if (begun === null || !id || !name) return;
  const end = text.selectionStart;
  text.setRangeText(`@${name} `, end - begun.length - 1, end, "end");
  const chosen = document.createElement("input");
  chosen.type = "hidden";
  chosen.name = "chosen";
  chosen.value = id;
  text.parentElement?.append(chosen);
  close(text);
  text.focus();
}

export function startMentions(): void {
  const textOf = (event: Event): HTMLTextAreaElement | null => {
    const target = event.target as Element;
    return target instanceof HTMLTextAreaElement && target.closest("[data-mentions]") ? target : null;
  };
  document.addEventListener("input", (event) => {
    const text = textOf(event);
    if (!text) return;
    window.clearTimeout(timer);
    const begun = begunIn(text);
    if (begun === null) close(text);
    else timer = window.setTimeout(() => void ask(text, begun), WAIT_MS);
  });
  document.addEventListener(
    "keydown",
    (event) => {
      const text = textOf(event);
      const list = text && listOf(text);
      if (!text || !list || list.hidden || event.isComposing) return;
      const current = list.querySelector('[aria-selected="true"]');
      const moves: Record<string, () => void> = {
        ArrowDown: () => select(text, current?.nextElementSibling ?? list.firstElementChild),
        ArrowUp: () => select(text, current?.previousElementSibling ?? list.lastElementChild),
        Enter: () => choose(text, current),
        Tab: () => choose(text, current),
        Escape: () => close(text),
      };
      const move = event.ctrlKey || event.metaKey ? undefined : moves[event.key];
      if (!move) return;
      event.preventDefault();
      event.stopPropagation();
      move();
    },
    true,
  );
  document.addEventListener("mousedown", (event) => {
    const option = (event.target as Element).closest("[data-mentions] [role=option]");
    const text = option?.closest("[data-mentions]")?.querySelector("textarea");
    if (!option || !text) return;
    event.preventDefault();
    choose(text, option);
  });
  document.addEventListener("focusout", (event) => {
    const text = textOf(event);
    if (text) close(text);
  });
}
