import type { Asset, Sensor } from '../contract/plant.ts';
import type { PlantEvent } from '../contract/data.ts';
import type { RetentionRule } from '../contract/storage.ts';
import type { ThinTask } from './series/series.ts';

const DAY = 86_400e6;
const SECOND = 1e6;

/**
 * How far before a known failure the readings are kept as they were measured: they are what failures are learned from, and no thinning gives
 * them back. A run-up begins with the machine's life (after the failure or maintenance before), and is no longer than this. Microseconds.
 */
export const RUN_UP = 365 * DAY;

/** A stretch of the axis, (from, to]. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The run-ups of a machine's known failures, in order. @param events of this machine */
export const runUpsOf = (events: readonly PlantEvent[]): Span[] => {
  const ends = events.filter(({ kind }) => kind === 'failure' || kind === 'maintenance').sort((a, b) => a.start - b.start);
  return ends.flatMap((event, i) => {
    if (event.kind !== 'failure') return [];
    const before = ends[i - 1];
    return [{ from: Math.max(event.start - RUN_UP, before === undefined ? -Infinity : (before.end ?? before.start)), to: event.start }];
  });
};

/** The parts of a span that none of the others covers. */
export const without = (span: Span, others: readonly Span[]): Span[] => {
  let rest: Span[] = [span];
  for (const other of others) {
    rest = rest.flatMap(({ from, to }) =>
      other.to <= from || other.from >= to ? [{ from, to }] : [{ from, to: Math.min(to, other.from) }, { from: Math.max(from, other.to), to }].filter((part) => part.to > part.from),
    );
  }
  return rest;
};

const overlapOf = (a: Span, b: Span): Span[] => {
  const [from, to] = [Math.max(a.from, b.from), Math.min(a.to, b.to)];
  return to > from ? [{ from, to }] : [];
};

/** The first rule that fits a sensor, or none. */
export const ruleFor = (rules: readonly RetentionRule[], sensor: Sensor): RetentionRule | undefined =>
  rules.find((rule) => (rule.asset === null || rule.asset === sensor.asset) && (rule.sensor === null || rule.sensor === sensor.id));

export interface RetentionPlan {
  readonly tasks: ThinTask[];
  /** Where readings are old enough and kept all the same. */
  readonly kept: Span[];
}

/** Whole steps inside a span: what is left over at its edges waits until its step is over. */
const inSteps = ({ from, to }: Span, step: number): Span[] => {
  const whole = { from: from === -Infinity ? from : Math.ceil(from / step) * step, to: Math.floor(to / step) * step };
  return whole.to > whole.from ? [whole] : [];
};

/**
 * What a rule asks of one sensor now.
 * @param runUps of its machine; they are left as they are
 * @param now microseconds since 1970
 */
export const planFor = (rule: RetentionRule | undefined, asset: Pick<Asset, 'axis'>, sensor: Sensor, runUps: readonly Span[], now: number): RetentionPlan => {
  // A cycle count carries no clock: how old such readings are is not known.
  if (rule === undefined || rule.keepDays === null || asset.axis !== 'time') return { tasks: [], kept: [] };
  const old: Span = { from: -Infinity, to: now - rule.keepDays * DAY };
  const step = rule.thenEverySeconds === null ? null : rule.thenEverySeconds * SECOND;
  const goneAt = step === null ? old.to : rule.keepThinnedDays === null ? -Infinity : Math.min(old.to, now - rule.keepThinnedDays * DAY);
  const gone = overlapOf(old, { from: -Infinity, to: goneAt }).flatMap((span) => without(span, runUps));
  // Beside what is removed: a step that reaches into it is left until it is removed with it.
  const thin = step === null ? [] : overlapOf(old, { from: goneAt, to: old.to }).flatMap((span) => without(span, runUps)).flatMap((span) => inSteps(span, step));
  return {
    tasks: [
      ...gone.map((span) => ({ sensor: sensor.id, kind: sensor.kind, ...span, step: null })),
      ...thin.map((span) => ({ sensor: sensor.id, kind: sensor.kind, ...span, step })),
    ],
    kept: runUps.flatMap((runUp) => overlapOf(old, runUp)),
  };
};
