/** Lowest and highest of even columns over a span, from readings in order. */
export class ColumnReducer {
  readonly #from: number;
  readonly #width: number;
  readonly #min: Float64Array;
  readonly #max: Float64Array;
  points = 0;

  constructor(from: number, to: number, columns: number) {
    this.#from = from;
    this.#width = (to - from) / columns || 1;
    this.#min = new Float64Array(columns).fill(Infinity);
    this.#max = new Float64Array(columns).fill(-Infinity);
  }

  add(position: number, value: number): void {
    const column = Math.min(this.#min.length - 1, Math.floor((position - this.#from) / this.#width));
    if (column < 0) return;
    this.points += 1;
    this.#min[column] = Math.min(this.#min[column] ?? value, value);
    this.#max[column] = Math.max(this.#max[column] ?? value, value);
  }

  columns(): { at: number[]; min: (number | null)[]; max: (number | null)[]; points: number } {
    const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
    return { at: Array.from(this.#min, (_, i) => this.#from + i * this.#width), min: Array.from(this.#min, finite), max: Array.from(this.#max, finite), points: this.points };
  }
}
