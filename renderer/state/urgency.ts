import type { Alarm, AlarmPriority, AlarmState } from '../../main/contract/alarms.ts';

const STATE_RANK: Readonly<Record<AlarmState, number>> = {
  unacknowledged: 0,
  returned: 1,
  acknowledged: 2,
  shelved: 3,
  'suppressed-by-design': 4,
  'out-of-service': 5,
  normal: 6,
};
const PRIORITY_RANK: Readonly<Record<AlarmPriority, number>> = { high: 0, medium: 1, low: 2 };

/** What needs an act first: unacknowledged before the rest, then by priority, then the newest. */
export const inOrderOfUrgency = (alarms: readonly Alarm[]): readonly Alarm[] =>
  alarms.toSorted((a, b) => STATE_RANK[a.state] - STATE_RANK[b.state] || PRIORITY_RANK[a.priority] - PRIORITY_RANK[b.priority] || b.raisedAt - a.raisedAt);
