// What a control is: the part of a page in which one value is entered. Plain inputs need none of this;
// a field type whose input is more than that has a `control.ts` beside its class, found by its name.

/** Whether a text was understood; nothing said is a yes. */
export type Taken = void | boolean;

export interface Control {
  /** What stands in `data-control` of the element that is its root. */
  readonly name: string;
  /** Whether its value belongs to one record, as a file does: it is not copied from row to row. */
  readonly isOfOneRecord?: boolean;
  /** Called once for every root, as soon as it is on the page: at first, after a swap, in a new row. */
  start?(root: HTMLElement): void;
  /** Returns the text that would be sent. */
  text(root: HTMLElement): string;
  /** Shows a value that nobody typed: `text` as it is sent, `shown` as people read it. */
  fill(root: HTMLElement, text: string, shown: string): void;
  /** Takes a text that somebody pasted; resolves when it is known what it means. */
  take(root: HTMLElement, text: string): Taken | Promise<Taken>;
  /** Takes many at once, for a control that asks the server what they mean: it then asks once. */
  takeAll?(pairs: [HTMLElement, string][]): Promise<Taken[]>;
  /** Returns the value as people read it, where that is not what stands in its input. */
  shown?(root: HTMLElement): string;
  /** Returns what the keyboard goes to. */
  focusable(root: HTMLElement): HTMLElement | null;
  lock(root: HTMLElement, isLocked: boolean): void;
}
