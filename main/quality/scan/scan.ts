import { Periods, type PeriodCounts } from './periods.ts';
import type { ScanRules } from './rules.ts';
import { SpikeFinder } from './spikes.ts';
import { Tally, type FlatRun } from './tally.ts';

/** What a scan has seen so far. */
export interface ScanResult {
  readonly rows: number;
  readonly readings: number;
  readonly missing: Tally;
  readonly gaps: Tally;
  /** Axis units that lie in gaps, beyond one interval each. */
  readonly gapLength: number;
  readonly flat: Tally;
  readonly spikes: Tally;
  readonly outOfRange: Tally;
  /** Steps in stretches whose interval is another one. */
  readonly drift: Tally;
  readonly isConstant: boolean;
  readonly periods: PeriodCounts[];
}

/** Steps that are judged together for a drift of the interval. */
const DRIFT_BLOCK = 64;
/** Long runs that are kept one by one; of a sensor with more of them, standing still is the nature. */
const MOST_RUNS = 4096;
/** A value at which a sensor has stood still so often is one of its values of rest: a machine that is off, an end stop. */
const RUNS_OF_REST = 3;
/** As many spikes, and their distances as even as this, are a cycle of the machine. */
const CYCLE_SPIKES = 12;
const CYCLE_SPREAD = 0.15;

/** Reads the rows of one sensor in order, in pieces of any length, and counts what is wrong with them; see ScanResult. */
export class SensorScan {
  readonly #rules: ScanRules;
  readonly #periods: Periods;
  readonly #spikes: SpikeFinder;
  #rows = 0;
  #readings = 0;
  readonly #missing = new Tally();
  readonly #gaps = new Tally();
  #gapLength = 0;
  readonly #drift = new Tally();
  readonly #found: number[] = [];
  #spikesMore = new Tally();
  readonly #outside = new Tally();
  readonly #beyond = new Tally();
  #between = 0;
  readonly #runs: FlatRun[] = [];
  #run: FlatRun | null = null;
  #changes = 0;
  #lastRow = NaN;
  #steps = 0;
  #oddSteps = 0;

  constructor(rules: ScanRules, periods: Periods = new Periods(0, 0, 0)) {
    this.#rules = rules;
    this.#periods = periods;
    this.#spikes = new SpikeFinder({ sigmas: rules.spikeSigmas, sigma: rules.sigma, longestStep: (rules.interval ?? Infinity) * rules.gapFactor });
  }

  /** Position of the newest row that was taken. */
  get last(): number {
    return this.#lastRow;
  }

  get rows(): number {
    return this.#rows;
  }

  get readings(): number {
    return this.#readings;
  }

  /** The next rows, in order; NaN where a row has no reading. */
  feed(positions: Float64Array, values: Float64Array): void {
    this.#takeSteps(positions);
    const readAt = new Float64Array(positions.length);
    const read = new Float64Array(positions.length);
    let count = 0;
    for (let i = 0; i < values.length; i += 1) {
      const [at, value] = [positions[i] ?? NaN, values[i] ?? NaN];
      if (value !== value) {
        this.#missing.add(at);
        this.#periods.add('missing', at);
        continue;
      }
      readAt[count] = at;
      read[count] = value;
      count += 1;
      this.#periods.add('count', at);
      this.#takeValue(at, value);
    }
    this.#rows += positions.length;
    this.#readings += count;
    this.#spikes.feed(readAt.subarray(0, count), read.subarray(0, count), (at) => {
      if (this.#found.length < MOST_RUNS) this.#found.push(at);
      else this.#spikesMore.add(at);
    });
  }

  /** What was seen; more rows may follow. */
  result(): ScanResult {
    const waiting: number[] = [];
    this.#spikes.rest((at) => waiting.push(at));
    const spikes = new Tally().with(this.#spikesMore);
    const all = [...this.#found, ...waiting];
    const isCycle = isEven(all);
    if (!isCycle) for (const at of all) spikes.add(at);
    const flat = new Tally();
    const runs = this.#flatRuns();
    for (const { from, to, readings } of runs) {
      flat.add(from, readings);
      flat.add(to, 0);
    }
    const isFar = this.#beyond.count > 0 && this.#between <= 0.05 * this.#beyond.count;
    return {
      rows: this.#rows, readings: this.#readings, missing: this.#missing, gaps: this.#gaps, gapLength: this.#gapLength, flat, drift: this.#drift,
      spikes: isCycle ? new Tally() : spikes,
      outOfRange: isFar ? this.#outside.with(this.#beyond) : this.#outside,
      isConstant: this.#readings > 0 && this.#changes === 0,
      periods: this.#periods.counts(runs, isCycle ? [] : all, isFar),
    };
  }

  #takeSteps(positions: Float64Array): void {
    const { interval, gapFactor, isRegular, tolerance } = this.#rules;
    for (let i = 0; i < positions.length && interval !== null; i += 1) {
      const at = positions[i] ?? NaN;
      const step = at - this.#lastRow;
      this.#lastRow = at;
      if (step !== step) continue;
      if (step > interval * gapFactor) {
        this.#gaps.add(at - step);
        this.#gaps.add(at, 0);
        this.#gapLength += step - interval;
        this.#periods.add('gaps', at - step);
      }
      if (!isRegular) continue;
      this.#steps += 1;
      if (Math.abs(step / interval - 1) > tolerance) this.#oddSteps += 1;
      if (this.#steps < DRIFT_BLOCK) continue;
      // More than half of them: the median step is another one.
      if (this.#oddSteps > DRIFT_BLOCK / 2) this.#drift.add(at, DRIFT_BLOCK);
      this.#steps = 0;
      this.#oddSteps = 0;
    }
    this.#lastRow = positions.at(-1) ?? this.#lastRow;
  }

  #takeValue(at: number, value: number): void {
    const { limits, learned } = this.#rules;
    if (value < limits.low || value > limits.high) {
      this.#outside.add(at);
      this.#periods.add('outOfRange', at);
    } else if (learned !== null && (value < learned.near.low || value > learned.near.high)) {
      if (value < learned.far.low || value > learned.far.high) {
        this.#beyond.add(at);
        this.#periods.add('beyond', at);
      } else this.#between += 1;
    }
    const run = this.#run;
    if (run !== null && run.value === value) {
      run.to = at;
      run.readings += 1;
      return;
    }
    this.#endRun(run);
    if (run !== null) this.#changes += 1;
    this.#run = { value, from: at, to: at, readings: 1 };
  }

  #endRun(run: FlatRun | null): void {
    if (run !== null && run.readings >= (this.#rules.flatReadings ?? Infinity) && this.#runs.length <= MOST_RUNS) this.#runs.push(run);
  }

  /** The long runs, but for those at a value of rest; the one that goes on is among them. */
  #flatRuns(): FlatRun[] {
    const last = this.#run !== null && this.#run.readings >= (this.#rules.flatReadings ?? Infinity) ? [this.#run] : [];
    const runs = [...this.#runs, ...last];
    if (this.#rules.isFlatChosen) return runs;
    if (runs.length > MOST_RUNS) return [];
    const times = new Map<number, number>();
    for (const { value } of runs) times.set(value, (times.get(value) ?? 0) + 1);
    return runs.filter(({ value }) => (times.get(value) ?? 0) < RUNS_OF_REST);
  }
}

/** Whether spikes come so evenly that they are a cycle of the machine. */
const isEven = (positions: readonly number[]): boolean => {
  if (positions.length < CYCLE_SPIKES) return false;
  const steps = positions.slice(1).map((at, i) => at - (positions[i] ?? 0)).sort((a, b) => a - b);
  const middle = steps[steps.length >> 1] ?? 0;
  const [low, high] = [steps[Math.floor(steps.length * 0.1)] ?? 0, steps[Math.floor(steps.length * 0.9)] ?? 0];
  return middle > 0 && (high - low) / middle <= 2 * CYCLE_SPREAD;
};
