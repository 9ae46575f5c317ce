// Prints values as the server prints them: for people, and as an input holds them.

import type { Json } from "../expressions";
import { Decimal } from "../expressions/values/decimals";

export interface Printed {
  text: string;
  shown: string;
}

export type Marks = readonly [group: string, point: string];

// `places` are kept though they are zeros, as amounts of money do: 45.00, but 45.125.
function trimmed(fixed: string, places: number): string {
  const [whole = "", decimals = ""] = fixed.split(".");
  const kept = decimals.replace(/0+$/, "").padEnd(Math.min(places, decimals.length), "0");
  return kept ? `${whole}.${kept}` : whole;
}

function grouped(text: string, [group, point]: Marks): string {
  const [, sign = "", whole = "", rest] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  const parts = whole.replace(/\B(?=(\d{3})+$)/g, group);
  return rest === undefined ? sign + parts : sign + parts + point + rest;
}

export function printed(reader: string, value: Json, places: number, marks: Marks | null): Printed {
  if (value === null) return { text: "", shown: "" };
  if (reader === "number" || reader === "whole" || reader === "percent") {
    const number = Decimal.read(String(value));
    if (!number || !marks) return { text: String(value), shown: String(value) };
    if (reader === "percent") {
      const plain = new Decimal(number.units * 100n, number.scale).plain();
      return { text: `${plain}%`, shown: `${grouped(plain, marks)}%` };
    }
    const text = trimmed(number.fixed(), places);
    return { text, shown: grouped(text, marks) };
  }
  return { text: String(value), shown: String(value) };
}
