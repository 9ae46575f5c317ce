// Spans of time as people type them, read as the server does (`fields/spans.py`), in whole seconds.

const AMOUNT = String.raw`(\d{1,12}(?:\.\d{1,6})?)`;
const WORDS = new RegExp(
  `^(?:${AMOUNT}(?:d|days?|天|日))?(?:${AMOUNT}(?:h|hours?|小时|时))?(?:${AMOUNT}(?:min|m|minutes?|mins|分钟|分))?(?:${AMOUNT}(?:s|secs?|seconds?|秒钟?))?$`,
);
const ISO = new RegExp(`^p(?:${AMOUNT}d)?(?:t(?:${AMOUNT}h)?(?:${AMOUNT}m)?(?:${AMOUNT}s)?)?$`);
const CLOCK = /^()(\d{1,7}):([0-5]\d)(?::([0-5]\d))?$/;
const SECONDS = [86_400n, 3_600n, 60n, 1n];
const LONGEST = 36_525n * 86_400n;
const MILLION = 1_000_000n;

function millionths(amount: string): bigint {
  const [whole = "0", fraction = ""] = amount.split(".");
  return BigInt(whole) * MILLION + BigInt(fraction.padEnd(6, "0"));
}

/** Returns the seconds of a typed span; undefined where the text is none. */
export function secondsOf(text: string): bigint | undefined {
  if (text.length > 60) return undefined;
  const typed = text.normalize("NFKC").replace(/\s/g, "").toLowerCase();
  const found = CLOCK.exec(typed) ?? WORDS.exec(typed) ?? ISO.exec(typed);
  const amounts = found?.slice(1) ?? [];
  if (!amounts.some(Boolean)) return undefined;
  const sum = amounts.reduce((whole, amount, at) => (amount ? whole + millionths(amount) * SECONDS[at]! : whole), 0n);
  const seconds = (sum + MILLION / 2n) / MILLION;
  return seconds <= LONGEST ? seconds : undefined;
}

/** Returns days, hours, minutes and seconds. */
export function amountsOf(seconds: bigint): bigint[] {
  return SECONDS.map((unit, at) => (at ? (seconds % SECONDS[at - 1]!) / unit : seconds / unit));
}
