import { channelDropout } from '../blocks/dropout.ts';
import { residualBlock } from '../blocks/residualBlock.ts';
import { meanAndLast } from '../blocks/timePooling.ts';
import type { BuildTrunk } from '../trunk.ts';

/** Residual blocks, pooled over time (ResNet for time series; Wang, Yan and Oates 2017). */
export const residual: BuildTrunk = (layout, inputs, config) => {
  const blocks = Array.from({ length: config.blocks }, (_, block) => residualBlock(layout, `residual${block}`, block === 0 ? inputs : config.filters, config));
  const drop = channelDropout(config.dropout / 2);
  return { features: 2 * config.filters, run: (x, pass) => meanAndLast(blocks.reduce((signal, block) => drop(block(signal, pass), pass), x)) };
};
