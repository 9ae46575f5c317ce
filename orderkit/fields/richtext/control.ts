// Formatted text as it will look, with a toolbar that the keyboard reaches. The form sends what stands in the
// text area, as without this script.

import type { Control } from "orderkit/controls/control";
import type { Act, Editing } from "orderkit/lazy/richtext";

type Module = typeof import("orderkit/lazy/richtext");

// How each editor is shown another text.
const shown = new WeakMap<HTMLElement, (text: string) => void>();

function areaOf(root: HTMLElement): HTMLTextAreaElement {
  return root.querySelector<HTMLTextAreaElement>("textarea")!;
}

// Plain text in the text area has paragraphs with blank lines between them.
function htmlOf(text: string): string {
  if (!text.trim() || /<\/?[a-z][^<>]*>/i.test(text)) return text;
  const place = document.createElement("p");
  return text
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => {
      place.textContent = paragraph;
      return `<p>${place.innerHTML.replaceAll("\n", "<br>")}</p>`;
    })
    .join("");
}

function startToolbar(root: HTMLElement, editing: Editing): () => void {
  const bar = root.querySelector<HTMLElement>("[role=toolbar]")!;
  const tools = [...bar.querySelectorAll<HTMLButtonElement>("button")];
  const link = root.querySelector<HTMLElement>("[data-rich-link]")!;
  const address = link.querySelector("input")!;
  const show = (): void => {
    for (const tool of tools) {
      if (tool.hasAttribute("aria-pressed")) tool.setAttribute("aria-pressed", String(editing.isOn(tool.dataset.act as Act)));
    }
  };
  const settle = (isKept: boolean): void => {
    link.hidden = true;
    if (isKept) editing.link(address.value.trim());
    else editing.focus();
  };
  bar.addEventListener("mousedown", (event) => event.preventDefault());
  bar.addEventListener("click", (event) => {
    const act = (event.target as Element).closest<HTMLElement>("[data-act]")?.dataset.act;
    if (act === "link") {
      address.value = editing.address;
      link.hidden = false;
      address.focus();
    } else if (act) editing.do(act as Act);
    show();
  });
  bar.addEventListener("keydown", (event) => {
    const at = tools.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (event.key === "Escape") editing.focus();
    if (to === undefined || at < 0) return;
    event.preventDefault();
    const next = tools[(to + tools.length) % tools.length]!;
    for (const tool of tools) tool.tabIndex = tool === next ? 0 : -1;
    next.focus();
  });
  address.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    settle(event.key === "Enter");
  });
  // The address belongs to no field of the record: the form is not to hear of it.
  for (const kind of ["input", "change"]) address.addEventListener(kind, (event) => event.stopPropagation());
  link.querySelector("button")?.addEventListener("click", () => settle(true));
  return show;
}

async function begin(root: HTMLElement): Promise<void> {
  const template = root.querySelector<HTMLTemplateElement>("[data-rich-parts]");
  if (!template) return;
  const module = (await import(root.dataset.editor ?? "")) as Module;
  const area = areaOf(root);
  root.append(template.content.cloneNode(true));
  const place = root.querySelector<HTMLElement>("[data-rich-place]")!;
  let show: () => void = () => undefined;
  // The editor also speaks of what it has put in order by itself: nobody has typed that.
  const heard = (): void => {
    if (editing.html === known) return;
    area.value = known = editing.html;
    isTyped = true;
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const editing = new module.Editing(place, htmlOf(area.value), heard, () => show());
  let known = editing.html;
  let isTyped = false;
  shown.set(root, (text) => {
    editing.html = htmlOf(text);
    known = editing.html;
  });
  show = startToolbar(root, editing);
  place.id = area.id;
  area.removeAttribute("id");
  area.hidden = true;
  place.setAttribute("contenteditable", String(!area.readOnly));
  // What the browser says of the place itself has not yet been written into the text area.
  place.addEventListener("input", (event) => event.stopPropagation());
  place.addEventListener("blur", () => {
    if (isTyped) area.dispatchEvent(new Event("change", { bubbles: true }));
    isTyped = false;
  });
  place.addEventListener("keydown", (event) => {
    if (event.key !== "F10" || !event.altKey) return;
    event.preventDefault();
    root.querySelector<HTMLElement>("[role=toolbar] [tabindex='0']")?.focus();
  });
}

export const control: Control = {
  name: "richtext",
  start(root) {
    // Without the editor the text area remains.
    begin(root).catch(() => undefined);
  },
  text: (root) => areaOf(root).value,
  fill(root, text) {
    if (root.contains(document.activeElement)) return;
    areaOf(root).value = text;
    shown.get(root)?.(text);
  },
  take(root, text) {
    control.fill(root, text, "");
  },
  focusable: (root) => (areaOf(root).readOnly ? null : root.querySelector<HTMLElement>("[data-rich-place]") ?? areaOf(root)),
  lock(root, isLocked) {
    areaOf(root).readOnly = isLocked;
    root.classList.toggle("is-locked", isLocked);
    root.querySelector("[data-rich-place]")?.setAttribute("contenteditable", String(!isLocked));
  },
};
