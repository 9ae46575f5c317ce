// Attachments: sent as soon as they are chosen, dropped, pasted or photographed, each with its own bar.

import { notify } from "../shell/notices";
import { showProblem } from "./cells";
import type { Control } from "./control";
import { changed, fillItems, idsOf, itemsOf, labelOf, listOf, newItem, removeItem, setValue } from "./items";
import { isSending, upload, type Upload } from "./uploads";

const ROOT = '[data-control="file"][data-file]';
const MOST_FILES = 200;
const PICTURE = /\.(png|jpe?g|gif|webp)$/i;

const refusals = new WeakMap<HTMLElement, Map<string, string>>();
const underWay = new WeakMap<HTMLElement, Upload>();

function rootOf(target: EventTarget | null): HTMLElement | null {
  const root = target instanceof Element ? target.closest<HTMLElement>(ROOT) : null;
  return root && !root.classList.contains("is-locked") ? root : null;
}

// Says at the field of each file why it did not come in.
function refuse(root: HTMLElement, name: string, why: string): void {
  const known = refusals.get(root) ?? new Map<string, string>();
  refusals.set(root, known);
  if (why) known.set(name, why);
  const cell = root.closest<HTMLElement>("[data-field]");
  if (!cell) return;
  if (known.size) cell.dataset.uploadRefused = "";
  else delete cell.dataset.uploadRefused;
  showProblem(cell, [...known].map(([each, text]) => `${each}: ${text}`).join("\n"));
}

function forgive(root: HTMLElement): void {
  if (!refusals.get(root)?.size) return;
  refusals.delete(root);
  refuse(root, "", "");
}

function settle(root: HTMLElement): void {
  root.classList.toggle("is-full", root.dataset.many === undefined && (listOf(root)?.childElementCount ?? 0) > 0);
}

// A preview of what lies on this machine, until the page is left.
function preview(item: HTMLElement, address: string, name: string): void {
  const place = item.querySelector<HTMLElement>(".file-shown")!;
  const link = item.querySelector<HTMLAnchorElement>(".file-chip-name")!;
  link.href = address;
  if (!PICTURE.test(name)) {
    delete link.dataset.view;
    return;
  }
  link.dataset.view = name;
  const picture = document.createElement("img");
  picture.alt = "";
  picture.src = address;
  const look = document.createElement("a");
  look.className = "file-look";
  look.href = address;
  look.tabIndex = -1;
  look.ariaHidden = "true";
  look.dataset.view = name;
  look.append(picture);
  place.replaceChildren(look);
}

function show(root: HTMLElement, item: HTMLElement, id: string, name: string, size: string, address: string): void {
  setValue(root, item, id, name);
  item.querySelector("[data-file-size]")!.textContent = size;
  preview(item, address, name);
}

async function send(root: HTMLElement, file: File): Promise<void> {
  const list = listOf(root)!;
  const most = Number(root.dataset.mostBytes ?? Infinity);
  if (file.size > most) return refuse(root, file.name, root.dataset.tooLarge ?? "");
  if (root.dataset.many !== undefined && list.childElementCount >= MOST_FILES) return refuse(root, file.name, root.dataset.full ?? "");
  const item = newItem(root);
  setValue(root, item, "", file.name);
  item.classList.add("is-sending");
  const before = root.dataset.many === undefined ? [...list.children] : [];
  for (const each of before) each.remove();
  list.append(item);
  settle(root);
  const bar = item.querySelector<HTMLProgressElement>("progress")!;
  bar.hidden = false;
  const sending = upload(root, root.dataset.file ?? "", file, (done, whole) => {
    bar.max = whole;
    bar.value = done;
  });
  underWay.set(item, sending);
  const answer = await sending.sent;
  underWay.delete(item);
  bar.hidden = true;
  item.classList.remove("is-sending");
  if ("file" in answer && item.isConnected) {
    const { id, name, size, address, isKept } = answer.file;
    show(root, item, id, name, isKept ? root.dataset.fileKept ?? "" : size, address);
    changed(root);
    return;
  }
  if (!item.isConnected) return;
  // What was there before stays: the new one did not come.
  item.replaceWith(...before);
  settle(root);
  const why = "why" in answer ? answer.why : "";
  if (why) refuse(root, file.name, why);
  else {
    refuse(root, file.name, root.dataset.failed ?? "");
    notify(`${file.name}: ${root.dataset.failed ?? ""}`, false);
  }
}

function sendAll(root: HTMLElement, files: Iterable<File>): void {
  forgive(root);
  const given = [...files];
  for (const file of root.dataset.many === undefined ? given.slice(0, 1) : given) void send(root, file);
}

function remove(root: HTMLElement, item: HTMLElement): void {
  underWay.get(item)?.stop();
  forgive(root);
  removeItem(root, item, root.querySelector<HTMLElement>("input[type=file]"));
  settle(root);
}

export const file: Control = {
  name: "file",
  isOfOneRecord: true,
  start(root) {
    root.classList.add("is-live");
  },
  text: idsOf,
  fill(root, text, shown) {
    if (!root.dataset.file) return;
    fillItems(root, text, shown, (id, label) => {
      const item = newItem(root);
      show(root, item, id, label, "", `/files/${id}`);
      return item;
    });
    settle(root);
  },
  take(root, text) {
    if (text) return false;
    file.fill(root, "", "");
    return true;
  },
  shown: (root) => itemsOf(root).map(labelOf).join(", "),
  focusable: (root) => (root.classList.contains("is-locked") ? null : root.querySelector<HTMLInputElement>("input[type=file]")),
  lock: (root, isLocked) => {
    if (root.dataset.file) root.classList.toggle("is-locked", isLocked);
  },
};

function hasFiles(data: DataTransfer | null): boolean {
  return Boolean(data?.types.includes("Files"));
}

// A file that is dropped beside its field would be opened, and what was typed be gone.
function onDrag(event: DragEvent): void {
  if (!hasFiles(event.dataTransfer)) return;
  const target = event.target as Element;
  const root = rootOf(target);
  const drop = root ?? target.closest<HTMLElement>(".file-drop");
  if (!drop && !document.querySelector("form[data-draft]")) return;
  event.preventDefault();
  const isOver = event.type === "dragenter" || event.type === "dragover";
  for (const other of document.querySelectorAll(".is-over")) if (other !== drop) other.classList.remove("is-over");
  drop?.classList.toggle("is-over", isOver);
  if (event.type !== "drop" || !event.dataTransfer?.files.length) return;
  if (root) return sendAll(root, event.dataTransfer.files);
  const plain = drop?.querySelector<HTMLInputElement>("input[type=file]");
  if (plain && !target.closest('[data-control="file"]')) {
    plain.files = event.dataTransfer.files;
    plain.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function onPaste(event: ClipboardEvent): void {
  const files = event.clipboardData?.files;
  if (!files?.length || event.defaultPrevented) return;
  const all = document.querySelectorAll<HTMLElement>(`form[data-draft] ${ROOT}:not(.is-locked)`);
  const root = rootOf(event.target) ?? (all.length === 1 ? all[0]! : null);
  // A sheet puts a picture of its cells beside their text: the text is meant.
  if (!root || event.clipboardData?.types.includes("text/plain")) return;
  event.preventDefault();
  sendAll(root, files);
}

export function startFiles(): void {
  document.addEventListener("change", (event) => {
    const input = event.target as HTMLInputElement;
    if (input.type !== "file") return;
    const root = rootOf(input);
    if (root) {
      sendAll(root, input.files ?? []);
      input.value = "";
      return;
    }
    // A plain upload form shows what was chosen.
    const shown = input.closest(".file-drop")?.querySelector("[data-file-chosen]");
    if (shown && input.files?.[0]) shown.textContent = input.files[0].name;
  });
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest("[data-item-remove]");
    const root = button && rootOf(button);
    const item = button?.closest<HTMLElement>("[data-item]");
    if (root && item) remove(root, item);
  });
  for (const kind of ["dragenter", "dragover", "dragleave", "drop"] as const) document.addEventListener(kind, onDrag);
  document.addEventListener("paste", onPaste);
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target as HTMLFormElement;
      const waiting = isSending() && form.querySelector<HTMLElement>(`${ROOT}:has(.is-sending)`);
      if (!waiting) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      notify(waiting.dataset.waits ?? "", false);
    },
    { capture: true },
  );
}
