import type { Alarm, AlarmPriority } from '../contract/alarms.ts';

export type Condition = Alarm['condition'];

const hour = 3600e6;
const minute = 60e6;

/**
 * Limits of one condition. `raise` and `clear` lie apart (deadband): between them the condition stays as it is. It must be true for
 * `onDelay` before it raises and false for `offDelay` before it clears, in microseconds of the machine's time.
 */
export interface Rule {
  readonly raise: number;
  readonly clear: number;
  /** From here on the priority is high, else medium. */
  readonly urgent: number;
  /** Which side is bad. */
  readonly bad: 'below' | 'above';
  readonly onDelay: number;
  readonly offDelay: number;
}

/** Health: below 40 of 100. The index is smoothed over hours, so ten minutes below the limit are no passing noise. */
export const healthRule: Rule = { raise: 40, clear: 50, urgent: 15, bad: 'below', onDelay: 10 * minute, offDelay: 30 * minute };

/** Remaining life of less than the lead time that people need to act. A forecast looks back over its whole window: no further delay. */
export const nearRule = (unit: string): Rule => {
  const lead = { hours: 48, days: 2, cycles: 25 }[unit] ?? 48;
  return { raise: lead, clear: lead * 1.5, urgent: lead / 4, bad: 'below', onDelay: 0, offDelay: 30 * minute };
};

/** Probability of failure within the horizon, above the threshold that was chosen for the model on its validation units. */
export const likelyRule = (threshold: number): Rule => ({
  raise: threshold,
  clear: threshold * 0.75,
  urgent: Math.max(0.9, threshold),
  bad: 'above',
  onDelay: 0,
  offDelay: 30 * minute,
});

/** An acknowledged alarm whose condition lasts calls again after this time. */
export const reAlarmAfter = 24 * hour;
/** Nobody may shelve an alarm for longer. */
export const longestShelving = 7 * 24 * hour;

const beyond = (rule: Rule, value: number, limit: number): boolean => (rule.bad === 'below' ? value < limit : value > limit);

/** What one value says: over the raise limit, back over the clear limit, or in the deadband between. */
export const sideOf = (rule: Rule, value: number): 'bad' | 'good' | 'between' => {
  if (beyond(rule, value, rule.raise)) return 'bad';
  return beyond(rule, value, rule.clear) ? 'between' : 'good';
};

export const priorityOf = (rule: Rule, value: number): AlarmPriority => (value === rule.urgent || beyond(rule, value, rule.urgent) ? 'high' : 'medium');

/** One value of a condition at its position on the axis. Null: nothing is known there. */
export interface Sample {
  readonly at: number;
  readonly value: number | null;
}

/**
 * Whether the condition holds now, after limits, deadband and delays; null: nothing new is known and it stays as it is.
 * Derived from the stored samples alone, so a restart in the middle of a delay changes nothing.
 * @param samples newest first @param was whether it held before @param now the newest moment that counts, not before the newest sample
 */
export const holds = (rule: Rule, samples: readonly Sample[], was: boolean, now: number): boolean | null => {
  const newest = samples[0];
  if (newest === undefined || newest.value === null) return null;
  const wanted = was ? 'good' : 'bad';
  if (sideOf(rule, newest.value) !== wanted) return was;
  let since = newest.at;
  for (const sample of samples) {
    if (sample.value !== null && sideOf(rule, sample.value) !== wanted) break;
    if (sample.value !== null) since = sample.at;
  }
  return now - since >= (was ? rule.offDelay : rule.onDelay) ? !was : was;
};
