// Reads what is typed as the field types of the server read it, as far as a page needs it at once. What is
// not plain (`¥1,200`, a day in words) is `undefined`: then the server says what it means.

import type { Json } from "../expressions";
import { Day } from "../expressions/values/dates";
import { Decimal } from "../expressions/values/decimals";

export type Reader = (text: string, scale: number) => Json | undefined;

const NUMERAL = /^[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$/;
const MOST_DIGITS = 18;
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
  reference(text) {
    if (!text) return null;
    return /^[1-9]\d{0,14}$/.test(text) ? text : undefined;
  },
};

export function readTyped(reader: string, text: string, scale: number): Json | undefined {
  return Object.hasOwn(READERS, reader) ? READERS[reader]!(text, scale) : undefined;
}
