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

/**
 * One pass of a batch through a network: where its layers find their tensors, draw their dropout masks and leave what they
 * met. Without `random` it is a prediction: no dropout, moving statistics.
 */
export class Pass {
  readonly met: BatchStatistic[] = [];
  private readonly tensors: ReadonlyMap<Slot, tf.Tensor>;
  private readonly random: Random | null;

  constructor(tensors: ReadonlyMap<Slot, tf.Tensor>, random: Random | null) {
    this.tensors = tensors;
    this.random = random;
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

  /** A dropout mask: 0 with probability `rate`, else 1 / (1 - rate), so that the expectation stays. */
  mask(shape: number[], rate: number): tf.Tensor {
    const { random } = this;
    if (random === null) throw new Error('A prediction draws no dropout mask.');
    const kept = 1 / (1 - rate);
    const size = shape.reduce((product, side) => product * side, 1);
    const mask = new Float32Array(size);
    for (let at = 0; at < size; at++) mask[at] = random.next() < rate ? 0 : kept;
    return tf.tensor(mask, shape);
  }
}
