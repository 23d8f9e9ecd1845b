import { describe, expect, it } from 'vitest';
import { Random } from '../random.ts';
import { movementBeforeFailures, rowsOfDeparture, type FailedRows } from './movement.ts';

/** Lives of two sensors: what `shape` makes of the first, and a random walk. */
const lives = (count: number, seed: number, shape: (share: number, life: number, random: Random) => number, modeOf = (_life: number) => 'BRD'): FailedRows[] => {
  const random = Random.of(seed, 'lives');
  return Array.from({ length: count }, (_, life) => {
    const rows = 100 + random.integer(60);
    let walk = 0;
    const values = Float32Array.from({ length: 2 * rows }, (_unused, at) => (at % 2 === 0 ? shape(at / 2 / rows, life, random) : (walk += random.normal())));
    return { rows, values, mode: modeOf(life) };
  });
};
const rising = (share: number, _life: number, random: Random): number => 20 * share ** 4 + random.normal();

describe('movement before failures', () => {
  it('is seen where a sensor rises before each of them, and not on a random walk', () => {
    const { p, strongest, sensors, permutations } = movementBeforeFailures(lives(8, 1, rising), 2);
    expect({ strongest, permutations }).toEqual({ strongest: 0, permutations: 256 });
    expect(p).toBeLessThan(0.02);
    expect(sensors[0]?.movement).toBeGreaterThan(0.8);
    expect(sensors[1]?.p).toBeGreaterThan(0.05);
  });

  it('keeps its promise where nothing moves: of 200 sets of random walks about one in twenty is below 0.05', () => {
    let below = 0;
    for (let seed = 0; seed < 200; seed++) {
      let walk = 0;
      if (movementBeforeFailures(lives(8, seed, (share, _life, random) => (walk = share === 0 ? 0 : walk + random.normal())), 2).p < 0.05) below++;
    }
    expect(below).toBeLessThan(22);
  });

  it('sees two failure modes that move a sensor in opposite directions', () => {
    const mixed = lives(12, 3, (share, life, random) => (life % 2 === 0 ? 1 : -1) * 20 * share ** 4 + random.normal(), (life) => (life % 2 === 0 ? 'BRD' : 'VIB'));
    expect(movementBeforeFailures(mixed, 2).p).toBeLessThan(0.02);
    expect(movementBeforeFailures(mixed.map((life) => ({ ...life, mode: 'UNK' })), 2).p).toBeGreaterThan(0.05);
  });

  it('says that few lives can tell nothing, and that an empty sensor was not measured', () => {
    expect(movementBeforeFailures(lives(4, 1, rising), 2).p).toBeGreaterThanOrEqual(2 ** -3);
    expect(movementBeforeFailures([], 2)).toMatchObject({ p: 1, lives: 0, strongest: null });
    expect(movementBeforeFailures(lives(6, 1, () => Number.NaN), 2).sensors[0]).toEqual({ movement: null, p: null });
  });

  it('draws the signs of many lives, the same each time', () => {
    const many = lives(30, 4, rising);
    expect(movementBeforeFailures(many, 2)).toEqual(movementBeforeFailures(many, 2));
    expect(movementBeforeFailures(many, 2)).toMatchObject({ permutations: 2000, strongest: 0 });
  });
});

it('finds when a sensor left its earlier range for good', () => {
  const [step] = lives(1, 5, (share, _life, random) => (share > 0.8 ? 10 : 0) + random.normal());
  const [none] = lives(1, 5, (_share, _life, random) => random.normal());
  if (step === undefined || none === undefined) throw new Error('two lives were made');
  expect(rowsOfDeparture(step, 2, 0)).toBeGreaterThan(0.15 * step.rows);
  expect(rowsOfDeparture(step, 2, 0)).toBeLessThan(0.23 * step.rows);
  expect(rowsOfDeparture(none, 2, 0)).toBeNull();
});
