// The values of expressions, how they are compared, and how JSON brings them in and takes them out.

import { Day, Instant, TimeOfDay } from "./dates";
import { Decimal } from "./decimals";
import { AskServer } from "./failures";
import type { Row } from "./records";
import type { Json, Kind } from "./trees";

// A reference to a record, by form and id; `Row` is a record itself. Lists come from `[…]` only.
export interface Reference {
  readonly form: string;
  readonly id: number;
}

export type Scalar = null | boolean | string | Decimal | Day | Instant | TimeOfDay;
export type Value = Scalar | Reference | Row | Value[];

export function isEmpty(value: Value): value is null | "" {
  return value === null || value === "";
}

export function isReference(value: Value): value is Reference | Row {
  return typeof value === "object" && value !== null && "form" in value;
}

// Negative, zero or positive, as with `sort`. Only numbers, days and instants have an order.
export function compared(left: Value, right: Value): number {
  if (left instanceof Decimal && right instanceof Decimal) return left.compare(right);
  if (left instanceof Day && right instanceof Day) return left.count - right.count;
  if (left instanceof Instant && right instanceof Instant) {
    return left.micros < right.micros ? -1 : left.micros > right.micros ? 1 : 0;
  }
  if (left instanceof TimeOfDay && right instanceof TimeOfDay) return left.micros - right.micros;
  throw new AskServer("these values have no order");
}

export function isEqual(left: Value, right: Value): boolean {
  if (isReference(left) && isReference(right)) return left.id === right.id;
  if (typeof left === "object" && typeof right === "object" && left && right) return compared(left, right) === 0;
  return left === right;
}

// The types that the browser calculates with; the server has more.
export const KINDS: ReadonlySet<string> = new Set(
  "Nothing Text Choice Number Boolean Date DateTime Time Record".split(" "),
);

// A value of the page or of a literal, read by its type. Numbers come as text, lest digits be lost.
export function decoded(value: Json | undefined, kind: Kind, zone: string): Value {
  if (value === undefined) throw new AskServer("the page does not hold this value");
  if (value === null || typeof value === "boolean") return value;
  const plain = typeof value === "object" && !Array.isArray(value) ? value.value : value;
  switch (kind.is) {
    case "Number":
      return known(Decimal.read(String(plain)));
    case "Date":
      return known(Day.read(String(plain)));
    case "DateTime":
      return known(Instant.read(String(plain), zone));
    case "Time":
      return known(TimeOfDay.read(String(plain)));
    case "Record":
      return { form: kind.form ?? "", id: Number(plain) };
    case "Text":
    case "Choice":
      return String(plain);
    default:
      throw new AskServer(`the browser does not calculate with ${kind.is}`);
  }
}

function known<Found>(value: Found | null): Found {
  if (value === null) throw new AskServer("the page holds something unreadable");
  return value;
}

export function encoded(value: Value): Json {
  if (value instanceof Decimal) return { is: "Decimal", value: value.fixed() };
  if (value instanceof Day) return { is: "date", value: value.text() };
  if (value instanceof Instant) return { is: "datetime", value: value.text() };
  if (value instanceof TimeOfDay) return { is: "time", value: value.text() };
  if (Array.isArray(value)) return value.map(encoded);
  if (isReference(value)) return { is: "record", value: value.id };
  return value;
}
