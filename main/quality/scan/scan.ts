import { noValues } from '../learn/learn.ts';
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
/** Runs of this share of a flat line's length tell where a sensor rests. */
const REST_SHARE = 0.25;
/** A step between two readings longer than so many intervals, with rows between, lacks a reading. */
const LACKING_STEPS = 1.5;
/** As many spikes, or flat lines, and their distances as even as this, are a cycle of the machine. */
const CYCLE_EVENTS = 12;
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
  /** Readings beyond the learned range by their positions, the first of them. */
  readonly #beyondAt = new Map<number, number>();
  #between = 0;
  readonly #runs: FlatRun[] = [];
  #run: FlatRun | null = null;
  #changes = 0;
  #lastRow = NaN;
  #lastReading = NaN;
  /** Rows without a reading since the last one. */
  #empty = 0;
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
    const readAt = new Float64Array(positions.length);
    const read = new Float64Array(positions.length);
    let count = 0;
    for (let i = 0; i < values.length; i += 1) {
      const at = positions[i] ?? NaN;
      const value = values[i] ?? NaN;
      this.#takeRow(at);
      if (value !== value) {
        this.#empty += 1;
        continue;
      }
      this.#takeStep(at);
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
    const found = [...this.#found, ...waiting];
    const counted = isEven(found) ? [] : found;
    const spikes = counted.length === 0 ? new Tally() : new Tally().with(this.#spikesMore);
    for (const at of counted) spikes.add(at);
    const flat = new Tally();
    const runs = this.#flatRuns();
    for (const { from, to, readings } of runs) {
      flat.add(from, readings);
      flat.add(to, 0);
    }
    const far = this.#isFar() ? this.#beyond : new Tally();
    // What stands out of its neighbours and lies far beyond all others is told once, as a spike.
    const both = far.count === 0 ? [] : counted.filter((at) => this.#beyondAt.has(at));
    const alone = far.count === both.length ? new Tally() : far.less(both.length);
    return {
      rows: this.#rows, readings: this.#readings, missing: this.#missing, gaps: this.#gaps, gapLength: this.#gapLength, flat, spikes, drift: this.#drift,
      outOfRange: this.#outside.with(alone),
      isConstant: this.#readings > 0 && this.#changes === 0,
      periods: this.#periods.counts(runs, counted, far.count > 0, both),
    };
  }

  /** Whether readings lie far beyond the usual ones with next to none between, and not as a cycle of the machine brings them. */
  #isFar(): boolean {
    if (this.#beyond.count === 0 || this.#between > 0.05 * this.#beyond.count) return false;
    return !isEven([...this.#beyondAt].flatMap(([at, value]) => (noValues.has(value) ? [] : [at])));
  }

  /** A row, whether it has a reading or not: where none comes for long there is a gap. */
  #takeRow(at: number): void {
    const { interval, gapFactor } = this.#rules;
    const step = at - this.#lastRow;
    this.#lastRow = at;
    if (interval === null || !(step > interval * gapFactor)) return;
    this.#gaps.add(at - step);
    this.#gaps.add(at, 0);
    this.#gapLength += step - interval;
    this.#periods.add('gaps', at - step);
  }

  /** The step from the reading before, with as many rows between that have none. */
  #takeStep(at: number): void {
    const { interval, gapFactor, isRegular, tolerance } = this.#rules;
    const step = at - this.#lastReading;
    const empty = this.#empty;
    this.#lastReading = at;
    this.#empty = 0;
    if (interval === null || step !== step) return;
    // A sensor that is read with every tenth row of its file lacks nothing in the nine between; where rows come by the clock, one that is not there is lacking too.
    const lost = step > LACKING_STEPS * interval ? Math.round(step / interval) - 1 : 0;
    const lacking = empty === 0 && (!isRegular || step > interval * gapFactor) ? 0 : empty === 0 ? lost : Math.min(empty, lost);
    if (lacking > 0) {
      this.#missing.add(at - step, lacking);
      this.#missing.add(at, 0);
      this.#periods.add('missing', at - step / 2, lacking);
      return;
    }
    if (!isRegular || step > interval * gapFactor) return;
    this.#steps += 1;
    if (Math.abs(step / interval - 1) > tolerance) this.#oddSteps += 1;
    if (this.#steps < DRIFT_BLOCK) return;
    // More than half of them: the median step is another one.
    if (this.#oddSteps > DRIFT_BLOCK / 2) this.#drift.add(at, DRIFT_BLOCK);
    this.#steps = 0;
    this.#oddSteps = 0;
  }

  #takeValue(at: number, value: number): void {
    const { limits, learned } = this.#rules;
    if (value < limits.low || value > limits.high) {
      this.#outside.add(at);
      this.#periods.add('outOfRange', at);
    } else if (learned !== null && (value < learned.near.low || value > learned.near.high)) {
      if (value < learned.far.low || value > learned.far.high) {
        this.#beyond.add(at);
        if (this.#beyondAt.size < MOST_RUNS) this.#beyondAt.set(at, value);
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
    const { flatReadings } = this.#rules;
    if (run !== null && flatReadings !== null && run.readings >= REST_SHARE * flatReadings && this.#runs.length <= MOST_RUNS) this.#runs.push(run);
  }

  /** The long runs, but for those at a value of rest; the one that goes on is among them. */
  #flatRuns(): FlatRun[] {
    const { flatReadings, isFlatChosen } = this.#rules;
    if (flatReadings === null) return [];
    const runs = this.#run === null ? this.#runs : [...this.#runs, this.#run];
    const long = runs.filter(({ readings }) => readings >= flatReadings);
    if (isFlatChosen) return long;
    // A controller that holds the last values while its machine stands still does so every night.
    if (runs.length > MOST_RUNS || isEven(long.map(({ from }) => from))) return [];
    const isRest = restsOf(runs.filter(({ readings }) => readings >= REST_SHARE * flatReadings), this.#rules);
    return long.filter(({ value }) => !isRest(value));
  }
}

/** Tells the values of rest: those, or the ends of the usual range, at which a sensor has stood still several times. */
const restsOf = (runs: readonly FlatRun[], { quantum, ends }: ScanRules): ((value: number) => boolean) => {
  const times = new Map<number, number>();
  for (const { value } of runs) times.set(value, (times.get(value) ?? 0) + 1);
  const rests = [...times].flatMap(([value, count]) => (count >= RUNS_OF_REST ? [value] : []));
  const low = ends !== null && runs.filter(({ value }) => value <= ends.low).length >= RUNS_OF_REST ? ends.low : -Infinity;
  const high = ends !== null && runs.filter(({ value }) => value >= ends.high).length >= RUNS_OF_REST ? ends.high : Infinity;
  return (value) => value <= low || value >= high || rests.some((rest) => Math.abs(rest - value) <= quantum * 1.01);
};

/** Whether something comes so evenly that it is a cycle of the machine. */
const isEven = (positions: readonly number[]): boolean => {
  if (positions.length < CYCLE_EVENTS) return false;
  const steps = positions.slice(1).map((at, i) => at - (positions[i] ?? 0)).sort((a, b) => a - b);
  const middle = steps[steps.length >> 1] ?? 0;
  const [low, high] = [steps[Math.floor(steps.length * 0.1)] ?? 0, steps[Math.floor(steps.length * 0.9)] ?? 0];
  return middle > 0 && (high - low) / middle <= 2 * CYCLE_SPREAD;
};
