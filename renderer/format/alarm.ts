import type { Alarm } from '../../main/contract/alarms.ts';
import type { Translate } from '../messages/translate.ts';
import type { Show } from './show.ts';

/** A probability comes as a share of one, or in percent where its unit says so. */
const probability = (show: Show, value: number, unit: string): string => show.chance(unit === '%' ? value / 100 : value);

/** The value that raised an alarm and its limit, each with its unit. */
export const alarmValues = (show: Show, alarm: Pick<Alarm, 'condition' | 'value' | 'limit' | 'unit'>): { value: string; limit: string } => {
  const say = (value: number): string => {
    if (alarm.condition === 'health-low') return show.integer(Math.round(value));
    if (alarm.condition === 'failure-likely') return probability(show, value, alarm.unit);
    return show.life({ median: value, low: value, high: value, unit: alarm.unit }).median;
  };
  return { value: say(alarm.value), limit: say(alarm.limit) };
};

const KEYS = { 'health-low': 'alarmMessage.healthLow', 'failure-near': 'alarmMessage.failureNear', 'failure-likely': 'alarmMessage.failureLikely' } as const;

/** What an alarm says, made from its fields in the window's language. */
export const alarmSentence = (t: Translate, show: Show, alarm: Pick<Alarm, 'condition' | 'value' | 'limit' | 'unit'>): string => t(KEYS[alarm.condition], alarmValues(show, alarm));
