// The functions of the language, one entry each. An operation on an empty value is empty; `coalesce`,
// `concat` and `replace` are the exceptions.

import { greatest, least } from "./aggregates";
import { Day, Instant } from "./values/dates";
import { Decimal } from "./values/decimals";
import { AskServer } from "./failures";
import type { Page } from "./records";
import { rmbUpper } from "./rmb";
import { joined, length, lower, plain, replaced, trimmed, upper } from "./texts";
import { scaleOf, type Kind } from "./trees";
import { converted } from "./units";
import { Data, dayOf, instantOf, readable } from "./values/outside";
import { Span } from "./values/spans";
import { isEmpty, type Value } from "./values/values";
import { workdaysBetween } from "./workdays";

interface Context {
  page: Page;
  kind: Kind;
}

type OnFilled = (values: Value[], context: Context) => Value;

// A map, since an object answers to names of its own, such as `constructor`.
function table(entries: { [name: string]: OnFilled }): ReadonlyMap<string, OnFilled> {
  return new Map(Object.entries(entries));
}

function onTexts(apply: (...texts: string[]) => Value): OnFilled {
  return (values) => apply(...values.map(asText));
}

function onDays(apply: (...days: Day[]) => Value): OnFilled {
  return (values) => apply(...values.map(asDay));
}

function asText(value: Value | undefined): string {
  if (typeof value === "string") return value;
  throw new AskServer("not a text");
}

function asNumber(value: Value | undefined): Decimal {
  if (value instanceof Decimal) return value;
  throw new AskServer("not a number");
}

function asDay(value: Value | undefined): Day {
  if (value instanceof Day) return value;
  throw new AskServer("not a day");
}

function asData(value: Value | undefined): Data {
  if (value instanceof Data) return value;
  throw new AskServer("not data from outside");
}

function day(value: Value | undefined, zone: string): Day {
  return value instanceof Instant ? value.clock(zone).day : dayOf(asText(value));
}

function instant(value: Value | undefined, zone: string): Instant {
  return value instanceof Day ? Instant.startOf(value, zone) : instantOf(asText(value), zone);
}

function number(value: Value | undefined, scale: number): Decimal {
  if (value instanceof Span) return Decimal.whole(value.seconds);
  return readable(Decimal.read(asText(value))).rounded(scale).bounded(scale);
}

// Each sees its arguments only where none is empty.
const ON_FILLED = table({
  abs: ([value]) => asNumber(value).absolute(),
  round: ([value], { kind }) => asNumber(value).rounded(scaleOf(kind)).bounded(scaleOf(kind)),
  number: ([value], { kind }) => number(value, scaleOf(kind)),
  least,
  greatest,
  len: onTexts((text = "") => Decimal.whole(length(text))),
  lower: onTexts((text = "") => lower(text)),
  upper: onTexts((text = "") => upper(text)),
  trim: onTexts((text = "") => trimmed(text)),
  contains: onTexts((text = "", part = "") => text.includes(part)),
  starts_with: onTexts((text = "", part = "") => text.startsWith(part)),
  ends_with: onTexts((text = "", part = "") => text.endsWith(part)),
  text: ([value], { page }) => plain(value ?? null, page),
  year: ([value]) => Decimal.whole(asDay(value).year),
  month: ([value]) => Decimal.whole(asDay(value).month),
  day: ([value]) => Decimal.whole(asDay(value).day),
  date: ([value], { page }) => day(value, page.zone),
  datetime: ([value], { page }) => instant(value, page.zone),
  days_between: onDays((start, end) => Decimal.whole(asDay(end).count - asDay(start).count)),
  workdays_between: ([start, end], { page }) =>
    Decimal.whole(workdaysBetween(asDay(start), asDay(end), page.calendar)),
  add_days: ([start, count]) => asDay(start).plusDays(asNumber(count).toNumber()),
  add_months: ([start, count]) => asDay(start).plusMonths(asNumber(count).toNumber()),
  convert: ([value, from, to]) => converted(asNumber(value), asText(from), asText(to)),
  json_text: ([value]) => asData(value).text(),
  json_number: ([value], { kind }) => asData(value).number(scaleOf(kind)),
  json_boolean: ([value]) => asData(value).truth(),
  json_date: ([value], { page }) => asData(value).day(page.zone),
  json_datetime: ([value], { page }) => asData(value).instant(page.zone),
  rmb_upper: ([value]) => rmbUpper(asNumber(value)),
});

const ON_ALL = table({
  today: (_, { page }) => page.now.clock(page.zone).day,
  now: (_, { page }) => page.now,
  coalesce: (values) => values.find((value) => !isEmpty(value)) ?? null,
  concat: (values, { page }) => joined(values.map((value) => plain(value, page))),
  replace: ([text, old, by]) =>
    typeof text === "string" ? replaced(text, old as string | null, by as string | null) : null,
});

// Functions that look at their arguments one after the other stop at the first that will do.
export const STOPS_EARLY = new Set(["coalesce"]);

// Functions that give one of their arguments.
export const ALIKE = new Set(["coalesce", "greatest", "least"]);

export const NAMES: readonly string[] = [...ON_FILLED.keys(), ...ON_ALL.keys()];

export function called(name: string, values: Value[], kind: Kind, page: Page): Value {
  const onAll = ON_ALL.get(name);
  if (onAll) return onAll(values, { page, kind });
  const onFilled = ON_FILLED.get(name);
  if (!onFilled) throw new AskServer(`the browser has no function ${name}`);
  return values.some(isEmpty) ? null : onFilled(values, { page, kind });
}
