// Reads what is typed as the field types of the server read it, as far as a page needs it at once. What is
// not plain (`¥1,200`, a day in words) is `undefined`: then the server says what it means.

import type { Json } from "../expressions";
import { Day } from "../expressions/values/dates";
import { Decimal } from "../expressions/values/decimals";
import { readParts } from "../controls/regions";
import { secondsOf } from "../controls/spans";

export type Reader = (text: string, scale: number) => Json | undefined;

const NUMERAL = /^[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$/;
const MOST_DIGITS = 18;
const DEGREES = String.raw`-?(?:0|[1-9]\d?)(?:\.\d{0,5}[1-9])?`;
const PLACE = new RegExp(`^${DEGREES},${DEGREES}$`);
// Beyond ASCII the server folds what looks alike; characters that no database holds it refuses.
const ASCII = /^[\x20-\x7e]*$/;
// eslint-disable-next-line no-control-regex
const UNKEPT = /[\u0000-\u0008\u000b-\u001f\ud800-\udfff]/;

function number(text: string, scale: number, shift = 0): Json | undefined {
  const plain = text.trim();
  if (!plain) return null;
  if (!NUMERAL.test(plain)) return undefined;
  const read = Decimal.read(plain.replaceAll(",", "").replace(/^\+/, ""));
  return read ? fitted(new Decimal(read.units, read.scale + shift), scale) : undefined;
}

/** Rounds to the places that a field keeps; undefined where it has no room for the number. */
export function fitted(value: Decimal, scale: number): string | undefined {
  const rounded = value.rounded(scale);
  const digits = rounded.absolute().units.toString();
  return digits.length <= MOST_DIGITS ? rounded.fixed() : undefined;
}

function line(text: string): Json | undefined {
  const plain = text.trim();
  return /[\r\n\t]/.test(plain) || UNKEPT.test(plain) ? undefined : plain || null;
}

const READERS: { [name: string]: Reader } = {
  line,
  text(text) {
    const plain = text.trim().replace(/\r\n?/g, "\n");
    return UNKEPT.test(plain) ? undefined : plain || null;
  },
  choice: (text) => text.trim() || null,
  boolean: (text) => (text === "true" ? true : text === "false" ? false : undefined),
  date(text) {
    if (!text) return null;
    return /^\d{4}-\d\d-\d\d$/.test(text) && Day.read(text) ? text : undefined;
  },
  number,
  whole(text) {
    const found = number(text, 0);
    return typeof found === "string" && /[.]/.test(text) ? undefined : found;
  },
  percent: (text, scale) => (ASCII.test(text) ? number(text.replace(/%\s*$/, ""), scale, 2) : undefined),
  span(text) {
    if (!text.trim()) return null;
    return secondsOf(text)?.toString();
  },
  address(text) {
    const read = line(text);
    if (typeof read !== "string") return read;
    const { province, city, district, street } = readParts(read);
    const kept = [province, city, district, street].join("|");
    return read.includes("|") || kept.length > 300 ? undefined : kept;
  },
  color(text) {
    const plain = text.trim();
    return /^#[0-9a-f]{6}$/.test(plain) ? plain : plain ? undefined : null;
  },
  // As the server writes it; of any other way of typing a place it is asked.
  place(text) {
    const plain = text.trim();
    return PLACE.test(plain) ? plain : plain ? undefined : null;
  },
  references(text) {
    const ids = text.split(",").map((each) => each.trim()).filter(Boolean);
    if (!ids.every((each) => /^[1-9]\d{0,14}$/.test(each)) || ids.length > 200) return undefined;
    return ids.length ? [...new Set(ids)] : null;
  },
  reference(text) {
    if (!text) return null;
    return /^[1-9]\d{0,14}$/.test(text) ? text : undefined;
  },
};

export function readTyped(reader: string, text: string, scale: number): Json | undefined {
  return Object.hasOwn(READERS, reader) ? READERS[reader]!(text, scale) : undefined;
}
