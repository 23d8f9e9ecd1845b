import type { FlatRun } from './tally.ts';

/** What was seen in one period of the axis. */
export interface PeriodCounts {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly missing: number;
  readonly gaps: number;
  readonly flat: number;
  readonly spikes: number;
  readonly outOfRange: number;
}

type Counted = 'count' | 'missing' | 'gaps' | 'outOfRange' | 'beyond';

/** Counts by even periods of a span; none of them costs nothing. */
export class Periods {
  readonly #from: number;
  readonly #width: number;
  readonly #size: number;
  readonly #counts: Record<Counted, Uint32Array>;

  constructor(from: number, to: number, size: number) {
    this.#from = from;
    this.#width = (to - from) / Math.max(1, size) || 1;
    this.#size = size;
    const none = (): Uint32Array => new Uint32Array(size);
    this.#counts = { count: none(), missing: none(), gaps: none(), outOfRange: none(), beyond: none() };
  }

  #periodOf(at: number): number {
    return Math.min(this.#size - 1, Math.max(0, Math.floor((at - this.#from) / this.#width)));
  }

  add(what: Counted, at: number, number = 1): void {
    if (this.#size === 0) return;
    const counts = this.#counts[what];
    const period = this.#periodOf(at);
    counts[period] = (counts[period] ?? 0) + number;
  }

  /** All periods. @param isFar whether readings beyond the learned range are out of range @param both spikes among them, which count as spikes alone */
  counts(runs: readonly FlatRun[], spikes: readonly number[], isFar: boolean, both: readonly number[]): PeriodCounts[] {
    const flat = new Float64Array(this.#size);
    const spiked = new Uint32Array(this.#size);
    const twice = new Uint32Array(this.#size);
    if (this.#size > 0) {
      for (const at of spikes) spiked[this.#periodOf(at)] = (spiked[this.#periodOf(at)] ?? 0) + 1;
      for (const at of both) twice[this.#periodOf(at)] = (twice[this.#periodOf(at)] ?? 0) + 1;
      for (const run of runs) this.#spread(run, flat);
    }
    const { count, missing, gaps, outOfRange, beyond } = this.#counts;
    return Array.from({ length: this.#size }, (_, i) => ({
      from: this.#from + i * this.#width,
      to: this.#from + (i + 1) * this.#width,
      count: count[i] ?? 0,
      missing: missing[i] ?? 0,
      gaps: gaps[i] ?? 0,
      flat: Math.min(count[i] ?? 0, Math.round(flat[i] ?? 0)),
      spikes: spiked[i] ?? 0,
      outOfRange: (outOfRange[i] ?? 0) + (isFar ? (beyond[i] ?? 0) - (twice[i] ?? 0) : 0),
    }));
  }

  /** A run's readings over the periods that it lies in, as if evenly spaced. */
  #spread({ from, to, readings }: FlatRun, flat: Float64Array): void {
    const [first, last] = [this.#periodOf(from), this.#periodOf(to)];
    for (let i = first; i <= last; i += 1) {
      const start = Math.max(from, this.#from + i * this.#width);
      const end = Math.min(to, this.#from + (i + 1) * this.#width);
      flat[i] = (flat[i] ?? 0) + (to > from ? (readings * Math.max(0, end - start)) / (to - from) : readings);
    }
  }
}
