/** The whole state of a generator: four 32-bit words. */
export type RandomState = readonly [number, number, number, number];

/**
 * A seeded generator whose state can be stored and put back, so that a resumed training run draws what the uninterrupted one
 * would have drawn. Source: sfc32, Chris Doty-Humphrey, PractRand (passes its battery; period about 2^128 on average).
 */
export class Random {
  private a = 0;
  private b = 0;
  private c = 0;
  private counter = 1;

  private constructor(state: RandomState) {
    [this.a, this.b, this.c, this.counter] = state;
  }

  /** A generator for `seed` and a `purpose`: two purposes of one seed draw independently. */
  static of(seed: number, purpose: string): Random {
    let hash = 0x811c9dc5;
    for (const character of purpose) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
    const random = new Random([seed | 0, Math.floor(seed / 0x100000000) | 0, hash, 1]);
    for (let warmUp = 0; warmUp < 20; warmUp++) random.word();
    return random;
  }

  /** The generator that stood at `state`. */
  static from(state: RandomState): Random {
    return new Random(state);
  }

  state(): RandomState {
    return [this.a, this.b, this.c, this.counter];
  }

  private word(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** Uniform in [0, 1). */
  next(): number {
    return this.word() / 0x100000000;
  }

  /** Fills `target` with `otherwise`, and with 0 where a draw is below `rate`: what `next` would draw, in a third of its time. */
  zeroes(target: Float32Array, rate: number, otherwise: number): void {
    let { a, b, c, counter } = this;
    const below = rate * 0x100000000;
    for (let at = 0; at < target.length; at++) {
      const sum = (a + b + counter) | 0;
      counter = (counter + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + sum) | 0;
      // Not a choice: a branch that is taken at random costs as much as the draw.
      target[at] = otherwise * Number(sum >>> 0 >= below);
    }
    this.a = a;
    this.b = b;
    this.c = c;
    this.counter = counter;
  }

  /** A whole number, uniform in [0, below). */
  integer(below: number): number {
    return Math.floor(this.next() * below);
  }

  /** Standard normal (Box and Muller 1958). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }

  /** Shuffles in place (Fisher and Yates) and returns the same array. */
  shuffle<T extends Int32Array | number[]>(items: T): T {
    for (let last = items.length - 1; last > 0; last--) {
      const other = this.integer(last + 1);
      const kept = items[last] ?? 0;
      items[last] = items[other] ?? 0;
      items[other] = kept;
    }
    return items;
  }
}
