// Spans of time: whole seconds, never negative, written as `1d2h30min`.

const UNITS: readonly [string, number][] = [["d", 86_400], ["h", 3_600], ["min", 60], ["s", 1]];

export class Span {
  constructor(readonly seconds: number) {}

  // Whole seconds as the page has them, or days, seconds and microseconds as a literal has them.
  static read(data: unknown): Span | null {
    if (Array.isArray(data)) return new Span(Number(data[0]) * 86_400 + Number(data[1]));
    return /^[0-9]{1,12}$/.test(String(data)) ? new Span(Number(data)) : null;
  }

  // Without anything that is nought; a span of nothing is `0s`.
  text(): string {
    let rest = this.seconds;
    let found = "";
    for (const [unit, size] of UNITS) {
      const amount = Math.floor(rest / size);
      rest -= amount * size;
      if (amount) found += `${amount}${unit}`;
    }
    return found || "0s";
  }
}
