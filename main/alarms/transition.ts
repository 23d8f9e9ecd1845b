import { alarmStateOf, type AlarmPriority, type AlarmState, type AlarmSuppression, type AlarmTransition } from '../contract/alarms.ts';
import type { Micros } from '../contract/values.ts';

/** The two memories of an alarm (ISA-18.2 / IEC 62682) and its suppression; the state is derived from them, never kept. */
export interface AlarmMemory {
  readonly active: boolean;
  readonly unacknowledged: boolean;
  readonly suppression: AlarmSuppression | null;
  readonly shelvedUntil: Micros | null;
  readonly priority: AlarmPriority;
  readonly acknowledgedAt: Micros | null;
  /** How often it was raised. */
  readonly count: number;
}

export type AlarmEvent =
  /** The condition, after limits, deadband and delays. */
  | { readonly kind: 'condition'; readonly holds: boolean; readonly priority: AlarmPriority }
  | { readonly kind: 'acknowledge' }
  | { readonly kind: 'shelve'; readonly until: Micros }
  | { readonly kind: 'unshelve' }
  /** Time has passed: shelving may end, an acknowledged alarm may call again. */
  | { readonly kind: 'time'; readonly reAlarmAfter: number };

export interface Step {
  readonly memory: AlarmMemory;
  readonly from: AlarmState;
  readonly to: AlarmState;
  readonly cause: AlarmTransition['cause'];
}

export const normalMemory: AlarmMemory = { active: false, unacknowledged: false, suppression: null, shelvedUntil: null, priority: 'low', acknowledgedAt: null, count: 0 };

const stateOf = ({ active, unacknowledged, suppression }: AlarmMemory): AlarmState => alarmStateOf(active, unacknowledged, suppression);

const rank: Readonly<Record<AlarmPriority, number>> = { low: 0, medium: 1, high: 2 };

const step = (before: AlarmMemory, change: Partial<AlarmMemory>, cause: Step['cause']): Step => {
  const memory = { ...before, ...change };
  return { memory, from: stateOf(before), to: stateOf(memory), cause };
};

const onCondition = (memory: AlarmMemory, holds: boolean, priority: AlarmPriority): Step | null => {
  if (!holds) return memory.active ? step(memory, { active: false }, 'cleared') : null;
  const unacknowledged = memory.suppression === null ? true : memory.unacknowledged;
  if (!memory.active) return step(memory, { active: true, unacknowledged, priority, count: memory.count + 1 }, 'condition');
  if (rank[priority] > rank[memory.priority]) return step(memory, { priority, unacknowledged }, 're-alarm');
  return null;
};

/** What follows a suppression: the alarm calls anew if its condition is still true, else it is normal. */
const endSuppression = (memory: AlarmMemory, cause: Step['cause']): Step => step(memory, { suppression: null, shelvedUntil: null, unacknowledged: memory.active }, cause);

const onTime = (memory: AlarmMemory, at: Micros, reAlarmAfter: number): Step | null => {
  if (memory.suppression === 'shelved' && memory.shelvedUntil !== null && at >= memory.shelvedUntil) return endSuppression(memory, 'shelve-expired');
  const acknowledged = stateOf(memory) === 'acknowledged' && memory.acknowledgedAt !== null;
  if (acknowledged && at - (memory.acknowledgedAt ?? at) >= reAlarmAfter) return step(memory, { unacknowledged: true }, 're-alarm');
  return null;
};

/**
 * One step of the alarm machine. A pure function: the same memory, event and time give the same step.
 * @returns null when the event changes nothing, or, for a command, when the state does not allow it
 */
export const transition = (memory: AlarmMemory, event: AlarmEvent, at: Micros): Step | null => {
  switch (event.kind) {
    case 'condition':
      return onCondition(memory, event.holds, event.priority);
    case 'acknowledge':
      return memory.suppression === null && memory.unacknowledged ? step(memory, { unacknowledged: false, acknowledgedAt: at }, 'acknowledge') : null;
    case 'shelve':
      return memory.suppression === null && stateOf(memory) !== 'normal' ? step(memory, { suppression: 'shelved', shelvedUntil: event.until }, 'shelve') : null;
    case 'unshelve':
      return memory.suppression === 'shelved' ? endSuppression(memory, 'unshelve') : null;
    case 'time':
      return onTime(memory, at, event.reAlarmAfter);
  }
};
