import { z } from 'zod';
import { call } from './call.ts';
import { EventKind, PlantEvent } from './data.ts';
import { AssetId, EventId, Position } from './values.ts';

/** A failure mode that people choose from: code and names after ISO 14224 annex B, or the plant's own. */
export const FailureMode = z.strictObject({
  /** 'BRD', 'VIB', ...; unique. */
  code: z.string().regex(/^[A-Za-z0-9._-]{1,32}$/),
  en: z.string().min(1).max(120),
  zh: z.string().min(1).max(120),
  /** From the standard's list, or added here. */
  origin: z.enum(['iso-14224', 'plant']),
  /** Shown in lists; one that is not in use any more stays for the events that have it. */
  isInUse: z.boolean(),
});
export type FailureMode = z.infer<typeof FailureMode>;

/** What makes an event doubtful as a label. */
export const LabelFinding = z.strictObject({
  code: z.enum(['contradicts-readings', 'no-readings-before', 'double-entry', 'overlap', 'known-before-start', 'after-last-reading', 'no-return-to-service', 'unknown-mode']),
  /** error: it can't serve as a label as it stands; warning: it is doubtful; note: it is worth a look. */
  severity: z.enum(['note', 'warning', 'error']),
  event: EventId,
  /** The other event, for double entries and overlaps. */
  other: EventId.nullable(),
  asset: AssetId,
  assetName: z.string(),
  kind: EventKind,
  mode: z.string(),
  start: Position,
  /** Figures for the sentence: readings before, distance to the other event, the mode that was probably meant ... */
  details: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  /** In one sentence, in English. */
  message: z.string(),
});
export type LabelFinding = z.infer<typeof LabelFinding>;

export const labels = {
  check: call('query').input(z.strictObject({ asset: AssetId.nullable().default(null) })).output(z.array(LabelFinding)),
  modes: call('query').input(z.strictObject({})).output(z.array(FailureMode)),
  /** Replaces the plant's list. A mode that events have can't be dropped, only taken out of use. */
  changeModes: call('command', 'state-conflict', 'input-invalid').input(z.strictObject({ modes: z.array(FailureMode).max(500) })).output(z.array(FailureMode)),
  /** Changes an event; the audit trail keeps what it was. */
  changeEvent: call('command', 'not-found', 'state-conflict', 'input-invalid')
    .input(z.strictObject({ event: EventId, kind: EventKind, mode: z.string().min(1).max(120), start: Position, end: Position.nullable(), comment: z.string().max(2000).nullable() }))
    .output(PlantEvent),
  removeEvent: call('command', 'not-found').input(z.strictObject({ event: EventId, reason: z.string().min(1).max(500) })).output(PlantEvent),
};
