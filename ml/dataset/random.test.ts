import { describe, expect, it } from 'vitest';
import { Random } from './random.ts';

describe('Random', () => {
  it('draws the same for the same seed and purpose, and differently for another', () => {
    const draw = (seed: number, purpose: string): number[] => {
      const random = Random.of(seed, purpose);
      return Array.from({ length: 5 }, () => random.next());
    };
    expect(draw(1, 'a')).toEqual(draw(1, 'a'));
    expect(draw(1, 'a')).not.toEqual(draw(2, 'a'));
    expect(draw(1, 'a')).not.toEqual(draw(1, 'b'));
  });

  it('goes on from a stored state', () => {
    const random = Random.of(7, 'state');
    random.next();
    const copy = Random.from(random.state());
    expect(copy.normal()).toBe(random.normal());
    expect(copy.integer(1000)).toBe(random.integer(1000));
  });

  it('fills a mask with what single draws give', () => {
    const [one, other] = [Random.of(5, 'mask'), Random.of(5, 'mask')];
    for (const rate of [0, 0.2, 1 / 3, 0.9]) {
      const mask = new Float32Array(1000);
      one.zeroes(mask, rate, 2);
      expect([...mask]).toEqual(Array.from(mask, () => (other.next() < rate ? 0 : 2)));
    }
    expect(one.state()).toEqual(other.state());
  });

  it('is uniform and normal within what 20,000 draws allow', () => {
    const random = Random.of(3, 'moments');
    const uniform = Array.from({ length: 20_000 }, () => random.next());
    const normal = Array.from({ length: 20_000 }, () => random.normal());
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(uniform)).toBeCloseTo(0.5, 1);
    expect(mean(normal)).toBeCloseTo(0, 1);
    expect(mean(normal.map((value) => value * value))).toBeCloseTo(1, 1);
  });

  it('shuffles without losing or doubling', () => {
    const items = Random.of(1, 'shuffle').shuffle(Int32Array.from({ length: 100 }, (_, at) => at));
    expect([...items].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, at) => at));
    expect(items[0] === 0 && items[1] === 1 && items[2] === 2).toBe(false);
  });
});
