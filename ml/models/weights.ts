import { MlError } from '../errors.ts';
import { sizeOf } from './layout.ts';
import type { Network } from './network.ts';
import type { Weights } from './predict.ts';

/** Weights as weights.bin holds them: parameters, then statistics, little-endian float32. */
export const encodeWeights = ({ parameters, statistics }: Weights): Uint8Array => {
  const view = new DataView(new ArrayBuffer(4 * (parameters.length + statistics.length)));
  [...parameters, ...statistics].forEach((value, at) => view.setFloat32(4 * at, value, true));
  return new Uint8Array(view.buffer);
};

/**
 * Weights of a network out of weights.bin.
 * @throws MlError 'model-damaged' when the length is not the network's or a weight is not a number
 */
export const decodeWeights = (network: Pick<Network, 'parameters' | 'statistics'>, bytes: Uint8Array): Weights => {
  const parameters = sizeOf(network.parameters);
  const count = parameters + sizeOf(network.statistics);
  if (bytes.byteLength !== 4 * count)
    throw new MlError('model-damaged', `The weights of the model should be ${4 * count} bytes, but are ${bytes.byteLength}. Train it again, or restore it from a backup.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = Float32Array.from({ length: count }, (_, at) => view.getFloat32(4 * at, true));
  if (!values.every(Number.isFinite)) throw new MlError('model-damaged', 'The weights of the model hold a value that is not a number. Train it again.');
  return { parameters: values.slice(0, parameters), statistics: values.slice(parameters) };
};
