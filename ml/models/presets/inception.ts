import { channelDropout } from '../blocks/dropout.ts';
import { inceptionBlock } from '../blocks/inceptionBlock.ts';
import { segmentFeatures, segmentMeans } from '../blocks/timePooling.ts';
import type { BuildTrunk } from '../trunk.ts';

/** Inception blocks, averaged over parts of the window (InceptionTime; Ismail Fawaz et al. 2020). */
export const inception: BuildTrunk = (layout, inputs, config) => {
  const blocks = Array.from({ length: config.blocks }, (_, block) => inceptionBlock(layout, `inception${block}`, block === 0 ? inputs : config.filters, config));
  const drop = channelDropout(config.dropout / 2);
  return { features: segmentFeatures(config.window, config.filters), run: (x, pass) => segmentMeans(blocks.reduce((signal, block) => drop(block(signal, pass), pass), x)) };
};
