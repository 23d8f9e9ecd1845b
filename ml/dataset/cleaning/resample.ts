import type { Resampling } from '../../documents/cleaning.ts';

export interface Series {
  readonly positions: Float64Array;
  readonly values: Float64Array;
}

type Take = (position: number, value: number) => void;

const reduced: Readonly<Record<Resampling['how'], (values: readonly number[]) => number>> = {
  mean: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  median: (values) => {
    const sorted = values.toSorted((a, b) => a - b);
    const middle = sorted.length >> 1;
    return sorted.length % 2 === 1 ? (sorted[middle] ?? NaN) : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
  },
  last: (values) => values.at(-1) ?? NaN,
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
};

/**
 * Readings in order become one a step, which stands at the step's end, as rows of a grid do: the reading at k * step knows nothing later.
 * A step without a reading has none.
 */
export class Resampler {
  readonly #resampling: Resampling;
  readonly #take: Take;
  #bucket = NaN;
  #values: number[] = [];

  constructor(resampling: Resampling, take: Take) {
    this.#resampling = resampling;
    this.#take = take;
  }

  add(position: number, value: number): void {
    const bucket = Math.ceil(position / this.#resampling.step);
    if (bucket !== this.#bucket) this.end();
    this.#bucket = bucket;
    this.#values.push(value);
  }

  /** Gives what has come of the last step. */
  end(): void {
    if (this.#values.length > 0) this.#take(this.#bucket * this.#resampling.step, reduced[this.#resampling.how](this.#values));
    this.#values = [];
  }
}
