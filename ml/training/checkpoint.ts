import { z } from 'zod';
import { EpochRecord } from '../documents/history.ts';
import { MlError } from '../errors.ts';
import type { Weights } from '../models/predict.ts';
import type { FitState } from './state.ts';

/**
 * A checkpoint's bytes, little-endian:
 *   0  4 bytes  'MWCK'
 *   4  uint32   version, 1
 *   8  uint32   length of the header in bytes
 *  12  header   JSON, padded with spaces to a multiple of 4
 *   .  float32  parameters, statistics, Adam's two moments, then the averaged and the best weights where there are any
 */
const MAGIC = 0x4b43574d;
const VERSION = 1;
const PREFIX = 12;

const Header = z.strictObject({
  /** What the state belongs to: data fingerprint and configuration, as the writer put it. */
  owner: z.string(),
  parameters: z.int().nonnegative(),
  statistics: z.int().nonnegative(),
  averaged: z.boolean(),
  adamStep: z.int().nonnegative(),
  random: z.tuple([z.int(), z.int(), z.int(), z.int()]),
  history: z.array(EpochRecord),
  best: z.strictObject({ epoch: z.int(), loss: z.number(), settled: z.boolean() }).nullable(),
  elapsedMs: z.number(),
});

const arraysOf = (weights: Weights | null | undefined): Float32Array[] => (weights === null || weights === undefined ? [] : [weights.parameters, weights.statistics]);

/** The state as bytes. @param owner data fingerprint and configuration that it belongs to */
export const encodeCheckpoint = (state: FitState, owner: string): Uint8Array => {
  const header: z.infer<typeof Header> = {
    owner,
    parameters: state.weights.parameters.length,
    statistics: state.weights.statistics.length,
    averaged: state.average !== null,
    adamStep: state.adam.step,
    random: [...state.random],
    history: state.history,
    best: state.best === null ? null : { epoch: state.best.epoch, loss: state.best.loss, settled: state.best.settled },
    elapsedMs: state.elapsedMs,
  };
  const text = JSON.stringify(header);
  const encoded = new TextEncoder().encode(text);
  const length = Math.ceil(encoded.length / 4) * 4;
  const arrays = [...arraysOf(state.weights), state.adam.first, state.adam.second, ...arraysOf(state.average), ...arraysOf(state.best?.weights)];
  const bytes = new Uint8Array(PREFIX + length + 4 * arrays.reduce((sum, array) => sum + array.length, 0)).fill(0x20, 0, PREFIX + length);
  const view = new DataView(bytes.buffer);
  [MAGIC, VERSION, length].forEach((word, at) => view.setUint32(4 * at, word, true));
  bytes.set(encoded, PREFIX);
  let at = PREFIX + length;
  for (const array of arrays)
    for (const value of array) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  return bytes;
};

const damaged = (why: string): MlError => new MlError('model-damaged', `The checkpoint can't be read: ${why}. Start the training again.`);

/** The header of a checkpoint. @throws MlError 'model-damaged' */
const readHeader = (bytes: Uint8Array): { header: z.infer<typeof Header>; end: number } => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < PREFIX || view.getUint32(0, true) !== MAGIC) throw damaged('it is not one');
  if (view.getUint32(4, true) !== VERSION) throw damaged(`its version is ${view.getUint32(4, true)}, expected ${VERSION}`);
  const end = PREFIX + view.getUint32(8, true);
  const text = new TextDecoder().decode(bytes.subarray(PREFIX, end));
  try {
    return { header: Header.parse(JSON.parse(text)), end };
  } catch (thrown) {
    throw damaged(thrown instanceof Error ? thrown.message : String(thrown));
  }
};

/**
 * The state that `encodeCheckpoint` wrote, bit for bit.
 * @returns null when it belongs to other data or another configuration
 * @throws MlError 'model-damaged' when the bytes are not a whole checkpoint
 */
export const decodeCheckpoint = (bytes: Uint8Array, owner: string): FitState | null => {
  const { header, end } = readHeader(bytes);
  if (header.owner !== owner) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = end;
  const take = (length: number): Float32Array => {
    if (at + 4 * length > bytes.byteLength) throw damaged('it ends too early');
    const array = Float32Array.from({ length }, (_, index) => view.getFloat32(at + 4 * index, true));
    at += 4 * length;
    return array;
  };
  const takeWeights = (): Weights => ({ parameters: take(header.parameters), statistics: take(header.statistics) });
  const weights = takeWeights();
  const adam = { first: take(header.parameters), second: take(header.parameters), step: header.adamStep };
  const average = header.averaged ? takeWeights() : null;
  const best = header.best === null ? null : { ...header.best, weights: takeWeights() };
  return { weights, average, adam, random: header.random, history: header.history, best, elapsedMs: header.elapsedMs };
};
