// Attachments: sent as soon as they are chosen, with a bar; the form then carries only their id.

import { askForDraft } from "../forms/draft";
import { showProblem } from "./cells";
import type { Control } from "./control";
import { notify } from "../shell/notices";
import { csrfToken } from "../shell/pages";

interface Uploaded {
  id: number;
  name: string;
  size: string;
}

function send(field: HTMLElement, file: File): void {
  const cell = field.closest<HTMLElement>("[data-field]");
  const bar = field.querySelector<HTMLProgressElement>("progress");
  const request = new XMLHttpRequest();
  const body = new FormData();
  body.append("file", file);
  request.open("POST", field.dataset.file ?? "");
  request.setRequestHeader("X-CSRF-Token", csrfToken());
  request.setRequestHeader("Accept", "application/json");
  if (bar) {
    bar.hidden = false;
    bar.value = 0;
    request.upload.addEventListener("progress", (event) => {
      bar.max = event.total;
      bar.value = event.loaded;
    });
  }
  request.addEventListener("loadend", () => {
    if (bar) bar.hidden = true;
    let answer: Partial<Uploaded> & { detail?: string } = {};
    try {
      answer = JSON.parse(request.responseText) as typeof answer;
    } catch {
      // A connection that broke off leaves no answer; the notice below says so.
    }
    if (request.status === 200 && answer.id !== undefined) {
      show(field, answer as Uploaded);
      if (cell) refused(cell, "");
      askForDraft(0);
    } else if (cell && answer.detail) refused(cell, answer.detail);
    else notify(field.dataset.failed ?? "", false);
  });
  request.send(body);
}

function refused(cell: HTMLElement, why: string): void {
  if (why) cell.dataset.uploadRefused = "";
  else delete cell.dataset.uploadRefused;
  showProblem(cell, why);
}

function show(field: HTMLElement, file: Uploaded | null): void {
  field.querySelector<HTMLInputElement>("[data-file-value]")!.value = file ? String(file.id) : "";
  const chip = field.querySelector<HTMLElement>(".file-chip")!;
  chip.hidden = file === null;
  field.querySelector<HTMLElement>(".file-drop")!.hidden = file !== null;
  const name = chip.querySelector<HTMLAnchorElement>(".file-chip-name");
  if (name && file) {
    name.textContent = file.name;
    name.href = `/files/${file.id}`;
  }
  const size = chip.querySelector("[data-file-size]");
  if (size) size.textContent = file?.size ?? "";
}

export const file: Control = {
  name: "file",
  text: (root) => root.querySelector<HTMLInputElement>("[data-file-value]")?.value ?? "",
  // A file comes by being sent, never by being typed, copied or computed.
  fill() {},
  take() {},
  focusable: (root) => root.querySelector<HTMLInputElement>("input[type=file]"),
  lock() {},
};

export function startFiles(): void {
  document.addEventListener("change", (event) => {
    const input = event.target as HTMLInputElement;
    const field = input.closest<HTMLElement>("[data-file]");
    if (!field || input.type !== "file") return;
    const file = input.files?.[0];
    if (file) send(field, file);
    input.value = "";
  });
  document.addEventListener("click", (event) => {
    const field = (event.target as Element).closest("[data-file-remove]")?.closest<HTMLElement>("[data-file]");
    if (!field) return;
    show(field, null);
    const cell = field.closest<HTMLElement>("[data-field]");
    if (cell) refused(cell, "");
    askForDraft(0);
  });
  const dropOf = (event: Event): HTMLElement | null => (event.target as Element).closest<HTMLElement>(".file-drop");
  for (const kind of ["dragenter", "dragover", "dragleave", "drop"] as const) {
    document.addEventListener(kind, (event) => {
      const drop = dropOf(event);
      if (!drop) return;
      event.preventDefault();
      drop.classList.toggle("is-over", kind === "dragenter" || kind === "dragover");
      const field = drop.closest<HTMLElement>("[data-file]");
      const file = event.dataTransfer?.files[0];
      if (kind === "drop" && file && field) send(field, file);
      const plain = drop.querySelector<HTMLInputElement>("input[type=file]");
      if (kind === "drop" && file && !field && plain && event.dataTransfer) {
        plain.files = event.dataTransfer.files;
        plain.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
  }
  // A plain upload form shows what was chosen.
  document.addEventListener("change", (event) => {
    const input = event.target as HTMLInputElement;
    const shown = input.type === "file" ? input.closest(".file-drop")?.querySelector("[data-file-chosen]") : null;
    if (shown && input.files?.[0]) shown.textContent = input.files[0].name;
  });
}
