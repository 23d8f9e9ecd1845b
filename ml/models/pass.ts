import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../dataset/random.ts';
import type { Slot } from './layout.ts';

/** The mean and variance that a batch normalisation met in one training batch. */
export interface BatchStatistic {
  readonly mean: Slot;
  readonly variance: Slot;
  readonly batchMean: tf.Tensor;
  readonly batchVariance: tf.Tensor;
}

/** A dropout mask that a layer asks for. */
export interface MaskShape {
  readonly shape: readonly number[];
  readonly rate: number;
}

/** A dropout mask, flat: 0 with probability `rate`, else 1 / (1 - rate), so that the expectation stays. */
export const drawMask = (random: Random, { shape, rate }: MaskShape): Float32Array => {
  const mask = new Float32Array(shape.reduce((product, side) => product * side, 1));
  random.zeroes(mask, rate, 1 / (1 - rate));
  return mask;
};

/**
 * One pass of a batch through a network: where its layers find their tensors, draw their dropout masks and leave what they
 * met. Without `random` it is a prediction: no dropout, moving statistics.
 */
export class Pass {
  readonly met: BatchStatistic[] = [];
  /** The dropout masks that the layers asked for, in their order. */
  readonly asked: MaskShape[] = [];
  private readonly tensors: ReadonlyMap<Slot, tf.Tensor>;
  private readonly random: Random | null;
  private readonly masks: readonly tf.Tensor[];

  /** @param masks drawn beforehand, in the order in which the layers ask for them; the rest is drawn when it is asked for */
  constructor(tensors: ReadonlyMap<Slot, tf.Tensor>, random: Random | null, masks: readonly tf.Tensor[] = []) {
    this.tensors = tensors;
    this.random = random;
    this.masks = masks;
  }

  get training(): boolean {
    return this.random !== null;
  }

  tensor(slot: Slot): tf.Tensor {
    const found = this.tensors.get(slot);
    if (found === undefined) throw new Error(`The pass has no tensor for '${slot.name}'; expected one for every slot of the layout.`);
    return found;
  }

  /** Keeps what a batch normalisation met beyond the gradient's scope; whoever made the pass disposes of it. */
  meet(statistic: BatchStatistic): void {
    this.met.push({ ...statistic, batchMean: tf.keep(statistic.batchMean), batchVariance: tf.keep(statistic.batchVariance) });
  }

  /** A dropout mask (see `drawMask`). */
  mask(shape: number[], rate: number): tf.Tensor {
    const { random } = this;
    if (random === null) throw new Error('A prediction draws no dropout mask.');
    const drawn = this.masks[this.asked.length];
    this.asked.push({ shape, rate });
    return drawn ?? tf.tensor(drawMask(random, { shape, rate }), shape);
  }
}
