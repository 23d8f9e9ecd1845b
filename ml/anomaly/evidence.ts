import { Random } from '../dataset/random.ts';

/** Degrees of freedom of a healthy deviation: its scale is known from a handful of independent stretches alone. */
const FREEDOM = 5;
/** Share of the channels that a fault moves, and how many times further than healthy running. */
const MOVED = 0.15;
const WIDER = 3;
/** Random healthy machines that the limit is taken from, and deviations that theirs are picked from. */
const DRAWS = 100_000;
const POOL = 20_000;

/**
 * Evidence of one channel that it is moved by a fault: log of (1 - p + p f(z / wider) / wider / f(z)), f Student's t. It is
 * bounded: a single sensor, however far it goes, says only so much, and several together say more.
 * @param z deviation in standard deviations
 */
export const evidenceOf = (z: number): number => {
  const half = (FREEDOM + 1) / 2;
  const ratio = half * (Math.log1p((z * z) / FREEDOM) - Math.log1p((z * z) / (FREEDOM * WIDER * WIDER))) - Math.log(WIDER);
  return Math.log(1 - MOVED + MOVED * Math.exp(ratio));
};

/** One draw of Student's t: a normal over the root of a mean of squares. */
const studentT = (random: Random): number => {
  let square = 0;
  for (let at = 0; at < FREEDOM; at++) square += random.normal() ** 2;
  return random.normal() / Math.sqrt(square / FREEDOM);
};

/** The most that one channel can say. */
const MOST_OF_ONE = Math.log(1 - MOVED + MOVED * WIDER ** FREEDOM);
/** How much more than that is needed: one channel alone, however far it goes, is its sensor's matter and no anomaly of the machine. */
const MORE_THAN_ONE = 1.05;

/**
 * The sum of evidence that a healthy machine of so many channels passes in a share `rate` of its rows, and that no channel reaches alone.
 * @param rate small against 1 and not below 1 in 10,000
 */
export const evidenceLimit = (channels: number, rate: number, seed: number): number => {
  const random = Random.of(seed, 'evidence');
  const pool = Float64Array.from({ length: POOL }, () => evidenceOf(studentT(random)));
  const sums = Float64Array.from({ length: DRAWS }, () => {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += pool[random.integer(POOL)] ?? 0;
    return sum;
  }).sort();
  const usual = sums[Math.min(DRAWS - 1, Math.floor((1 - rate) * DRAWS))] ?? 0;
  return channels === 1 ? usual : Math.max(usual, MORE_THAN_ONE * MOST_OF_ONE);
};
