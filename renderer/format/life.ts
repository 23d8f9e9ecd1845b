/** Remaining life in one unit, ready to be said: one scale for the median and both ends of the interval. */
export interface Life {
  readonly unit: 'cycles' | 'minutes' | 'hours' | 'days' | 'weeks';
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

const HOURS = { minutes: 1 / 60, hours: 1, days: 24, weeks: 168 } as const;

const scaleFor = (hours: number): keyof typeof HOURS => {
  if (hours < 2) return 'minutes';
  if (hours < 72) return 'hours';
  if (hours < 90 * 24) return 'days';
  return 'weeks';
};

/** Ten and more: whole. Below: one decimal. A forecast is never more exact than that. */
const round = (value: number): number => (Math.abs(value) >= 10 ? Math.round(value) : Math.round(value * 10) / 10);

/** A forecast's remaining life in the unit that people would use for it. `unit` as the model has it: cycles, hours or days. */
export const lifeOf = (rul: { median: number; low: number; high: number; unit: string }): Life => {
  const inHours = rul.unit === 'hours' ? 1 : rul.unit === 'days' ? 24 : null;
  if (inHours === null) return { unit: 'cycles', median: round(rul.median), low: round(rul.low), high: round(rul.high) };
  const unit = scaleFor(rul.median * inHours);
  const scale = (value: number): number => round((value * inHours) / HOURS[unit]);
  return { unit, median: scale(rul.median), low: scale(rul.low), high: scale(rul.high) };
};
