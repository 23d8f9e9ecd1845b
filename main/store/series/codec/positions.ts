import { pack, unpackNarrow, unpackWide, widthOf, wordsOf } from './bits.ts';
import { aligned, damaged, finishBody, HEADER_BYTES, openBody, type OpenBody, type Where } from './body.ts';
import { compressNumbers, decompressNumbers } from './shuffle.ts';

/** What the payload of a grid body is (FORMAT.md). */
const Kind = { regular: 0, deltas: 1, float64: 2 } as const;
const COMPRESSED = 1;

/** Rows whose first position is kept whole: those of one roll-up entry, so that charts find a block without unpacking positions. */
export const GRID_BLOCK = 64;

const narrow = new Uint32Array(GRID_BLOCK);
const wide = new Float64Array(GRID_BLOCK);

const isRegular = (positions: Float64Array, start: number, step: number): boolean => {
  for (let i = 0; i < positions.length; i += 1) if (start + i * step !== positions[i]) return false;
  return true;
};

const greatestCommonDivisor = (a: number, b: number): number => {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
};

/** Whether all are whole numbers, their greatest common distance, and the smallest distance in units of it. */
const measure = (positions: Float64Array): { divisor: number; base: number } | null => {
  let divisor = 0;
  let least = Infinity;
  for (let i = 0; i < positions.length; i += 1) {
    const at = positions[i] ?? 0;
    if (!Number.isSafeInteger(at)) return null;
    if (i === 0) continue;
    const distance = at - (positions[i - 1] ?? 0);
    if (!Number.isSafeInteger(distance)) return null;
    if (distance < least) least = distance;
    if (divisor !== 1 && (divisor === 0 || distance % divisor !== 0)) divisor = greatestCommonDivisor(distance, divisor);
  }
  return { divisor, base: least / divisor };
};

const blocksOf = (rows: number): number => Math.ceil(rows / GRID_BLOCK);
const DELTAS_HEAD = HEADER_BYTES + 16;

const encodeDeltas = (positions: Float64Array, divisor: number, base: number): Uint8Array => {
  const rows = positions.length;
  const blocks = blocksOf(rows);
  const distances = new Float64Array(rows);
  const widths = new Uint8Array(blocks);
  let words = 0;
  for (let block = 0; block < blocks; block += 1) {
    const end = Math.min(rows, (block + 1) * GRID_BLOCK);
    let max = 0;
    // A block's first position is kept whole, so its first distance isn't packed.
    for (let i = block * GRID_BLOCK + 1; i < end; i += 1) {
      const distance = ((positions[i] ?? 0) - (positions[i - 1] ?? 0)) / divisor - base;
      distances[i] = distance;
      if (distance > max) max = distance;
    }
    widths[block] = widthOf(max);
    words += wordsOf(end - block * GRID_BLOCK - 1, widths[block] ?? 0);
  }
  const at = DELTAS_HEAD + blocks * 8 + aligned(blocks);
  const body = new Uint8Array(at + words * 4);
  const view = new DataView(body.buffer);
  view.setFloat64(HEADER_BYTES, divisor, true);
  view.setFloat64(HEADER_BYTES + 8, base, true);
  for (let block = 0; block < blocks; block += 1) view.setFloat64(DELTAS_HEAD + block * 8, positions[block * GRID_BLOCK] ?? 0, true);
  body.set(widths, DELTAS_HEAD + blocks * 8);
  const out = new Uint32Array(body.buffer);
  let word = at / 4;
  for (let block = 0; block < blocks; block += 1) {
    const from = block * GRID_BLOCK + 1;
    word = pack(distances, from, Math.min(rows, from - 1 + GRID_BLOCK) - from, widths[block] ?? 0, out, word);
  }
  return finishBody(body, { kind: Kind.deltas, first: 0, second: 0, a: rows, b: 0 });
};

const encodeFloats = (positions: Float64Array): Uint8Array => {
  const raw = new Uint8Array(positions.slice().buffer);
  const packed = compressNumbers(raw, 8);
  const payload = packed ?? raw;
  const body = new Uint8Array(HEADER_BYTES + payload.length);
  body.set(payload, HEADER_BYTES);
  return finishBody(body, { kind: Kind.float64, first: 0, second: packed === null ? 0 : COMPRESSED, a: positions.length, b: 0 });
};

/**
 * Positions as bytes, lossless. A regular grid takes 32 bytes, whatever its length.
 * @param positions [rows], at least one, strictly rising, finite
 */
export const encodePositions = (positions: Float64Array): Uint8Array => {
  const start = positions[0] ?? 0;
  const step = positions.length > 1 ? (positions[1] ?? 0) - start : 0;
  if (isRegular(positions, start, step)) {
    const body = new Uint8Array(HEADER_BYTES + 16);
    const view = new DataView(body.buffer);
    view.setFloat64(HEADER_BYTES, start, true);
    view.setFloat64(HEADER_BYTES + 8, step, true);
    return finishBody(body, { kind: Kind.regular, first: 0, second: 0, a: positions.length, b: 0 });
  }
  const measured = measure(positions);
  return measured === null ? encodeFloats(positions) : encodeDeltas(positions, measured.divisor, measured.base);
};

const readDeltas = ({ view, words, bytes, a: rows }: OpenBody, out: Float64Array): void => {
  const blocks = blocksOf(rows);
  const divisor = view.getFloat64(HEADER_BYTES, true);
  const base = view.getFloat64(HEADER_BYTES + 8, true);
  let word = (DELTAS_HEAD + blocks * 8 + aligned(blocks)) / 4;
  for (let block = 0; block < blocks; block += 1) {
    const from = block * GRID_BLOCK;
    const size = Math.min(GRID_BLOCK, rows - from) - 1;
    const width = bytes[DELTAS_HEAD + blocks * 8 + block] ?? 0;
    let at = view.getFloat64(DELTAS_HEAD + block * 8, true);
    out[from] = at;
    if (width > 32) unpackWide(words, word, size, width, wide);
    else unpackNarrow(words, word, size, width, narrow);
    const distances = width > 32 ? wide : narrow;
    for (let i = 0; i < size; i += 1) {
      at += (base + (distances[i] ?? 0)) * divisor;
      out[from + 1 + i] = at;
    }
    word += wordsOf(size, width);
  }
};

const readFloats = ({ bytes, second, a: rows }: OpenBody, out: Float64Array, where: Where): void => {
  const stored = bytes.subarray(HEADER_BYTES);
  const raw = (second & COMPRESSED) === 0 ? new Uint8Array(stored) : decompressNumbers(stored, 8, rows * 8, where);
  out.set(new Float64Array(raw.buffer, raw.byteOffset, rows));
};

/**
 * The positions of a body that encodePositions made.
 * @returns [rows], strictly rising
 * @throws AppError('plant-damaged' | 'plant-newer')
 */
export const decodePositions = (stored: Uint8Array, where: Where): Float64Array => {
  const body = openBody(stored, where);
  const { view, kind, a: rows } = body;
  const out = new Float64Array(rows);
  if (kind === Kind.regular) {
    const start = view.getFloat64(HEADER_BYTES, true);
    const step = view.getFloat64(HEADER_BYTES + 8, true);
    for (let i = 0; i < rows; i += 1) out[i] = start + i * step;
  } else if (kind === Kind.deltas) readDeltas(body, out);
  else if (kind === Kind.float64) readFloats(body, out, where);
  else throw damaged(where, `it holds positions of the unknown kind ${kind}`);
  return out;
};

/**
 * The first position of every 64 rows, without unpacking the others where the kind allows it.
 * @returns [ceil(rows / 64)]
 * @throws AppError('plant-damaged' | 'plant-newer')
 */
export const blockStarts = (stored: Uint8Array, where: Where): Float64Array => {
  const body = openBody(stored, where);
  const { view, kind, a: rows } = body;
  const starts = new Float64Array(blocksOf(rows));
  if (kind === Kind.regular) {
    const start = view.getFloat64(HEADER_BYTES, true);
    const step = view.getFloat64(HEADER_BYTES + 8, true);
    for (let block = 0; block < starts.length; block += 1) starts[block] = start + block * GRID_BLOCK * step;
  } else if (kind === Kind.deltas) {
    for (let block = 0; block < starts.length; block += 1) starts[block] = view.getFloat64(DELTAS_HEAD + block * 8, true);
  } else {
    const positions = decodePositions(stored, where);
    for (let block = 0; block < starts.length; block += 1) starts[block] = positions[block * GRID_BLOCK] ?? NaN;
  }
  return starts;
};
