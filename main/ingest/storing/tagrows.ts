import { Batch, type BatchColumn, grown, type Piece } from './batch.ts';
import { giveRoom, takeRoom } from './rooms.ts';

/** A sensor of a long file: what a column of a wide one is, without cells of its own. */
export type Tag = Pick<BatchColumn, 'name' | 'unit' | 'unitAsWritten' | 'kind' | 'isFilled'>;

const firstRows = 1024;

/**
 * Rows of one asset in long form that wait to be stored: a sensor, a position and a value each, in the order in which they came. Takes
 * twenty bytes a row, however many sensors there are and however they are mixed.
 */
export class TagRows {
  readonly asset: string;
  readonly tags: Tag[] = [];
  rows = 0;
  private readonly slots = new Map<string, number>();
  private slotOf: Uint32Array;
  private positions: Float64Array;
  private values: Float64Array;

  constructor(asset: string, capacity = firstRows) {
    this.asset = asset;
    this.slotOf = new Uint32Array(capacity);
    this.positions = takeRoom(capacity);
    this.values = takeRoom(capacity);
  }

  /** Slot of a sensor; undefined where none of that name has come yet. */
  find(name: string): number | undefined {
    return this.slots.get(name);
  }

  open(name: string, unit: string | null, unitAsWritten: string | null, kind: 'number' | 'state'): number {
    const slot = this.tags.length;
    this.tags.push({ name, unit, unitAsWritten, kind, isFilled: false });
    this.slots.set(name, slot);
    return slot;
  }

  add(slot: number, position: number, value: number): void {
    const row = this.rows;
    if (row === this.positions.length) this.grow();
    this.slotOf[row] = slot;
    this.positions[row] = position;
    this.values[row] = value;
    this.rows = row + 1;
  }

  /** Gives back the memory of the rows, once their pieces have been made. */
  free(): void {
    for (const room of [this.positions, this.values]) if (room.buffer instanceof ArrayBuffer) giveRoom(room.buffer);
    this.positions = this.values = new Float64Array(0);
    this.rows = 0;
  }

  /** By sensor, each one's rows in the order in which they came; sensors that were read at the same positions share them. */
  pieces(): Piece[] {
    const { tags, rows } = this;
    const starts = new Uint32Array(tags.length + 1);
    for (let row = 0; row < rows; row++) starts[(this.slotOf[row] ?? 0) + 1] = (starts[(this.slotOf[row] ?? 0) + 1] ?? 0) + 1;
    for (let slot = 0; slot < tags.length; slot++) starts[slot + 1] = (starts[slot + 1] ?? 0) + (starts[slot] ?? 0);
    const next = starts.slice();
    const positions = takeRoom(this.positions.length);
    const values = takeRoom(this.positions.length);
    for (let row = 0; row < rows; row++) {
      const slot = this.slotOf[row] ?? 0;
      const at = next[slot] ?? 0;
      next[slot] = at + 1;
      positions[at] = this.positions[row] ?? NaN;
      values[at] = this.values[row] ?? NaN;
    }
    const pieces = new Map<string, Piece[]>();
    for (const [slot, tag] of tags.entries()) {
      const own = positions.subarray(starts[slot], starts[slot + 1]);
      const column = values.subarray(starts[slot], starts[slot + 1]);
      if (!tag.isFilled) tag.isFilled = column.some((value) => value === value);
      const key = `${own.length} ${own[0] ?? 0} ${own.at(-1) ?? 0}`;
      const alike = pieces.get(key) ?? [];
      pieces.set(key, alike);
      const shared = alike.find((piece) => isSame(piece.positions, own));
      if (shared) shared.columns.push({ column: tag, values: column });
      else alike.push({ positions: own, columns: [{ column: tag, values: column }] });
    }
    return [...pieces.values()].flat();
  }

  /** The first `most` rows as a table with a column a sensor, for who looks at them. */
  asTable(most: number): Batch {
    const table = new Batch(this.asset);
    for (let row = 0; row < this.rows && table.rows < most; row++) {
      const tag = this.tags[this.slotOf[row] ?? 0];
      if (!tag) continue;
      const column = table.column(tag.name, tag.unit, tag.unitAsWritten, tag.kind, true);
      const at = this.positions[row] ?? NaN;
      table.setSparse(column, table.rowFor(at, column), this.values[row] ?? NaN);
    }
    return table;
  }

  /** Positions of the rows, those that follow each other at the same one once. */
  *distinctPositions(): Generator<number> {
    for (let row = 0; row < this.rows; row++) if (row === 0 || this.positions[row] !== this.positions[row - 1]) yield this.positions[row] ?? NaN;
  }

  *allValues(): Generator<number> {
    for (let row = 0; row < this.rows; row++) yield this.values[row] ?? NaN;
  }

  private grow(): void {
    const capacity = this.positions.length * 2;
    const slots = new Uint32Array(capacity);
    slots.set(this.slotOf);
    this.slotOf = slots;
    this.positions = grown(this.positions, capacity);
    this.values = grown(this.values, capacity);
  }
}

const isSame = (a: Float64Array, b: Float64Array): boolean => {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
};
