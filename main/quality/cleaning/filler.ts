type Take = (position: number, value: number) => void;

export interface FillRule {
  readonly how: 'none' | 'hold' | 'linear';
  /** Axis units. */
  readonly longest: number;
  /** Where values are put: so far from each other. */
  readonly step: number;
}

/** A hole is longer than this many steps. */
const HOLE_STEPS = 1.5;

/** Passes readings on and puts others into the holes between them. */
export class Filler {
  filled = 0;
  readonly #rule: FillRule;
  readonly #take: Take;
  #last: { position: number; value: number } | null = null;

  constructor(rule: FillRule, take: Take) {
    this.#rule = rule;
    this.#take = take;
  }

  add(position: number, value: number): void {
    const last = this.#last;
    if (last !== null && this.#rule.how !== 'none' && position - last.position > HOLE_STEPS * this.#rule.step) this.#fill(last, { position, value });
    this.#take(position, value);
    this.#last = { position, value };
  }

  #fill(last: { position: number; value: number }, next: { position: number; value: number }): void {
    const { how, longest, step } = this.#rule;
    const hole = next.position - last.position;
    if (how === 'linear' && hole > longest) return;
    const until = Math.min(next.position - step / 2, last.position + longest);
    for (let at = last.position + step; at <= until; at += step) {
      this.filled += 1;
      this.#take(at, how === 'hold' ? last.value : last.value + ((next.value - last.value) * (at - last.position)) / hole);
    }
  }
}
