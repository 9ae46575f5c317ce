// Days and instants. A day is counted from 1970-01-01, an instant in microseconds from its beginning in
// UTC; both reach from year 1 to year 9999, as on the server. Zones come from the browser's own tables.

import { Refused } from "../failures";

const DAY_MS = 86_400_000;
const MICROS_PER_DAY = 86_400_000_000n;
const DAY_TEXT = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const MOMENT_TEXT =
  /^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6}))?)?(Z|[+-](?:0[0-9]|1[0-5]):[0-5][0-9])?)?$/;

function padded(value: number, width: number): string {
  return String(value).padStart(width, "0");
}

// Date.UTC reads years below 100 as those of the last century, so the year is set by itself.
function countOf(year: number, month: number, day: number): number {
  const made = new Date(0);
  made.setUTCFullYear(year, month - 1, day);
  return Math.round(made.getTime() / DAY_MS);
}

const FIRST = countOf(1, 1, 1);
const LAST = countOf(9999, 12, 31);

export class Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;

  constructor(readonly count: number) {
    if (!(count >= FIRST && count <= LAST)) throw new Refused("out_of_range");
    const date = new Date(count * DAY_MS);
    this.year = date.getUTCFullYear();
    this.month = date.getUTCMonth() + 1;
    this.day = date.getUTCDate();
  }

  static of(year: number, month: number, day: number): Day {
    if (!(year >= 1 && year <= 9999)) throw new Refused("out_of_range");
    return new Day(countOf(year, month, day));
  }

  static read(text: string): Day | null {
    const found = DAY_TEXT.exec(text);
    if (!found) return null;
    const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > lengthOf(year, month)) return null;
    return Day.of(year, month, day);
  }

  plusDays(count: number): Day {
    return new Day(this.count + count);
  }

  // Past the end of a month it is its last day.
  plusMonths(count: number): Day {
    const months = this.year * 12 + this.month - 1 + count;
    const year = Math.floor(months / 12);
    const month = months - year * 12 + 1;
    if (!(year >= 1 && year <= 9999)) throw new Refused("out_of_range");
    return Day.of(year, month, Math.min(this.day, lengthOf(year, month)));
  }

  // 1 is Monday, 7 is Sunday.
  get weekday(): number {
    return ((((this.count + 3) % 7) + 7) % 7) + 1;
  }

  text(): string {
    return `${padded(this.year, 4)}-${padded(this.month, 2)}-${padded(this.day, 2)}`;
  }
}

function lengthOf(year: number, month: number): number {
  return countOf(month === 12 ? year + 1 : year, month === 12 ? 1 : month + 1, 1) - countOf(year, month, 1);
}

const FIRST_MICROS = BigInt(FIRST) * MICROS_PER_DAY;
const END_MICROS = BigInt(LAST + 1) * MICROS_PER_DAY;

export class Instant {
  constructor(readonly micros: bigint) {
    if (micros < FIRST_MICROS || micros >= END_MICROS) throw new Refused("out_of_range");
  }

  // Without an offset the text is on the clock of the zone.
  static read(text: string, zone: string): Instant | null {
    const found = MOMENT_TEXT.exec(text);
    const day = found && Day.read(found[1] ?? "");
    if (!found || !day) return null;
    const [hour, minute, second] = [Number(found[2] ?? 0), Number(found[3] ?? 0), Number(found[4] ?? 0)];
    if (hour > 23 || minute > 59 || second > 59) return null;
    const fraction = BigInt((found[5] ?? "").padEnd(6, "0"));
    const clock = BigInt(day.count) * MICROS_PER_DAY + BigInt(hour * 3600 + minute * 60 + second) * 1_000_000n + fraction;
    const offset = found[6];
    if (offset === undefined) return fromClock(clock, zone);
    if (offset === "Z") return new Instant(clock);
    const shift = BigInt(Number(offset.slice(1, 3)) * 3600 + Number(offset.slice(4)) * 60) * 1_000_000n;
    return new Instant(offset.startsWith("-") ? clock + shift : clock - shift);
  }

  static startOf(day: Day, zone: string): Instant {
    return fromClock(BigInt(day.count) * MICROS_PER_DAY, zone);
  }

  clock(zone: string): Clock {
    return new Clock(this.micros + offsetAt(this.micros, zone));
  }

  text(): string {
    const clock = new Clock(this.micros);
    const fraction = clock.micros % 1_000_000 ? `.${padded(clock.micros % 1_000_000, 6)}` : "";
    return `${clock.day.text()}T${clock.time()}${fraction}+00:00`;
  }
}

// What stands on the clock and the calendar of a zone.
export class Clock {
  readonly day: Day;
  readonly micros: number;

  constructor(micros: bigint) {
    const count = floorDivided(micros, MICROS_PER_DAY);
    this.day = new Day(Number(count));
    this.micros = Number(micros - count * MICROS_PER_DAY);
  }

  time(): string {
    const seconds = Math.floor(this.micros / 1_000_000);
    return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
      .map((part) => padded(part, 2))
      .join(":");
  }
}

// A time of day, in microseconds.
export class TimeOfDay {
  constructor(readonly micros: number) {}

  static read(text: string): TimeOfDay | null {
    const found = /^([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6}))?)?$/.exec(text);
    if (!found) return null;
    const [hour, minute, second] = [Number(found[1]), Number(found[2]), Number(found[3] ?? 0)];
    if (hour > 23 || minute > 59 || second > 59) return null;
    return new TimeOfDay((hour * 3600 + minute * 60 + second) * 1_000_000 + Number((found[4] ?? "").padEnd(6, "0")));
  }

  text(): string {
    const fraction = this.micros % 1_000_000;
    return `${new Clock(BigInt(this.micros)).time()}${fraction ? `.${padded(fraction, 6)}` : ""}`;
  }
}

function floorDivided(value: bigint, by: bigint): bigint {
  const found = value / by;
  return value % by < 0n ? found - 1n : found;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let found = formats.get(zone);
  if (!found) {
    found = new Intl.DateTimeFormat("en-US-u-ca-iso8601", {
      timeZone: zone,
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
      hourCycle: "h23",
    });
    formats.set(zone, found);
  }
  return found;
}

// How far the clock of a zone is ahead of UTC, in microseconds.
function offsetAt(micros: bigint, zone: string): bigint {
  const milliseconds = Number(floorDivided(micros, 1000n));
  const parts: Record<string, string> = {};
  for (const part of formatOf(zone).formatToParts(milliseconds)) parts[part.type] = part.value;
  const number = (name: string): number => Number(parts[name]);
  const year = parts.era?.startsWith("B") ? 1 - number("year") : number("year");
  const seconds =
    countOf(year, number("month"), number("day")) * 86_400 +
    number("hour") * 3600 +
    number("minute") * 60 +
    number("second");
  return BigInt(seconds - Math.floor(milliseconds / 1000)) * 1_000_000n;
}

// A time that the clock shows twice is its first showing; one that it leaves out is read with the offset
// from before, as the server reads it.
function fromClock(clock: bigint, zone: string): Instant {
  const before = offsetAt(clock - MICROS_PER_DAY, zone);
  const after = offsetAt(clock + MICROS_PER_DAY, zone);
  const isOfAfter = offsetAt(clock - before, zone) !== before && offsetAt(clock - after, zone) === after;
  return new Instant(clock - (isOfAfter ? after : before));
}

// The letters of strftime that a template may use.
export function formatted(day: Day, time: string, pattern: string): string {
  const [hour = "00", minute = "00", second = "00"] = time.split(":");
  const first = Day.of(day.year, 1, 1);
  return pattern.replace(/%([YymdHMSjGVu%])/g, (_, letter: string) => {
    switch (letter) {
      case "Y":
        return padded(day.year, 4);
      case "y":
        return padded(day.year % 100, 2);
      case "m":
        return padded(day.month, 2);
      case "d":
        return padded(day.day, 2);
      case "H":
        return hour;
      case "M":
        return minute;
      case "S":
        return second;
      case "j":
        return padded(day.count - first.count + 1, 3);
      case "G":
        return padded(isoWeek(day)[0], 4);
      case "V":
        return padded(isoWeek(day)[1], 2);
      case "u":
        return String(day.weekday);
      default:
        return "%";
    }
  });
}

// The year and week of ISO 8601: a week belongs to the year of its Thursday.
function isoWeek(day: Day): [number, number] {
  const thursday = new Date((day.count + 4 - day.weekday) * DAY_MS);
  const year = thursday.getUTCFullYear();
  return [year, Math.floor((thursday.getTime() / DAY_MS - countOf(year, 1, 1)) / 7) + 1];
}
