// Exact numbers: a whole number of units and how many decimal places it has. Nothing is rounded but
// where the language says so, half away from zero.

import { Refused } from "../failures";

const MAX_DIGITS = 18;
const DIVISION_SCALE = 6;
const JSON_NUMBER = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/;
const NUMERAL = /^ *([+-]?)([0-9]{1,40})(?:\.([0-9]{1,40}))? *$/;

const powers: bigint[] = [1n];

function power(scale: number): bigint {
  for (let next = powers.length; next <= scale; next += 1) powers.push((powers[next - 1] ?? 1n) * 10n);
  return powers[scale] ?? 1n;
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function halfUp(numerator: bigint, denominator: bigint): bigint {
  const isNegative = numerator < 0n !== denominator < 0n;
  const [above, below] = [magnitude(numerator), magnitude(denominator)];
  const found = (2n * above + below) / (2n * below);
  return isNegative ? -found : found;
}

export class Decimal {
  constructor(
    readonly units: bigint,
    readonly scale = 0,
  ) {}

  static whole(value: number): Decimal {
    return new Decimal(BigInt(value));
  }

  // Reads plain digits with a point, with up to forty on either side of it.
  static read(text: string): Decimal | null {
    const found = NUMERAL.exec(text);
    if (!found) return null;
    const places = found[3] ?? "";
    const units = BigInt(`${found[2] ?? ""}${places}`);
    return new Decimal(found[1] === "-" ? -units : units, places.length);
  }

  // Reads a number of JSON, which may have an exponent.
  static ofJson(text: string): Decimal | null {
    const found = JSON_NUMBER.exec(text);
    if (!found) return null;
    const places = found[3] ?? "";
    const units = BigInt(`${found[1] ?? ""}${found[2] ?? ""}${places}`);
    const scale = places.length - Number(found[4] ?? 0);
    return scale < 0 ? new Decimal(units * power(-scale)) : new Decimal(units, scale);
  }

  get isZero(): boolean {
    return this.units === 0n;
  }

  // The number with at least so many places.
  private widened(scale: number): bigint {
    return this.units * power(scale - this.scale);
  }

  private together(other: Decimal): [bigint, bigint, number] {
    const scale = Math.max(this.scale, other.scale);
    return [this.widened(scale), other.widened(scale), scale];
  }

  plus(other: Decimal): Decimal {
    const [left, right, scale] = this.together(other);
    return new Decimal(left + right, scale);
  }

  minus(other: Decimal): Decimal {
    return this.plus(other.negative());
  }

  times(other: Decimal): Decimal {
    return new Decimal(this.units * other.units, this.scale + other.scale);
  }

  // Half-up to six places at once; by zero it is empty.
  over(other: Decimal): Decimal | null {
    if (other.isZero) return null;
    const above = this.units * power(DIVISION_SCALE + other.scale);
    return new Decimal(halfUp(above, other.units * power(this.scale)), DIVISION_SCALE);
  }

  // With the sign of the divisor; by zero it is empty.
  remainder(other: Decimal): Decimal | null {
    if (other.isZero) return null;
    const [left, right, scale] = this.together(other);
    const found = left % right;
    return new Decimal(found !== 0n && found < 0n !== right < 0n ? found + right : found, scale);
  }

  negative(): Decimal {
    return new Decimal(-this.units, this.scale);
  }

  absolute(): Decimal {
    return new Decimal(magnitude(this.units), this.scale);
  }

  compare(other: Decimal): number {
    const [left, right] = this.together(other);
    return left < right ? -1 : left > right ? 1 : 0;
  }

  rounded(scale: number): Decimal {
    if (scale >= this.scale) return new Decimal(this.widened(scale), scale);
    return new Decimal(halfUp(this.units, power(this.scale - scale)), scale);
  }

  // The number itself, or a refusal where an expression of this scale has no room for it.
  bounded(scale: number): Decimal {
    const limit = power(MAX_DIGITS - Math.min(scale, DIVISION_SCALE) + this.scale);
    if (magnitude(this.units) < limit) return this;
    throw new Refused("too_large");
  }

  // Every place written out: `1234.50`.
  fixed(): string {
    const digits = magnitude(this.units).toString().padStart(this.scale + 1, "0");
    const sign = this.units < 0n ? "-" : "";
    const point = digits.length - this.scale;
    return this.scale ? `${sign}${digits.slice(0, point)}.${digits.slice(point)}` : `${sign}${digits}`;
  }

  // The shortest exact text: `1234.5`.
  plain(): string {
    const text = this.fixed();
    return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  }

  // For counts of days and months, which are out of range long before a double loses a unit.
  toNumber(): number {
    return Number(this.rounded(0).units);
  }
}
