import { channelDropout } from '../blocks/dropout.ts';
import { residualBlock } from '../blocks/residualBlock.ts';
import { segmentFeatures, segmentMeans } from '../blocks/timePooling.ts';
import type { BuildTrunk } from '../trunk.ts';

/** Residual blocks, averaged over parts of the window (ResNet for time series; Wang, Yan and Oates 2017). */
export const residual: BuildTrunk = (layout, inputs, config) => {
  const blocks = Array.from({ length: config.blocks }, (_, block) => residualBlock(layout, `residual${block}`, block === 0 ? inputs : config.filters, config));
  const drop = channelDropout(config.dropout / 2);
  return { features: segmentFeatures(config.window, config.filters), run: (x, pass) => segmentMeans(blocks.reduce((signal, block) => drop(block(signal, pass), pass), x)) };
};
