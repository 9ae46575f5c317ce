// The values of expressions, how they are compared, and how JSON brings them in and takes them out.

import { Day, Instant, TimeOfDay } from "./dates";
import { Decimal } from "./decimals";
import { Data } from "./outside";
import { Span } from "./spans";
import { AskServer } from "../failures";
import type { Row } from "../records";
import type { Json, Kind } from "../trees";

// A reference to a record, by form and id; `Row` is a record itself. Lists come from `[…]` and from fields
// with several values, of which none is an empty list.
export interface Reference {
  readonly form: string;
  readonly id: number;
}

export type Scalar = null | boolean | string | Decimal | Day | Instant | TimeOfDay | Span;
export type Value = Scalar | Data | Reference | Row | Value[];

export function isEmpty(value: Value): value is null | "" {
  return value === null || value === "";
}

export function isReference(value: Value): value is Reference | Row {
  return typeof value === "object" && value !== null && "form" in value;
}

// Negative, zero or positive, as with `sort`. Only numbers and what is on clocks and calendars have an order.
export function compared(left: Value, right: Value): number {
  if (left instanceof Decimal && right instanceof Decimal) return left.compare(right);
  if (left instanceof Day && right instanceof Day) return left.count - right.count;
  if (left instanceof Instant && right instanceof Instant) {
    return left.micros < right.micros ? -1 : left.micros > right.micros ? 1 : 0;
  }
  if (left instanceof TimeOfDay && right instanceof TimeOfDay) return left.micros - right.micros;
  if (left instanceof Span && right instanceof Span) return left.seconds - right.seconds;
  throw new AskServer("these values have no order");
}

export function isEqual(left: Value, right: Value): boolean {
  if (isReference(left) && isReference(right)) return left.id === right.id;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((each, place) => isEqual(each, right[place] ?? null));
  }
  if (typeof left === "object" && typeof right === "object" && left && right) return compared(left, right) === 0;
  return left === right;
}

// The types of single values and of several in one field; rows are taken together by aggregates.
export const KINDS: ReadonlySet<string> = new Set(
  "Nothing Text Choice Number Boolean Date DateTime Time Duration Record File Many Address Json".split(" "),
);

// A value of the page or of a literal, read by its type. Numbers come as text, lest digits be lost.
export function decoded(value: Json | undefined, kind: Kind, zone: string): Value {
  if (value === undefined) throw new AskServer("the page does not hold this value");
  if (value === null || typeof value === "boolean") return value;
  const plain = typeof value === "object" && !Array.isArray(value) ? value.value : value;
  switch (kind.is) {
    case "Duration":
      return known(Span.read(plain));
    case "Many":
      return several(plain, kind, zone);
    case "Json":
      return Data.read(String(plain));
    case "File":
      return { form: "", id: Number(plain) };
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
    case "Address":
      return String(plain);
    default:
      throw new AskServer(`the browser does not calculate with ${kind.is}`);
  }
}

function several(items: Json | undefined, kind: Kind, zone: string): Value[] | null {
  if (!Array.isArray(items) || !kind.of) throw new AskServer("the page holds something unreadable");
  const of = kind.of;
  return items.length ? items.map((each) => decoded(each, of, zone)) : null;
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
  if (value instanceof Span) return { is: "timedelta", value: value.seconds };
  if (value instanceof Data) return { is: "json", value: value.json() };
  if (Array.isArray(value)) return value.map(encoded);
  if (isReference(value)) return { is: "record", value: value.id };
  return value;
}
