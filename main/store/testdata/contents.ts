/**
 * What lies in plant-1.db.gz: a series a way in which format 1 can store values and positions. Never changed: the file is compared with it for ever.
 */
export interface OldSeries {
  readonly name: string;
  readonly positions: Float64Array;
  readonly values: Float64Array;
  /** Rows from the back that are left in the tail. */
  readonly inTail: number;
}

const rows = (count: number, at: (i: number) => number): Float64Array => Float64Array.from({ length: count }, (_, i) => at(i));

const SECOND = 1_000_000;
const START = 1_700_000_000 * SECOND;
const regular = rows(300, (i) => START + i * SECOND);
/** A generator of its own (Park and Miller 1988), so that no engine's Math.random is in the file. */
const noise = (count: number): Float64Array => {
  let state = 20_251_124;
  return rows(count, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  });
};
const random = noise(300);
/** Doubles of noise in every bit: what no compression makes smaller. */
const anyBits = (): Float64Array => {
  const bits = Uint32Array.from(noise(600), (v) => Math.floor(v * 2 ** 32));
  return new Float64Array(bits.buffer).map((v) => (Number.isNaN(v) ? 1 : v));
};

export const oldSeries: readonly OldSeries[] = [
  { name: 'decimal-walk', positions: regular, values: rows(300, (i) => Math.round(2000 + i * 3 + (random[i] ?? 0) * 20) / 100), inTail: 10 },
  { name: 'decimal-flat', positions: regular, values: rows(300, (i) => Math.round((random[i] ?? 0) * 900) / 10), inTail: 0 },
  { name: 'wide', positions: regular, values: rows(300, (i) => Math.round((random[i] ?? 0) * 2 ** 50) * (i % 2 === 0 ? 1 : -1)), inTail: 0 },
  { name: 'exceptions', positions: regular, values: rows(300, (i) => (i % 100 === 50 ? Math.PI * i : i === 120 ? -0 : i / 4)), inTail: 0 },
  { name: 'missing', positions: regular, values: rows(300, (i) => (i % 7 < 2 ? NaN : i / 10)), inTail: 70 },
  { name: 'constant', positions: regular, values: rows(300, () => 21.5), inTail: 0 },
  { name: 'empty', positions: regular, values: rows(300, () => NaN), inTail: 0 },
  { name: 'single-precision', positions: regular, values: rows(300, (i) => Math.fround((random[i] ?? 0) * 1e-9)), inTail: 0 },
  { name: 'double', positions: regular, values: rows(300, (i) => Math.sin((random[i] ?? 0) * 1e9) / 3), inTail: 5 },
  { name: 'extremes', positions: rows(8, (i) => START + i), values: Float64Array.of(Infinity, -Infinity, Number.MIN_VALUE, Number.MAX_VALUE, -0, 0, 2 ** 53, -1e22), inTail: 0 },
  { name: 'incompressible', positions: regular, values: anyBits(), inTail: 0 },
  { name: 'jitter', positions: rows(300, (i) => START + i * SECOND + Math.floor((random[i] ?? 0) * 1000) * 1000), values: rows(300, (i) => i), inTail: 0 },
  { name: 'gaps', positions: rows(300, (i) => START + i * SECOND + (i > 99 ? 2 ** 48 : 0) + (i > 200 ? 3 * SECOND : 0)), values: rows(300, (i) => i / 2), inTail: 0 },
  { name: 'fractions', positions: rows(300, (i) => i / 3 + i * i * 1e-7), values: rows(300, (i) => i % 5), inTail: 0 },
];
