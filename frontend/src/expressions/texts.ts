// Texts: what `text(…)`, `concat(…)` and templates write, and functions on characters. Characters are
// code points, so a rare character or an emoji counts once.

import { Day, formatted, Instant, TimeOfDay } from "./values/dates";
import { Decimal } from "./values/decimals";
import { AskServer, Refused } from "./failures";
import type { Page } from "./records";
import type { Kind, Tree } from "./trees";
import { kindOf, scaleOf } from "./trees";
import { Span } from "./values/spans";
import { isReference, type Value } from "./values/values";

const ADDRESS_PARTS = ["province", "city", "district", "street"];
const MAX_CHARACTERS = 1_000_000;
const [DAY_FORMAT, INSTANT_FORMAT] = ["%Y-%m-%d", "%Y-%m-%d %H:%M"];

export function length(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

export function lower(text: string): string {
  return text.replace(/[A-Z]+/g, (found) => found.toLowerCase());
}

export function upper(text: string): string {
  return text.replace(/[a-z]+/g, (found) => found.toUpperCase());
}

export function trimmed(text: string): string | null {
  return text.replace(/^ +/, "").replace(/ +$/, "") || null;
}

// The texts in one; none is longer than a million characters, and nothing is empty.
export function joined(parts: string[]): string | null {
  const size = parts.reduce((total, part) => total + part.length, 0);
  // Half as many characters as units are certain, so only a text near the bound is counted.
  if (size > MAX_CHARACTERS && parts.reduce((total, part) => total + length(part), 0) > MAX_CHARACTERS) {
    throw new Refused("too_long");
  }
  return parts.join("") || null;
}

export function replaced(text: string, old: string | null, by: string | null): string | null {
  if (!old) return text || null;
  const pieces = text.split(old);
  if (length(text) + (pieces.length - 1) * (length(by ?? "") - length(old)) > MAX_CHARACTERS) throw new Refused("too_long");
  return pieces.join(by ?? "") || null;
}

// What programs read: the same for every reader.
export function plain(value: Value, page: Page): string {
  if (value === null) return "";
  if (typeof value === "boolean") return value ? "true" : "false";
  if (typeof value === "string") return value;
  if (value instanceof Decimal) return value.plain();
  if (value instanceof Day) return value.text();
  if (value instanceof Instant) {
    const clock = value.clock(page.zone);
    return `${clock.day.text()} ${clock.time()}`;
  }
  if (value instanceof TimeOfDay) return value.text().slice(0, "08:30:00".length);
  if (value instanceof Span) return value.text();
  throw new AskServer("the page does not know the title of a record");
}

// What people read in a template. Labels and titles are not on the page.
export function printed(tree: Tree, value: Value, pattern: string, page: Page): string {
  const kind = kindOf(tree);
  if (kind.is === "Record" || isReference(value)) throw new AskServer("the page does not know titles");
  if (tree.is === "Get" && kind.is === "Choice") throw new AskServer("the page does not know labels");
  if (value instanceof Decimal && tree.is === "Get") return number(value, kind);
  if (typeof value === "boolean") return page.yesNo[value ? 0 : 1];
  if (value instanceof TimeOfDay) return value.text().slice(0, "08:30".length);
  if (kind.is === "Address" && typeof value === "string") return addressLine(value);
  if (value instanceof Day) return formatted(value, "", pattern || DAY_FORMAT);
  if (value instanceof Instant) {
    const clock = value.clock(page.zone);
    return formatted(clock.day, clock.time(), pattern || INSTANT_FORMAT);
  }
  return plain(value, page);
}

// A part of an address; one that is not there is empty.
export function addressPart(address: Value, name: string): string | null {
  return typeof address === "string" ? address.split("|")[ADDRESS_PARTS.indexOf(name)] || null : null;
}

// An address in one line; a municipality, which is its own city, is named once.
function addressLine(address: string): string {
  const [province, ...rest] = address.split("|");
  return (province === rest[0] ? rest : [province, ...rest]).join("");
}

function number(value: Decimal, kind: Kind): string {
  if (kind.is_ratio) return `${value.times(Decimal.whole(100)).plain()}%`;
  return kind.currency ? value.rounded(scaleOf(kind)).fixed() : value.plain();
}
