const RAPID_MS = 120;
const STILL_MS = 80;
const LONGEST_MS = 250;

/**
 * How long a question waits that follows others: the first is asked at once; one that comes right after another waits until nothing came for a
 * moment, but never so long that a wheel that keeps turning gets no answer at all. Times in milliseconds.
 */
export class Pace {
  #changedAt = Number.NEGATIVE_INFINITY;
  #askedAt = Number.NEGATIVE_INFINITY;

  /** The wait of a question that comes now. */
  wait(now: number): number {
    const isRapid = now - this.#changedAt < RAPID_MS && now - this.#askedAt < LONGEST_MS;
    this.#changedAt = now;
    if (!isRapid) this.#askedAt = now;
    return isRapid ? STILL_MS : 0;
  }

  /** A question that waited was asked now. */
  asked(now: number): void {
    this.#askedAt = now;
  }
}
