// Days as people say them: `3-5`, `0305`, 今天, +7, 月底. Of a day without a year this year's is meant.

const WORDS: Record<string, number> = {
  今天: 0, 今日: 0, today: 0, 明天: 1, 明日: 1, tomorrow: 1, 昨天: -1, 昨日: -1, yesterday: -1, 后天: 2, 前天: -2,
};
const DATED = [
  /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?$/,
  /^(\d{4})(\d{2})(\d{2})$/,
  /^()(\d{1,2})[-/.月](\d{1,2})[日号]?$/,
  /^()(\d{2})(\d{2})$/,
];

/** Returns the day that a text means as `2026-03-05`; undefined where it means none. */
export function dayOf(text: string, today: string): string | undefined {
  const plain = text.normalize("NFKC").replace(/\s/g, "").toLowerCase();
  const words = WORDS[plain];
  if (words !== undefined) return later(today, words);
  const days = /^([+-])(\d{1,4})天?$/.exec(plain);
  if (days) return later(today, Number(`${days[1]}${days[2]}`));
  const weeks = /^([+-])(\d{1,3})[周w]$/.exec(plain);
  if (weeks) return later(today, 7 * Number(`${weeks[1]}${weeks[2]}`));
  if (plain === "月底" || plain === "月末" || plain === "eom") return endOfMonth(today);
  for (const form of DATED) {
    const found = form.exec(plain);
    if (found) return real(Number(found[1] || today.slice(0, 4)), Number(found[2]), Number(found[3]));
  }
  return undefined;
}

export function later(day: string, days: number): string {
  const moment = new Date(`${day}T00:00:00Z`);
  moment.setUTCDate(moment.getUTCDate() + days);
  return moment.toISOString().slice(0, 10);
}

function endOfMonth(day: string): string {
  return new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)), 0)).toISOString().slice(0, 10);
}

function real(year: number, month: number, day: number): string | undefined {
  const moment = new Date(Date.UTC(year, month - 1, day));
  const isReal = year >= 1000 && moment.getUTCMonth() === month - 1 && moment.getUTCDate() === day;
  return isReal ? moment.toISOString().slice(0, 10) : undefined;
}
