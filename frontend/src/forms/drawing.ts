// Shows in the cells of a form what follows from a change, or what the server says. A form may have some
// thousands of cells: only those are touched whose value is another, and while many are, keys come first.

import { fillCell, lockCell, markRequired, showProblem } from "../controls/cells";
import { setText } from "../controls/texts";
import type { Json } from "../expressions";
import type { Followed } from "./live";

const SLICE_MS = 6;

interface DraftValue {
  text: string;
  shown: string;
  value: Json;
}

interface DraftState {
  visible: boolean;
  required: boolean;
  readonly: boolean;
}

export interface DraftAnswer {
  values: Record<string, DraftValue>;
  states: Record<string, DraftState>;
  problems: Record<string, string>;
}

function settle(cell: HTMLElement, state: Partial<DraftState>): void {
  if (state.visible !== undefined && cell.hidden === state.visible) cell.hidden = !state.visible;
  if (state.required !== undefined) markRequired(cell, state.required);
  if (state.readonly !== undefined) lockCell(cell, state.readonly);
}

function keysFirst(): Promise<void> {
  return new Promise((resolve) => {
    if ("requestIdleCallback" in window) window.requestIdleCallback(() => resolve(), { timeout: 120 });
    else setTimeout(resolve, 12);
  });
}

export class Drawing {
  private cells = new Map<string, HTMLElement>();
  private mirrors = new Map<string, HTMLElement[]>();
  private isStale = true;
  /** What the server said of a name the last time, where nothing else was shown there since. */
  private readonly told = new Map<string, string>();

  constructor(
    private readonly form: HTMLFormElement,
    private readonly isTouched: (name: string) => boolean,
  ) {
    form.addEventListener("orderkit:rows", () => {
      this.isStale = true;
    });
  }

  /** Returns the cell of a name of the page. */
  cell(name: string): HTMLElement | undefined {
    if (this.isStale || this.cells.get(name)?.isConnected === false) this.look();
    return this.cells.get(name);
  }

  // Looking through a form of many rows at every keystroke would be felt.
  private look(): void {
    this.isStale = false;
    this.cells = new Map();
    this.mirrors = new Map();
    for (const cell of this.form.querySelectorAll<HTMLElement>("[data-field]")) this.cells.set(cell.dataset.field ?? "", cell);
    for (const output of this.form.querySelectorAll<HTMLElement>("[data-mirrors]")) {
      const name = output.dataset.mirrors ?? "";
      this.mirrors.set(name, [...(this.mirrors.get(name) ?? []), output]);
    }
  }

  private mirror(name: string, shown: string): void {
    for (const output of this.mirrors.get(name) ?? []) setText(output, shown);
  }

  show(followed: Followed): void {
    for (const [name, value] of followed.values) {
      const cell = this.cell(name);
      this.told.delete(name);
      if (cell && !this.isTouched(name)) fillCell(cell, value.text, value.shown);
      this.mirror(name, value.shown);
    }
    for (const [name, state] of followed.states) {
      const cell = this.cell(name);
      this.told.delete(`${name} `);
      if (cell) settle(cell, state);
    }
  }

  /** Shows what the server said, until `isOver`: somebody has typed on. `hear` is told every value. */
  async draw(answer: DraftAnswer, isOver: () => boolean, hear: (name: string, value: Json) => void): Promise<void> {
    let end = performance.now() + SLICE_MS;
    const mayGoOn = async (): Promise<boolean> => {
      if (performance.now() < end) return true;
      await keysFirst();
      end = performance.now() + SLICE_MS;
      return !isOver();
    };
    for (const [name, value] of Object.entries(answer.values)) {
      const said = `${value.text}\n${value.shown}`;
      if (this.told.get(name) !== said) {
        if (!(await mayGoOn())) return;
        const cell = this.cell(name);
        // What the person has typed stays as typed; the server's rounding shows after saving.
        if (cell && !this.isTouched(name)) fillCell(cell, value.text, value.shown);
        this.mirror(name, value.shown);
        if (!cell?.contains(document.activeElement)) this.told.set(name, said);
      }
      hear(name, value.value);
    }
    for (const [name, state] of Object.entries(answer.states)) {
      const said = `${state.visible} ${state.required} ${state.readonly}`;
      if (this.told.get(`${name} `) === said) continue;
      if (!(await mayGoOn())) return;
      const cell = this.cell(name);
      if (cell) settle(cell, state);
      this.told.set(`${name} `, said);
    }
  }

  /** Shows what is wrong where somebody has been, and takes back what no longer is. */
  complain(problems: Record<string, string>, isMeant: (name: string) => boolean): void {
    const names = new Set(Object.keys(problems));
    for (const place of this.form.querySelectorAll(".field-problem:not(:empty)")) {
      names.add(place.closest<HTMLElement>("[data-field]")?.dataset.field ?? "");
    }
    for (const name of names) {
      const cell = this.cell(name);
      const problem = problems[name] ?? "";
      // What an upload or a pasted text was refused for is not the draft's to take back: it knows nothing of it.
      const isOthers = cell?.dataset.uploadRefused !== undefined || cell?.dataset.textRefused !== undefined;
      if (cell && isMeant(name) && (problem || !isOthers)) showProblem(cell, problem);
    }
  }
}
