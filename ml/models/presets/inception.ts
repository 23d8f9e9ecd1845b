import { channelDropout } from '../blocks/dropout.ts';
import { inceptionBlock } from '../blocks/inceptionBlock.ts';
import { meanAndLast } from '../blocks/timePooling.ts';
import type { BuildTrunk } from '../trunk.ts';

/** Inception blocks, pooled over time (InceptionTime; Ismail Fawaz et al. 2020). */
export const inception: BuildTrunk = (layout, inputs, config) => {
  const blocks = Array.from({ length: config.blocks }, (_, block) => inceptionBlock(layout, `inception${block}`, block === 0 ? inputs : config.filters, config));
  const drop = channelDropout(config.dropout / 2);
  return { features: 2 * config.filters, run: (x, pass) => meanAndLast(blocks.reduce((signal, block) => drop(block(signal, pass), pass), x)) };
};
