// Data from outside: JSON read without losing a digit, its members, and its values read as the type that
// their place takes. What cannot be read is refused, as on the server.

import { AskServer, Refused } from "../failures";
import type { Json } from "../trees";
import { Day, Instant } from "./dates";
import { Decimal } from "./decimals";

const TOKEN = /"((?:[^"\\]|\\.)*)"|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/g;
const BLANKS = /^[ \t\r\n\u3000]+|[ \t\r\n\u3000]+$/g;
const [TEXT, NUMBER] = ["s", "n"];
const TRUTHS: ReadonlyMap<string, boolean> = new Map([["true", true], ["1", true], ["false", false], ["0", false]]);

export class Data {
  // Texts and keys stand behind an `s`, numbers behind an `n` with all their digits.
  private constructor(private readonly marked: Json) {}

  static read(text: string): Data | null {
    const marked = text.replace(TOKEN, (token: string, inside?: string) =>
      inside === undefined ? `"${NUMBER}${token}"` : `"${TEXT}${inside}"`,
    );
    try {
      return Data.filled(JSON.parse(marked) as Json);
    } catch {
      throw new AskServer("the page holds something unreadable");
    }
  }

  // An empty text and null are the same.
  private static filled(marked: Json | undefined): Data | null {
    return marked === undefined || marked === null || marked === TEXT ? null : new Data(marked);
  }

  // A value of an object by its key, of a list by its place.
  member(name: string): Data | null {
    const held = this.marked;
    if (Array.isArray(held)) return /^[0-9]{1,9}$/.test(name) ? Data.filled(held[Number(name)]) : null;
    if (typeof held !== "object" || held === null || !Object.hasOwn(held, TEXT + name)) return null;
    return Data.filled(held[TEXT + name]);
  }

  get hasItems(): boolean {
    return Array.isArray(this.marked) && this.marked.length > 0;
  }

  // Whether some value of a list is the wanted one; what is no list holds nothing.
  holds(isWanted: (value: string | Decimal | boolean) => boolean): boolean | null {
    if (!Array.isArray(this.marked)) return false;
    const items = this.marked.map((each) => Data.filled(each));
    const scalars = items.map((each) => each?.scalar() ?? null);
    if (scalars.some((each) => each !== null && isWanted(each))) return true;
    return items.includes(null) ? null : false;
  }

  // A text, a number or a truth; null where there is a list or an object.
  scalar(): string | Decimal | boolean | null {
    const held = this.marked;
    if (typeof held === "boolean") return held;
    if (typeof held !== "string") return null;
    return held.startsWith(TEXT) ? held.slice(1) : Decimal.ofJson(held.slice(1));
  }

  text(): string {
    const held = this.scalar();
    if (held === null) throw new Refused("unreadable");
    return held instanceof Decimal ? held.plain() : String(held);
  }

  number(scale: number): Decimal {
    const held = this.scalar();
    const found = typeof held === "string" ? Decimal.read(held.replaceAll(",", "")) : held;
    if (!(found instanceof Decimal)) throw new Refused("unreadable");
    return found.rounded(scale).bounded(scale);
  }

  truth(): boolean {
    const held = this.scalar();
    const found = typeof held === "boolean" ? held : TRUTHS.get(trimmed(this.text()).toLowerCase());
    if (found === undefined) throw new Refused("unreadable");
    return found;
  }

  day(zone: string): Day {
    const text = trimmed(this.text());
    return text.length > "2026-03-01".length ? instantOf(text, zone).clock(zone).day : dayOf(text);
  }

  instant(zone: string): Instant {
    return instantOf(trimmed(this.text()), zone);
  }

  // The JSON again.
  json(): string {
    return written(this.marked);
  }
}

export function dayOf(text: string): Day {
  return readable(Day.read(text));
}

export function instantOf(text: string, zone: string): Instant {
  // A text gives whole seconds; what the page holds may have more.
  return readable(text.includes(".") ? null : Instant.read(text, zone));
}

export function readable<Found>(found: Found | null): Found {
  if (found === null) throw new Refused("unreadable");
  return found;
}

function trimmed(text: string): string {
  return text.replace(BLANKS, "");
}

function written(marked: Json): string {
  if (typeof marked === "string") return marked.startsWith(TEXT) ? JSON.stringify(marked.slice(1)) : marked.slice(1);
  if (Array.isArray(marked)) return `[${marked.map(written).join(",")}]`;
  if (typeof marked !== "object" || marked === null) return String(marked);
  return `{${Object.entries(marked).map(([key, value]) => `${JSON.stringify(key.slice(1))}:${written(value)}`).join(",")}}`;
}
