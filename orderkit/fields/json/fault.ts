// Where JSON text stops being JSON. The browsers' own messages tell it in as many ways as there are browsers,
// and none of them finds a key that stands twice.

export interface Fault {
  line: number;
  column: number;
  isDouble: boolean;
}

const BLANK = /[ \t\r\n]*/y;
const TEXT = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;

class Found extends Error {
  constructor(
    readonly at: number,
    readonly isDouble = false,
  ) {
    super();
  }
}

class Reading {
  private at = 0;

  constructor(private readonly text: string) {}

  whole(): void {
    this.value();
    this.taken(BLANK);
    if (this.at < this.text.length) throw new Found(this.at);
  }

  private taken(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at += found[0].length;
    return found?.[0];
  }

  private sign(sign: string): boolean {
    this.taken(BLANK);
    if (this.text[this.at] !== sign) return false;
    this.at += 1;
    return true;
  }

  private value(): void {
    if (this.sign("{")) return this.members();
    if (this.sign("[")) {
      if (this.sign("]")) return;
      do this.value();
      while (this.sign(","));
      if (!this.sign("]")) throw new Found(this.at);
      return;
    }
    if (this.taken(TEXT) === undefined && this.taken(NUMBER) === undefined && this.taken(WORD) === undefined) throw new Found(this.at);
  }

  private members(): void {
    const keys = new Set<string>();
    if (this.sign("}")) return;
    do {
      this.taken(BLANK);
      const start = this.at;
      const text = this.taken(TEXT);
      if (text === undefined) throw new Found(this.at);
      const key = JSON.parse(text) as string;
      if (keys.has(key)) throw new Found(start, true);
      keys.add(key);
      if (!this.sign(":")) throw new Found(this.at);
      this.value();
    } while (this.sign(","));
    if (!this.sign("}")) throw new Found(this.at);
  }
}

/** Returns the first place that is wrong; null where the text is JSON, or blank. */
export function faultIn(text: string): Fault | null {
  if (!text.trim()) return null;
  try {
    new Reading(text).whole();
    return null;
  } catch (fault) {
    if (!(fault instanceof Found)) return null;
    const before = text.slice(0, fault.at).split("\n");
    return { line: before.length, column: before.at(-1)!.length + 1, isDouble: fault.isDouble };
  }
}
