import { z } from 'zod';
import { Resampling } from '../../ml/documents/cleaning.ts';
import { call } from './call.ts';
import { SeriesColumns } from './plant.ts';
import { AssetId, Axis, Micros, Position, SensorId } from './values.ts';

/**
 * What can be wrong with a sensor's readings (ISO 13374-1: data manipulation and state of the measurement chain). 'constant': the value
 * never changed; 'flat': it stood still for longer than this sensor does; 'copy': its readings are those of another sensor.
 */
export const QualityCode = z.enum(['no-readings', 'missing', 'gap', 'flat', 'constant', 'spike', 'out-of-range', 'interval-drift', 'duplicate-time', 'stuck-time', 'copy']);
export type QualityCode = z.infer<typeof QualityCode>;

/** One kind of thing that is wrong with one sensor, with its share of the score that it costs. */
export const QualityFinding = z.strictObject({
  code: QualityCode,
  /** How often: readings, steps or intervals, as the code has it. */
  count: z.int().nonnegative(),
  /** Share of the readings (or of the time) that is touched, 0 to 1. */
  share: z.number().min(0).max(1),
  /** Points taken from the score of 100. */
  cost: z.number().nonnegative(),
  first: Position.nullable(),
  last: Position.nullable(),
  /** For a copy: the sensor whose readings are the same. */
  other: SensorId.nullable(),
  /** 'machine / sensor' of it. */
  otherName: z.string().nullable(),
  /** For a copy: this sensor's readings are `scale` times the other's plus an offset; 1 and no offset: the very same. */
  scale: z.number().nullable(),
});
export type QualityFinding = z.infer<typeof QualityFinding>;

/** Thresholds by which a sensor's readings are judged: learned from its own readings, or set by people (null: learned). */
export const QualityThresholds = z.strictObject({
  /** Nominal step between readings, in axis units (microseconds or cycles). */
  interval: z.number().positive().nullable(),
  /** A step longer than this many nominal intervals is a gap. */
  gapFactor: z.number().min(1.5).nullable(),
  /** As many equal readings in a row are a flat line; for a sensor that stands still by nature, many. */
  flatReadings: z.int().min(3).nullable(),
  /** A reading further from its neighbours' median than this many robust standard deviations is a spike. */
  spikeSigmas: z.number().positive().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});
export type QualityThresholds = z.infer<typeof QualityThresholds>;

/** A sensor's quality over one span of its axis. */
export const QualityPeriod = z.strictObject({
  from: Position,
  to: Position,
  count: z.int(),
  /** Readings that the nominal interval would give. */
  expected: z.number(),
  missing: z.int(),
  gaps: z.int(),
  flat: z.int(),
  spikes: z.int(),
  outOfRange: z.int(),
  /** 0 to 100; null where nothing was expected. */
  score: z.number().nullable(),
});
export type QualityPeriod = z.infer<typeof QualityPeriod>;

/** What cleaning does with readings: a view, never a change of what is stored. */
export const CleaningRecipe = z.strictObject({
  version: z.literal(1),
  /** Readings that are left out, as if they were missing. */
  mask: z.array(z.enum(['spike', 'flat', 'out-of-range'])),
  /** Spans that people took out: a test run, a sensor on the bench. */
  spans: z.array(z.strictObject({ sensor: SensorId.nullable(), from: Position, to: Position, reason: z.string().min(1).max(500) })),
  /** What stands in for a missing reading. 'hold' looks back only; 'linear' looks ahead and is never used for training or forecasts. */
  fill: z.strictObject({
    how: z.enum(['none', 'hold', 'linear']),
    /** In axis units: how long a value is held, or the longest hole that is bridged linearly; null: as usual, 16 steps. */
    longest: z.number().positive().nullable(),
  }),
  /** Null: readings stay where they are. */
  resample: Resampling.nullable(),
});
export type CleaningRecipe = z.infer<typeof CleaningRecipe>;

/** The recipe of one machine and what it does to the readings now. */
export const Cleaning = z.strictObject({
  asset: AssetId,
  axis: Axis,
  recipe: CleaningRecipe,
  /** Null: the recipe that does nothing, which nobody has saved. */
  savedAt: Micros.nullable(),
});
export type Cleaning = z.infer<typeof Cleaning>;

/** One sensor before and after a recipe. */
export const CleaningPreview = z.strictObject({
  stored: SeriesColumns,
  cleaned: SeriesColumns,
  masked: z.strictObject({ spike: z.int(), flat: z.int(), outOfRange: z.int(), spans: z.int() }),
  filled: z.int(),
  readings: z.int(),
});
export type CleaningPreview = z.infer<typeof CleaningPreview>;

const span = { from: Position.nullable().default(null), to: Position.nullable().default(null) };

const Thresholds = z.strictObject({ sensor: SensorId, learned: QualityThresholds, chosen: QualityThresholds });

export const quality = {
  history: call('query', 'not-found').input(z.strictObject({ sensor: SensorId, periods: z.int().min(1).max(1000).default(60), ...span })).output(z.array(QualityPeriod)),
  thresholds: call('query', 'not-found').input(z.strictObject({ sensor: SensorId })).output(Thresholds),
  changeThresholds: call('command', 'not-found', 'input-invalid').input(z.strictObject({ sensor: SensorId, chosen: QualityThresholds })).output(Thresholds),
  cleaning: call('query', 'not-found').input(z.strictObject({ asset: AssetId })).output(Cleaning),
  changeCleaning: call('command', 'not-found', 'input-invalid').input(z.strictObject({ asset: AssetId, recipe: CleaningRecipe })).output(Cleaning),
  previewCleaning: call('query', 'not-found').input(z.strictObject({ sensor: SensorId, recipe: CleaningRecipe, columns: z.int().min(10).max(4000).default(800), ...span })).output(CleaningPreview),
};
