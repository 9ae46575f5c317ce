// A signature by finger, mouse or pen on a sheet of its own; whoever cannot draw types the name instead. What
// was drawn is sent as a picture, and stays on the sheet until it has arrived.

import type { Control } from "orderkit/controls/control";
import { changed } from "orderkit/controls/items";
import { upload } from "orderkit/controls/uploads";
import { inkOf, type Ink, paint, picture } from "./ink";

const inks = new WeakMap<HTMLElement, Ink>();

function hiddenOf(root: HTMLElement): HTMLInputElement | null {
  return root.querySelector<HTMLInputElement>("[data-signature-value]");
}

function show(root: HTMLElement, id: string, name: string, address = `/files/${id}`): void {
  const hidden = hiddenOf(root);
  if (!hidden) return;
  hidden.value = id;
  root.classList.toggle("is-signed", id !== "");
  const link = root.querySelector<HTMLAnchorElement>(".signature-shown")!;
  const image = link.querySelector("img")!;
  if (id) {
    link.href = image.src = address;
    link.dataset.view = image.alt = name;
  } else image.removeAttribute("src");
}

class Sheet {
  private readonly dialog: HTMLDialogElement;
  private readonly canvas: HTMLCanvasElement;
  private readonly typed: HTMLInputElement;
  private readonly ink: Ink;

  constructor(private readonly root: HTMLElement) {
    const template = root.querySelector<HTMLTemplateElement>("[data-signature-pad]")!;
    this.dialog = template.content.firstElementChild!.cloneNode(true) as HTMLDialogElement;
    this.canvas = this.part("[data-signature-canvas]");
    this.typed = this.part("[data-signature-typed]");
    this.ink = inks.get(root) ?? inkOf();
    inks.set(root, this.ink);
    this.typed.value = this.ink.typed;
    // Outside the form: what is typed here is no field of the record.
    document.body.append(this.dialog);
    this.listen();
    this.dialog.showModal();
    this.draw();
  }

  private part<Part extends Element>(selector: string): Part {
    return this.dialog.querySelector<Part>(selector)!;
  }

  private listen(): void {
    const press = (name: string, act: () => void): void => this.part(`[data-signature-${name}]`).addEventListener("click", act);
    press("undo", () => this.undo());
    press("clear", () => this.clear());
    press("done", () => void this.finish());
    this.typed.addEventListener("input", () => {
      this.ink.typed = this.typed.value.trim();
      this.draw();
    });
    this.typed.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing) void this.finish();
    });
    this.canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      this.canvas.setPointerCapture(event.pointerId);
      this.ink.typed = this.typed.value = "";
      this.ink.strokes.push([this.pointOf(event)]);
      this.draw();
    });
    this.canvas.addEventListener("pointermove", (event) => {
      if (!this.canvas.hasPointerCapture(event.pointerId)) return;
      const moves = event.getCoalescedEvents?.() ?? [];
      this.ink.strokes.at(-1)?.push(...(moves.length ? moves : [event]).map((each) => this.pointOf(each)));
      this.draw();
    });
    const redraw = (): void => this.draw();
    window.addEventListener("resize", redraw);
    this.dialog.addEventListener("close", () => {
      window.removeEventListener("resize", redraw);
      this.dialog.remove();
      this.root.querySelector<HTMLElement>("[data-signature-open]")?.focus();
    });
  }

  private pointOf(event: PointerEvent): [number, number] {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  private undo(): void {
    if (this.ink.typed) this.ink.typed = this.typed.value = "";
    else this.ink.strokes.pop();
    this.draw();
  }

  private clear(): void {
    this.ink.strokes.length = 0;
    this.ink.typed = this.typed.value = "";
    this.draw();
  }

  private get isEmpty(): boolean {
    return !this.ink.typed && !this.ink.strokes.length;
  }

  private draw(): void {
    paint(this.canvas, this.ink);
    this.part<HTMLElement>("[data-signature-hint]").hidden = !this.isEmpty;
    this.part<HTMLButtonElement>("[data-signature-done]").disabled = this.isEmpty;
  }

  private async finish(): Promise<void> {
    if (this.isEmpty) return;
    const done = this.part<HTMLButtonElement>("[data-signature-done]");
    done.disabled = true;
    const format = this.root.dataset.format ?? "png";
    const drawn = await picture(this.ink, `image/${format}`);
    const file = new File([drawn], `${this.root.dataset.fileName}.${format}`, { type: `image/${format}` });
    const answer = await upload(this.root, this.root.dataset.upload ?? "", file, () => undefined).sent;
    if ("why" in answer) {
      this.part("[data-signature-problem]").textContent = answer.why || (this.root.dataset.failed ?? "");
      done.disabled = false;
      return;
    }
    inks.delete(this.root);
    show(this.root, answer.file.id, answer.file.name, answer.file.address);
    changed(this.root);
    this.dialog.close();
  }
}

export const control: Control = {
  name: "signature",
  isOfOneRecord: true,
  start(root) {
    root.querySelector("[data-signature-open]")?.addEventListener("click", () => new Sheet(root));
    root.querySelector("[data-signature-remove]")?.addEventListener("click", () => {
      show(root, "", "");
      root.querySelector<HTMLElement>("[data-signature-open]")?.focus();
      changed(root);
    });
  },
  text: (root) => hiddenOf(root)?.value ?? "",
  fill: (root, text, shown) => show(root, text, shown),
  take(root, text) {
    if (text) return false;
    show(root, "", "");
    return true;
  },
  shown: (root) => (hiddenOf(root)?.value ? root.querySelector("img")?.alt ?? "" : ""),
  focusable: (root) => (root.classList.contains("is-locked") ? null : root.querySelector<HTMLElement>("[data-signature-open]")),
  lock: (root, isLocked) => {
    if (hiddenOf(root)) root.classList.toggle("is-locked", isLocked);
  },
};
