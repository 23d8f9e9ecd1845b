import type { TrainingConfig } from '../../documents/config.ts';
import { relu } from './relu.ts';
import type { Layout } from '../layout.ts';
import { batchNormalisation } from './batchNormalisation.ts';
import { convolution, type ConvolutionShape, type Layer } from './convolution.ts';

/** Convolution, then batch normalisation when the configuration asks for it (the convolution then has no bias): no activation. */
export const normalisedConvolution = (layout: Layout, name: string, shape: Omit<ConvolutionShape, 'bias'>, config: TrainingConfig): Layer => {
  const convolve = convolution(layout, name, { ...shape, bias: !config.batchNormalisation });
  if (!config.batchNormalisation) return convolve;
  const normalise = batchNormalisation(layout, `${name}/norm`, shape.filters);
  return (x, pass) => normalise(convolve(x, pass), pass);
};

/** Convolution, normalisation, ReLU: the plain unit of every preset. */
export const convolutionUnit = (layout: Layout, name: string, shape: Omit<ConvolutionShape, 'bias'>, config: TrainingConfig): Layer => {
  const convolve = normalisedConvolution(layout, name, shape, config);
  return (x, pass) => relu(convolve(x, pass));
};
