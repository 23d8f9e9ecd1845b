import * as tf from '@tensorflow/tfjs-core';
import { convolutionUnit } from '../blocks/convolutionUnit.ts';
import { channelDropout } from '../blocks/dropout.ts';
import type { BuildTrunk } from '../trunk.ts';

/**
 * Convolutions one after the other, the whole window laid out as features: where in the window something happened matters.
 * After Li, Ding and Sun 2018 (deep CNN for remaining useful life).
 */
export const plain: BuildTrunk = (layout, inputs, config) => {
  const units = Array.from({ length: config.blocks }, (_, block) =>
    convolutionUnit(layout, `plain${block}`, { channels: block === 0 ? inputs : config.filters, filters: config.filters, kernel: config.kernel }, config),
  );
  const drop = channelDropout(config.dropout / 2);
  return {
    features: config.window * config.filters,
    run: (x, pass) => {
      const y = units.reduce((signal, unit) => drop(unit(signal, pass), pass), x);
      return tf.reshape<tf.Rank.R2>(y, [x.shape[0], config.window * config.filters]);
    },
  };
};
