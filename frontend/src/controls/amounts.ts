// Numbers as people read and type them: thousands apart, sums to be worked out, an amount in Chinese words.

import { rmbUpper } from "../expressions/rmb";
import { Decimal } from "../expressions/values/decimals";

const PLAIN = /^([+-]?)(\d+)(\.\d*)?$/;
const GROUPED = /^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$/;
const SUM = /^[=＝]([\d.,+\-*/()\s×÷＋－＊／（）]{1,80})$/;
const TOKEN = /\d[\d,]*(?:\.\d+)?|[-+*/()]/g;
const WORDS_FROM = Decimal.whole(10_000);
const MOST_PLACES = 12;

/** Puts commas between thousands; a text that is no plain number stays as it is. */
export function grouped(text: string): string {
  const found = PLAIN.exec(text.trim());
  if (!found) return text;
  return `${found[1]}${found[2]!.replace(/\B(?=(\d{3})+$)/g, ",")}${found[3] ?? ""}`;
}

/** Takes the commas out again that `grouped` has put in. */
export function bare(text: string): string {
  return GROUPED.test(text.trim()) ? text.trim().replaceAll(",", "") : text;
}

/** Works out `=12*3`; undefined where it is no sum, or its result not exact. */
export function workedOut(text: string): string | undefined {
  const found = SUM.exec(text.trim());
  if (!found) return undefined;
  const plain = found[1]!.replace(/[×＊]/g, "*").replace(/[÷／]/g, "/").replace(/＋/g, "+").replace(/－/g, "-");
  const source = plain.replace(/（/g, "(").replace(/）/g, ")");
  const tokens = source.match(TOKEN) ?? [];
  if (tokens.join("") !== source.replace(/\s/g, "")) return undefined;
  const sum = new Sum(tokens);
  const result = sum.whole();
  return result && result.absolute().plain().length <= 24 ? result.plain() : undefined;
}

/** Returns the amount as it stands on a voucher, and whether it is one where the words matter. */
export function inWords(text: string): { words: string; isLarge: boolean } {
  const plain = bare(text).trim();
  const amount = PLAIN.test(plain) ? Decimal.read(plain.replace(/^\+|\.$/g, "")) : null;
  if (!amount || amount.rounded(2).absolute().units >= 10n ** 15n) return { words: "", isLarge: false };
  return { words: rmbUpper(amount), isLarge: amount.absolute().compare(WORDS_FROM) >= 0 };
}

class Sum {
  private at = 0;

  constructor(private readonly tokens: readonly string[]) {}

  whole(): Decimal | undefined {
    const found = this.terms();
    return this.at === this.tokens.length ? found : undefined;
  }

  private terms(): Decimal | undefined {
    let left = this.factors();
    while (left && (this.tokens[this.at] === "+" || this.tokens[this.at] === "-")) {
      const isPlus = this.tokens[this.at++] === "+";
      const right = this.factors();
      left = right && (isPlus ? left.plus(right) : left.minus(right));
    }
    return left;
  }

  private factors(): Decimal | undefined {
    let left = this.one();
    while (left && (this.tokens[this.at] === "*" || this.tokens[this.at] === "/")) {
      const isTimes = this.tokens[this.at++] === "*";
      const right = this.one();
      left = right && (isTimes ? left.times(right) : quotient(left, right));
    }
    return left;
  }

  private one(): Decimal | undefined {
    const token = this.tokens[this.at++];
    if (token === "-") return this.one()?.negative();
    if (token === "(") {
      const found = this.terms();
      return this.tokens[this.at++] === ")" ? found : undefined;
    }
    return (token && Decimal.read(token.replaceAll(",", ""))) || undefined;
  }
}

function quotient(left: Decimal, right: Decimal): Decimal | undefined {
  if (right.isZero) return undefined;
  for (let places = 0; places <= MOST_PLACES; places += 1) {
    const above = left.units * 10n ** BigInt(right.scale + places);
    const below = right.units * 10n ** BigInt(left.scale);
    if (above % below === 0n) return new Decimal(above / below, places);
  }
  return undefined;
}
