import { z } from 'zod';
import { call } from './call.ts';
import { PlantEvent } from './data.ts';
import { resource } from './resource.ts';
import { AlarmId, AssetId, Micros, ModelId, Position } from './values.ts';

/** States of ISA-18.2 / IEC 62682, derived from two memories (active, unacknowledged) and the suppression. */
export const AlarmState = z.enum(['normal', 'unacknowledged', 'acknowledged', 'returned', 'shelved', 'suppressed-by-design', 'out-of-service']);
export type AlarmState = z.infer<typeof AlarmState>;
/** What keeps an alarm from being announced, or null. */
export type AlarmSuppression = Extract<AlarmState, 'shelved' | 'suppressed-by-design' | 'out-of-service'>;

/** The state that follows from the two memories and the suppression: the one place where it is derived. */
export const alarmStateOf = (active: boolean, unacknowledged: boolean, suppression: AlarmSuppression | null): AlarmState => {
  if (suppression !== null) return suppression;
  if (active) return unacknowledged ? 'unacknowledged' : 'acknowledged';
  return unacknowledged ? 'returned' : 'normal';
};

export const AlarmPriority = z.enum(['low', 'medium', 'high']);
export type AlarmPriority = z.infer<typeof AlarmPriority>;

export const Alarm = z.strictObject({
  id: AlarmId,
  asset: AssetId,
  assetName: z.string(),
  /** What is watched: health below its limit, or a forecast within its lead time. */
  condition: z.enum(['health-low', 'failure-near', 'failure-likely']),
  state: AlarmState,
  active: z.boolean(),
  unacknowledged: z.boolean(),
  priority: AlarmPriority,
  /** The value that raised it, the limit it crossed, their unit. */
  value: z.number(),
  limit: z.number(),
  unit: z.string(),
  model: ModelId.nullable(),
  raisedAt: Micros,
  /** Axis position of the reading that raised it. */
  raisedOn: Position,
  clearedAt: Micros.nullable(),
  acknowledgedAt: Micros.nullable(),
  comment: z.string().nullable(),
  shelvedUntil: Micros.nullable(),
  shelveReason: z.string().nullable(),
  /** How often it was raised since it was opened. */
  count: z.int(),
  /** Closed: normal again and acknowledged; then only in the history. */
  closedAt: Micros.nullable(),
  /** One sentence in English; the renderer makes its own from the fields. */
  message: z.string(),
});
export type Alarm = z.infer<typeof Alarm>;

export const AlarmTransition = z.strictObject({
  alarm: AlarmId,
  at: Micros,
  from: AlarmState,
  to: AlarmState,
  cause: z.enum(['condition', 'cleared', 'acknowledge', 'shelve', 'unshelve', 'shelve-expired', 're-alarm']),
  comment: z.string().nullable(),
});
export type AlarmTransition = z.infer<typeof AlarmTransition>;

/** What was found at the machine after an alarm. */
export const AlarmFinding = z.enum(['confirmed', 'false-alarm', 'unclear']);
export type AlarmFinding = z.infer<typeof AlarmFinding>;

export const AlarmFeedback = z.strictObject({
  alarm: AlarmId,
  finding: AlarmFinding,
  /** Failure mode that was found, from the plant's list or in own words. */
  mode: z.string().min(1).max(120).nullable().default(null),
  /** Where on the axis the machine failed; null: it did not fail, or nobody knows. Only with 'confirmed'. */
  failedAt: Position.nullable().default(null),
  comment: z.string().max(2000).nullable().default(null),
});
export type AlarmFeedback = z.infer<typeof AlarmFeedback>;

export const alarms = {
  watch: call('stream').input(z.strictObject({})).output(resource(Alarm)),
  list: call('query').input(z.strictObject({})).output(z.array(Alarm)),
  history: call('query')
    .input(z.strictObject({ asset: AssetId.nullable().default(null), limit: z.int().min(1).max(5000).default(200) }))
    .output(z.array(Alarm)),
  transitions: call('query', 'not-found').input(z.strictObject({ alarm: AlarmId })).output(z.array(AlarmTransition)),
  acknowledge: call('command', 'not-found', 'state-conflict').input(z.strictObject({ alarm: AlarmId, comment: z.string().max(2000) })).output(Alarm),
  shelve: call('command', 'not-found', 'state-conflict')
    .input(z.strictObject({ alarm: AlarmId, until: Micros, reason: z.string().min(1).max(2000) }))
    .output(Alarm),
  /**
   * Tells what was found: becomes an event of kind 'verdict' at the reading that raised the alarm (told again, it replaces the former one), and with
   * `failedAt` also a failure, once. Answers with the events.
   */
  feedback: call('command', 'not-found', 'input-invalid').input(AlarmFeedback).output(z.array(PlantEvent)),
  unshelve: call('command', 'not-found', 'state-conflict').input(z.strictObject({ alarm: AlarmId })).output(Alarm),
};
