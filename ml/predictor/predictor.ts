import type { ModelDocument } from '../documents/model.ts';
import { MlError } from '../errors.ts';
import type { NormalisedRows } from '../dataset/gather.ts';
import { rowsForModel } from '../dataset/masks.ts';
import { buildNetwork, type Network } from '../models/network.ts';
import type { Weights } from '../models/predict.ts';
import { decodeWeights } from '../models/weights.ts';

/** A stored model, ready to predict. */
export interface Predictor {
  readonly document: ModelDocument;
  readonly network: Network;
  readonly weights: Weights;
}

/**
 * A predictor out of model.json and weights.bin.
 * @throws MlError 'model-damaged' when they don't fit together
 */
export const openPredictor = (document: ModelDocument, weights: Uint8Array): Predictor => {
  const network = buildNetwork(document.config, document.inputs.length + document.masks.length, document.fault?.classes.length);
  const named = [...network.parameters, ...network.statistics].map(({ name, shape }) => `${name}[${shape.join(',')}]`).join(' ');
  const stored = document.weights.map(({ name, shape }) => `${name}[${shape.join(',')}]`).join(' ');
  if (named !== stored) throw new MlError('model-damaged', `The model ${document.id} was stored with other layers than its configuration builds. Train it again.`);
  return { document, network, weights: decodeWeights(network, weights) };
};

/**
 * Raw rows of the model's sensors, as its network sees them.
 * @param values row-major [rows, sensors], in the order of the model's sensors
 */
export const normaliseFor = ({ document }: Predictor, values: Float32Array): NormalisedRows => rowsForModel(document, values);
