// The arithmetic of picking, exact as everywhere: what stands in an input, and the sum of several.

import { Decimal } from "../expressions/values/decimals";

const NOTHING = Decimal.whole(0);

/** Reads an amount as people type it; nothing is zero, what is no number is undefined. */
export function amountOf(text: string): Decimal | undefined {
  const plain = text.trim().replaceAll(",", "").replace(/^\+/, "");
  if (!plain) return NOTHING;
  return Decimal.read(plain) ?? undefined;
}

/** Returns the sum as text, without needless zeros; what cannot be read is left out. */
export function sumOf(texts: readonly string[]): string {
  const sum = texts.reduce((total, text) => total.plus(amountOf(text) ?? NOTHING), NOTHING);
  const shown = sum.fixed();
  return shown.includes(".") ? shown.replace(/\.?0+$/, "") : shown;
}
