import { aroundOf, HALF, spreadOf } from './around.ts';

/** Readings whose noise is measured together. */
const BLOCK = 256;
/** Every so many of them are looked at for that. */
const STRIDE = 4;
/** Readings from the middle of the ones before to the middle of the ones after. */
const STEPS_BETWEEN = HALF + 1;
/** Above this share of a block they are no spikes: the machine does something else. */
const MOST_IN_BLOCK = 0.05;

export interface SpikeRule {
  readonly sigmas: number;
  /** Least spread; 0: nothing is a spike. */
  readonly sigma: number;
  /** Longest step between neighbours over which they are compared, in axis units. */
  readonly longestStep: number;
}

export type TakeSpike = (position: number, value: number) => void;

/**
 * Finds spikes in readings that come in pieces: a reading beyond the medians of its neighbours on both sides by so many robust standard
 * deviations of the noise around it. Keeps a few hundred readings.
 */
export class SpikeFinder {
  readonly #rule: SpikeRule;
  #positions = new Float64Array(0);
  #values = new Float64Array(0);
  /** Spread of the block before the one that waits. */
  #before = 0;

  constructor(rule: SpikeRule) {
    this.#rule = rule;
  }

  /** Takes the next readings and tells the spikes of all blocks that are whole. */
  feed(positions: Float64Array, values: Float64Array, take: TakeSpike): void {
    if (this.#rule.sigma === 0) return;
    this.#positions = joined(this.#positions, positions);
    this.#values = joined(this.#values, values);
    const blocks = Math.floor((this.#values.length - 2 * HALF) / BLOCK) - 1;
    if (blocks < 1) return;
    this.#before = this.#judge(blocks, take);
    this.#positions = this.#positions.slice(blocks * BLOCK);
    this.#values = this.#values.slice(blocks * BLOCK);
  }

  /** Tells the spikes among the readings that still wait for their successors, and keeps them waiting. */
  rest(take: TakeSpike): void {
    if (this.#rule.sigma > 0 && this.#values.length > 2 * HALF) this.#judge(Math.ceil((this.#values.length - 2 * HALF) / BLOCK), take);
  }

  /** @returns the spread of the last block that was judged */
  #judge(blocks: number, take: TakeSpike): number {
    const around = aroundOf(this.#values);
    const count = around.residual.length;
    const spreads = Array.from({ length: blocks + 1 }, (_, block) => spreadOf(around.residual, block * BLOCK, Math.min(count, (block + 1) * BLOCK), STRIDE));
    for (let block = 0; block < blocks; block += 1) {
      const spread = Math.max(this.#rule.sigma, spreads[block - 1] ?? this.#before, spreads[block] ?? 0, spreads[block + 1] ?? 0);
      const limit = this.#rule.sigmas * spread;
      const found: number[] = [];
      for (let i = block * BLOCK; i < Math.min(count, (block + 1) * BLOCK); i += 1) if ((around.excess[i] ?? 0) > limit && this.#isSpike(i, limit, around.excess[i] ?? 0, around.step[i] ?? 0)) found.push(i + HALF);
      if (found.length <= MOST_IN_BLOCK * BLOCK) for (const i of found) take(this.#positions[i] ?? NaN, this.#values[i] ?? NaN);
    }
    return spreads[blocks - 1] ?? 0;
  }

  /** A peak at a change of level (inrush of a starting motor) is none, nor is one beside a gap; one on a ramp is. */
  #isSpike(i: number, limit: number, excess: number, step: number): boolean {
    if (step - STEPS_BETWEEN * this.#slopeAt(i) > Math.max(limit, excess / 10)) return false;
    for (let k = i; k < i + 2 * HALF; k += 1) if ((this.#positions[k + 1] ?? 0) - (this.#positions[k] ?? 0) > this.#rule.longestStep) return false;
    return true;
  }

  /** Slope that both sides share, a reading; 0 where they differ in direction. */
  #slopeAt(i: number): number {
    const [before, after] = [this.#slopeFrom(i), this.#slopeFrom(i + HALF + 1)];
    return before > 0 === after > 0 ? Math.min(Math.abs(before), Math.abs(after)) : 0;
  }

  /** Median of the four moves of five readings: one of them may be a spike's. */
  #slopeFrom(from: number): number {
    let [sum, least, most] = [0, Infinity, -Infinity];
    for (let k = from; k < from + HALF - 1; k += 1) {
      const move = (this.#values[k + 1] ?? NaN) - (this.#values[k] ?? NaN);
      sum += move;
      least = Math.min(least, move);
      most = Math.max(most, move);
    }
    return (sum - least - most) / (HALF - 3);
  }
}

const joined = (first: Float64Array, second: Float64Array): Float64Array<ArrayBuffer> => {
  const all = new Float64Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
};
