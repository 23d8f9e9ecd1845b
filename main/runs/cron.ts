import { Cron } from 'croner';
import { AppError } from '../contract/errors.ts';
import { microsOf, type Micros } from '../contract/values.ts';

const dateOf = (at: Micros): Date => new Date(at / 1000);
const hour = 3_600_000;
/** How far back the newest moment is looked for before the next longer span: hourly, daily, monthly, and rarer expressions. */
const spans = [hour, 25 * hour, 32 * 24 * hour, 367 * 24 * hour, 9 * 367 * 24 * hour] as const;

/** A cron expression in a zone: wall-clock times there, across daylight saving. */
export interface Timetable {
  /** The next `count` moments after `from`; fewer when there are no more. */
  next(from: Micros, count: number): Micros[];
  /** The newest moment after `from` and up to `to`; null when there is none. */
  newest(from: Micros, to: Micros): Micros | null;
}

/** @throws AppError('cron-invalid') saying what of the expression can't be read, or that it never comes true */
export const timetableOf = (expression: string, zone: string): Timetable => {
  let cron: Cron;
  try {
    cron = new Cron(expression, { timezone: zone, paused: true });
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AppError('cron-invalid', `'${expression}' is no schedule: ${reason}; expected minute, hour, day, month and weekday, as in '0 6 * * 1'`, { cron: expression }, thrown);
  }
  const after = (from: Date): Micros | null => {
    const next = cron.nextRun(from);
    return next === null ? null : microsOf(next.getTime());
  };
  if (after(new Date()) === null) throw new AppError('cron-invalid', `'${expression}' never comes true; give a time that lies ahead`, { cron: expression });
  return {
    next: (from, count) => cron.nextRuns(count, dateOf(from)).map((moment) => microsOf(moment.getTime())),
    newest: (from, to) => {
      for (const span of spans) {
        let found: Micros | null = null;
        const start = Math.max(from / 1000, to / 1000 - span);
        for (let moment = after(new Date(start)); moment !== null && moment <= to; moment = after(dateOf(moment))) found = moment;
        if (found !== null || start === from / 1000) return found;
      }
      return null;
    },
  };
};
