// What is done with the values of many rows. Empty values are passed over; `all` is the exception.

import { Decimal } from "./values/decimals";
import type { Aggregate } from "./trees";
import { compared, isEmpty, type Value } from "./values/values";

export function aggregated(name: Aggregate["function"], values: Value[]): Value {
  const filled = values.filter((value) => !isEmpty(value));
  switch (name) {
    case "sum":
      return total(filled);
    case "count":
      return Decimal.whole(filled.length);
    case "min":
      return least(filled);
    case "max":
      return greatest(filled);
    case "avg":
      return filled.length ? total(filled).over(Decimal.whole(filled.length)) : null;
    case "any":
      return values.some((value) => value === true);
    case "all":
      return values.every((value) => value === true);
    case "first":
      return values[0] ?? null;
    case "last":
      return values[values.length - 1] ?? null;
  }
}

export function least(values: Value[]): Value {
  return values.length ? values.reduce((found, each) => (compared(each, found) < 0 ? each : found)) : null;
}

export function greatest(values: Value[]): Value {
  return values.length ? values.reduce((found, each) => (compared(each, found) > 0 ? each : found)) : null;
}

function total(values: Value[]): Decimal {
  let found = Decimal.whole(0);
  for (const value of values) if (value instanceof Decimal) found = found.plus(value);
  return found;
}
