import { dilatedBlock } from '../blocks/dilatedBlock.ts';
import { segmentFeatures, segmentMeans } from '../blocks/timePooling.ts';
import type { BuildTrunk } from '../trunk.ts';

/** Causal blocks whose reach doubles from one to the next, averaged over parts of the window (temporal convolutional network; Bai et al. 2018). */
export const dilated: BuildTrunk = (layout, inputs, config) => {
  const blocks = Array.from({ length: config.blocks }, (_, block) => dilatedBlock(layout, `dilated${block}`, block === 0 ? inputs : config.filters, 2 ** block, config));
  return { features: segmentFeatures(config.window, config.filters), run: (x, pass) => segmentMeans(blocks.reduce((signal, block) => block(signal, pass), x)) };
};
