// Working days of a calendar: the days of the week that are worked, holidays, and days worked instead.

import { Day } from "./values/dates";

export interface WorkingDays {
  // 1 is Monday, 7 is Sunday.
  week: number[];
  holidays: string[];
  workdays: string[];
}

export const STANDARD_WEEK: WorkingDays = { week: [1, 2, 3, 4, 5], holidays: [], workdays: [] };

// 0001-01-01 was a Monday.
const FIRST_MONDAY = Day.of(1, 1, 1).count;

// How many days after `start` up to and with `end` are worked; the other way round it is negative.
export function workdaysBetween(start: Day, end: Day, calendar: WorkingDays): number {
  return workedUpTo(end, calendar) - workedUpTo(start, calendar);
}

function workedUpTo(day: Day, calendar: WorkingDays): number {
  const count = day.count - FIRST_MONDAY + 1;
  const weeks = Math.floor(count / 7);
  const inLast = calendar.week.filter((each) => each <= count - weeks * 7).length;
  const exceptions = (texts: string[], areWorked: boolean): number =>
    texts.filter((text) => {
      const found = Day.read(text);
      return found && found.count <= day.count && calendar.week.includes(found.weekday) === areWorked;
    }).length;
  const extra = exceptions(calendar.workdays, false);
  const free = exceptions(
    calendar.holidays.filter((text) => !calendar.workdays.includes(text)),
    true,
  );
  return weeks * calendar.week.length + inLast + extra - free;
}
