// Amounts in Chinese words, as the rules for filling in bills and vouchers have them.

import { Decimal } from "./values/decimals";

const DIGITS = "零壹贰叁肆伍陆柒捌玖";
const PLACES = ["仟", "佰", "拾", ""];

export function rmbUpper(amount: Decimal): string {
  const cents = amount.rounded(2).bounded(2).units;
  const size = cents < 0n ? -cents : cents;
  const sign = cents < 0n ? "负" : "";
  const yuan = size / 100n;
  const [jiao, fen] = [Number((size / 10n) % 10n), Number(size % 10n)];
  const whole = yuan || !size ? `${read(yuan)}元` : "";
  if (!jiao && !fen) return `${sign}${whole}整`;
  const tenths = jiao ? `${digit(jiao)}角` : whole && "零";
  return `${sign}${whole}${tenths}${fen ? `${digit(fen)}分` : ""}`;
}

function digit(value: number): string {
  return DIGITS.charAt(value);
}

function read(value: bigint): string {
  if (value < 10_000n) return group(Number(value));
  if (value < 100_000_000n) return split(value, 10_000n, "万");
  return split(value, 100_000_000n, "亿");
}

function split(value: bigint, unit: bigint, name: string): string {
  const [high, low] = [value / unit, value % unit];
  if (!low) return `${read(high)}${name}`;
  return `${read(high)}${name}${low < unit / 10n ? "零" : ""}${read(low)}`;
}

// Up to four digits; several zeros between two digits are read once, those at the end not at all.
function group(value: number): string {
  if (!value) return "零";
  const digits = String(value).padStart(4, "0");
  const words = [...digits].map((each, place) => (each === "0" ? "零" : `${digit(Number(each))}${PLACES[place] ?? ""}`));
  return words.join("").replace(/零+/g, "零").replace(/^零|零$/g, "");
}
