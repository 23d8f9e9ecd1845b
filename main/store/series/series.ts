import type { AssetId, Micros, SensorId } from '../../contract/values.ts';
import type { LookStep } from '../look.ts';
import type { Sealed } from './sealed.ts';

/** Rows of one asset, as ingest hands them over. */
export interface ColumnBatch {
  readonly asset: AssetId;
  /** [rows] axis positions: microseconds since 1970, or cycles. Finite; in any order; may repeat. */
  readonly positions: Float64Array;
  /** [rows] values each, in the sensor's unit. NaN: the row names the sensor, but has no value for it (missing). A sensor that the row doesn't speak of has no column. */
  readonly columns: readonly { readonly sensor: SensorId; readonly values: Float64Array }[];
  /** The batch as chunks, where another thread has worked them out: used where it lies behind all that is stored. */
  readonly sealed?: Sealed | null;
}

/** What became of a batch, counted as if its cells had come one after the other. */
export interface AppendCounts {
  /** Readings at positions where the sensor had none. */
  valuesStored: number;
  /** Rows of the batch that brought at least one such reading. */
  rowsStored: number;
  /** Rows among them that are older than the newest row that any of the batch's sensors had when they came. */
  late: number;
  /** Readings that were stored already, bit for bit. */
  duplicates: number;
  /** Readings that took the place of another value: the later one holds. */
  replaced: number;
  /** Cells without a value. */
  missing: number;
}

/** What is known of one series as a whole. */
export interface SeriesInfo {
  readonly sensor: SensorId;
  /** Stored readings. */
  readonly points: number;
  /** Positions at which the sensor was asked for and had no value. */
  readonly missing: number;
  /** Positions of the first and last reading; null when there is none. */
  readonly first: number | null;
  readonly last: number | null;
  /** When the newest batch with a reading came in; null when none did. */
  readonly receivedAt: Micros | null;
}

/** Readings in order of position, each position once. */
export interface Readings {
  readonly positions: Float64Array;
  readonly values: Float64Array;
}

/** What becomes of the readings of one sensor in (from, to]. */
export interface ThinTask {
  readonly sensor: SensorId;
  /** state: a mean of states is none; changes are kept, and the last reading of each step. */
  readonly kind: 'number' | 'state';
  /** Multiples of the step where there is one. */
  readonly from: number;
  readonly to: number;
  /** Axis units; null: the readings are removed. */
  readonly step: number | null;
}

/** What a part of a thinning task did, or would do. */
export interface Thinned {
  /** Readings that were merged into means. */
  readonly thinned: number;
  readonly removed: number;
  /** Up to where the task is done; its own end when it is over. */
  readonly until: number;
}

export interface SeriesPage {
  readonly sensor: SensorId;
  readonly from: number;
  /** Whether a reading at `from` itself is left out: it ended the page before. */
  readonly after: boolean;
  readonly to: number;
  readonly limit: number;
  /** Whether rows without a reading come too, as NaN; without it they are left out. */
  readonly withMissing?: boolean;
}

export interface GridRequest {
  /** The columns, in this order; they may belong to several assets. */
  readonly sensors: readonly SensorId[];
  /** Axis position of row 0. */
  readonly start: number;
  /** Axis units between rows. */
  readonly step: number;
  readonly rows: number;
}

/** A series reduced for a chart. Entry i spans [at[i], at[i + 1]), the last one up to and with `to`; null: nothing measured. */
export interface Columns {
  readonly at: number[];
  readonly min: (number | null)[];
  readonly max: (number | null)[];
  /** Stored readings in the span. */
  readonly points: number;
}

/** The readings of the plant: a hot tail that takes late and repeated ones, sealed chunks behind it (FORMAT.md). */
export interface SeriesStore {
  /**
   * Stores a batch; to be called inside plant.transaction, together with what says where the batch came from.
   * @throws AppError('input-invalid') when columns and positions differ in length or a position isn't finite; 'disk-full'; 'plant-damaged'
   */
  append(batch: ColumnBatch): AppendCounts;
  /**
   * Moves the tail into chunks where it has grown large, a part of the work a call, or all of it; what is read stays the same.
   * @param asset only this one's; undefined: every asset's
   * @returns rows that were moved
   */
  seal(asset?: AssetId, all?: boolean): number;
  /** The readings at positions from..to, both included, tail included. */
  read(sensor: SensorId, from?: number | null, to?: number | null): Readings;
  /**
   * At most `limit` readings at positions from..to (`after`: behind `from`), in order: a series of any length passes through page by page.
   * A page that is shorter than `limit` is the last.
   */
  readPage(page: SeriesPage): Readings;
  /**
   * Row-major [rows, sensors]: row k holds the mean of the readings in (start + (k - 1) * step, start + k * step], so that no row knows what came after it;
   * NaN where there is none.
   */
  readGrid(request: GridRequest): Float32Array;
  /**
   * At most about `columns` entries over from..to: every reading when there are few (at its own position; null where missing), else lowest and highest of each column.
   * On long spans columns begin at the first reading of a roll-up block of 64, which `at` tells exactly.
   */
  columns(sensor: SensorId, from: number | null, to: number | null, columns: number): Columns;
  info(sensor: SensorId): SeriesInfo;
  /** Of every sensor of the asset, in the order of plant.sensors.ofAsset. */
  infos(asset: AssetId): SeriesInfo[];
  /**
   * Thins or removes the next part of a task's readings (tail included), in a transaction of its own; what is younger isn't touched.
   * @param after up to where the task was done before; its `from` to begin with
   * @param grids an empty map to begin with, the same one for all sensors of a run; dropped when a part throws
   * @returns null when nothing is left to do
   */
  thin(task: ThinTask, after: number, grids: Map<string, number>): Thinned | null;
  /** What `thin` would do, counted the same. */
  previewThin(task: ThinTask, after: number): Thinned | null;
  /** Readings at (from, to] that haven't been thinned. */
  rawReadings(sensor: SensorId, from: number, to: number): number;
  /** What is wrong with the chunks, their grids and what is known of each series: a sentence each. Reads everything. */
  problems(): string[];
  /** The same a sensor a step: what is wrong is added to `problems`. */
  problemSteps(problems: string[]): Generator<LookStep, void, void>;
  /** Drops what is held in memory; everything is read again from the file when asked for. Called after a transaction was undone. */
  forget(): void;
}
