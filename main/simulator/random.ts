import { z } from 'zod';

/** The four words of the generator: written to state.json, so that a plant goes on with the same numbers after a restart. */
export const RandomState = z.tuple([z.int(), z.int(), z.int(), z.int()]);
export type RandomState = z.infer<typeof RandomState>;

/** Seeded random numbers: sfc32 (Chris Doty-Humphrey, PractRand), which passes its tests and has a state of four words. */
export class Random {
  #state: RandomState;

  constructor(state: RandomState) {
    this.#state = [...state];
  }

  static seeded(seed: number): Random {
    const random = new Random([seed | 0, (seed * 2654435761) | 0, 0x9e3779b9 | 0, 1]);
    for (let i = 0; i < 20; i++) random.uniform();
    return random;
  }

  get state(): RandomState {
    return [...this.#state];
  }

  /** In [0, 1). */
  uniform(): number {
    const [a, b, c, d] = this.#state;
    const sum = (((a + b) | 0) + d) | 0;
    const rotated = (c << 21) | (c >>> 11);
    this.#state = [b ^ (b >>> 9), (c + (c << 3)) | 0, (rotated + sum) | 0, (d + 1) | 0];
    return (sum >>> 0) / 4294967296;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** Standard normal (Box and Muller 1958); two uniform numbers a call, always, so that streams stay in step. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  logNormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.normal());
  }

  /**
   * One step of a mean-reverting walk around zero with standard deviation `sigma` and memory of `hours`
   * (Ornstein and Uhlenbeck 1930, exact for any step: ten-minute and ten-second rows are of the same process).
   */
  wander(value: number, stepHours: number, hours: number, sigma: number): number {
    const kept = Math.exp(-stepHours / hours);
    return value * kept + sigma * Math.sqrt(1 - kept * kept) * this.normal();
  }
}
