import type { SensorCleaning } from '../../documents/cleaning.ts';

/** Readings before one that it is compared with. */
const WINDOW = 15;
/** With fewer of them nothing is a spike. */
const LEAST = 8;
/** Readings behind each other at a new level that make it a step: the ones before them were left out. */
const CONFIRMED_BY = 2;
const MAD_TO_SIGMA = 1.4826;

/** A stretch of the axis that people took out, ends included. */
export interface MaskedSpan {
  readonly from: number;
  readonly to: number;
}

export interface Masked {
  spike: number;
  flat: number;
  outOfRange: number;
  spans: number;
}

/** Readings before a stretch that decide about its first ones. */
export const contextOf = ({ spikeSigmas, flatReadings }: SensorCleaning): number => Math.max(spikeSigmas === null ? 0 : WINDOW + CONFIRMED_BY, flatReadings ?? 0);

const medianInPlace = (values: Float64Array, count: number): number => {
  for (let i = 1; i < count; i += 1) {
    const value = values[i] ?? NaN;
    let k = i - 1;
    for (; k >= 0 && (values[k] ?? NaN) > value; k -= 1) values[k + 1] = values[k] ?? NaN;
    values[k + 1] = value;
  }
  return values[count >> 1] ?? NaN;
};

/**
 * Leaves out readings by a sensor's rules, one after the other: nothing that comes later decides about a reading, so that what is learned
 * from and what is predicted from are masked alike. A spike is Hampel's (1974), of the readings before; a step is left out for its first two.
 */
export class Mask {
  readonly counts: Masked = { spike: 0, flat: 0, outOfRange: 0, spans: 0 };
  readonly #rule: SensorCleaning;
  readonly #spans: readonly MaskedSpan[];
  /** The last readings as they came, oldest overwritten first. */
  readonly #recent = new Float64Array(WINDOW);
  readonly #room = new Float64Array(WINDOW);
  #seen = 0;
  #run = 0;

  constructor(rule: SensorCleaning, spans: readonly MaskedSpan[] = []) {
    this.#rule = rule;
    this.#spans = spans;
  }

  /** Takes the next reading; whether it is left out. */
  takes(position: number, value: number): boolean {
    const { low, high, flatReadings } = this.#rule;
    this.#run = this.#seen > 0 && value === this.#at(1) ? this.#run + 1 : 1;
    const isSpike = this.#rule.spikeSigmas !== null && this.#isSpike(value, this.#rule.spikeSigmas);
    this.#recent[this.#seen % WINDOW] = value;
    this.#seen += 1;
    if (this.#spans.some(({ from, to }) => position >= from && position <= to)) this.counts.spans += 1;
    else if ((low !== null && value < low) || (high !== null && value > high)) this.counts.outOfRange += 1;
    else if (flatReadings !== null && this.#run >= flatReadings) this.counts.flat += 1;
    else if (isSpike) this.counts.spike += 1;
    else return false;
    return true;
  }

  /** The reading that came `back` before the next one. */
  #at(back: number): number {
    return this.#recent[(this.#seen - back) % WINDOW] ?? NaN;
  }

  #isSpike(value: number, sigmas: number): boolean {
    const count = Math.min(this.#seen, WINDOW);
    if (count < LEAST) return false;
    this.#room.set(this.#recent);
    const middle = medianInPlace(this.#room, count);
    const least = sigmas * this.#rule.sigma;
    if (Math.abs(value - middle) <= least) return false;
    for (let i = 0; i < count; i += 1) this.#room[i] = Math.abs((this.#recent[i] ?? NaN) - middle);
    const limit = Math.max(least, sigmas * medianInPlace(this.#room, count) * MAD_TO_SIGMA);
    if (limit === 0 || Math.abs(value - middle) <= limit) return false;
    for (let back = 1; back <= CONFIRMED_BY; back += 1) if (Math.abs(value - this.#at(back)) > limit) return true;
    return false;
  }
}
