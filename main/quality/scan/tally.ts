/** How often something was seen, and where first and last. */
export class Tally {
  count = 0;
  first: number | null = null;
  last: number | null = null;

  add(position: number, count = 1): void {
    this.count += count;
    this.first = this.first === null ? position : Math.min(this.first, position);
    this.last = this.last === null ? position : Math.max(this.last, position);
  }

  /** The same places with so many fewer. */
  less(count: number): Tally {
    const rest = this.with(new Tally());
    rest.count = Math.max(0, rest.count - count);
    return rest;
  }

  /** Both as one. */
  with(other: Tally): Tally {
    const sum = new Tally();
    for (const one of [this, other]) {
      sum.count += one.count;
      for (const at of [one.first, one.last]) if (at !== null) sum.add(at, 0);
    }
    return sum;
  }
}

/** A run of equal readings that is long for its sensor. */
export interface FlatRun {
  readonly value: number;
  readonly from: number;
  to: number;
  readings: number;
}
