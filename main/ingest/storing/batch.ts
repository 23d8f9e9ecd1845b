import { takeRoom } from './rooms.ts';

/** One sensor's cells in a batch. */
export interface BatchColumn {
  name: string;
  unit: string | null;
  unitAsWritten: string | null;
  kind: 'number' | 'state';
  values: Float64Array;
  /** Rows that speak of this sensor, where not all of them do. */
  asked: Uint8Array | null;
  askedRows: number;
  /** A number has come in: only then is there a sensor. */
  isFilled: boolean;
}

const firstRows = 256;

/** Rows of one asset that wait to be stored: positions, and a column a sensor. Grows as rows come. */
export class Batch {
  readonly asset: string;
  positions: Float64Array;
  rows = 0;
  /** Rows with at least one number. */
  filledRows = 0;
  readonly columns: BatchColumn[] = [];
  private readonly byName = new Map<string, BatchColumn>();
  private lastPosition = NaN;

  constructor(asset: string, capacity = firstRows) {
    this.asset = asset;
    this.positions = takeRoom(capacity);
  }

  get capacity(): number {
    return this.positions.length;
  }

  /** A column of the batch; made when there is none. `isSparse`: not every row speaks of it. */
  column(name: string, unit: string | null, unitAsWritten: string | null, kind: 'number' | 'state', isSparse: boolean): BatchColumn {
    const found = this.byName.get(name);
    if (found) return found;
    const column: BatchColumn = { name, unit, unitAsWritten, kind, values: takeRoom(this.capacity), asked: isSparse ? new Uint8Array(this.capacity) : null, askedRows: 0, isFilled: false };
    this.columns.push(column);
    this.byName.set(name, column);
    return column;
  }

  find(name: string): BatchColumn | undefined {
    return this.byName.get(name);
  }

  /** A new row; its cells are set by the caller. */
  addRow(position: number): number {
    if (this.rows === this.capacity) this.grow();
    this.positions[this.rows] = position;
    this.lastPosition = position;
    return this.rows++;
  }

  /** The row of a reading in long form: the newest one where it has that position and no cell for this sensor yet, else a new one. */
  rowFor(position: number, column: BatchColumn): number {
    const last = this.rows - 1;
    if (position === this.lastPosition && column.asked && column.asked[last] === 0) return last;
    return this.addRow(position);
  }

  setSparse(column: BatchColumn, row: number, value: number): void {
    column.values[row] = value;
    if (column.asked) column.asked[row] = 1;
    column.askedRows++;
    if (!Number.isNaN(value)) column.isFilled = true;
  }

  private grow(): void {
    const capacity = this.capacity * 2;
    this.positions = grown(this.positions, capacity);
    for (const column of this.columns) {
      column.values = grown(column.values, capacity);
      if (column.asked) {
        const asked = new Uint8Array(capacity);
        asked.set(column.asked);
        column.asked = asked;
      }
    }
  }
}

/** A longer array that begins with the same numbers. */
export const grown = (values: Float64Array, capacity: number): Float64Array => {
  const larger = takeRoom(capacity);
  larger.set(values);
  return larger;
};

/** What the store takes: positions and the columns that have a cell at each of them. */
export interface Piece {
  positions: Float64Array;
  columns: { column: Pick<BatchColumn, 'name' | 'unit' | 'unitAsWritten' | 'kind' | 'isFilled'>; values: Float64Array }[];
}

/**
 * A batch as pieces: the columns of which every row speaks share the positions; each other column goes with its own rows, so that a row
 * which doesn't name a sensor isn't counted as one without a value.
 */
export const piecesOf = (batch: Batch): Piece[] => {
  const { rows } = batch;
  const positions = batch.positions.subarray(0, rows);
  const full: Piece = { positions, columns: [] };
  const pieces: Piece[] = [];
  for (const column of batch.columns) {
    const asked = column.asked;
    if (!asked || column.askedRows === rows) {
      full.columns.push({ column, values: column.values.subarray(0, rows) });
      continue;
    }
    const own = new Float64Array(column.askedRows);
    const values = new Float64Array(column.askedRows);
    let at = 0;
    for (let row = 0; row < rows; row++) {
      if (asked[row] !== 1) continue;
      own[at] = positions[row] ?? NaN;
      values[at++] = column.values[row] ?? NaN;
    }
    pieces.push({ positions: own, columns: [{ column, values }] });
  }
  if (full.columns.length > 0) pieces.unshift(full);
  return pieces;
};
