import type { TimeReader } from '../../times/clock.ts';
import type { Batch, BatchColumn } from '../batch.ts';
import type { ValueColumn } from '../plan.ts';
import type { RowReader } from '../rows.ts';
import type { TagBound } from './longrun.ts';
import type { RowScan } from './rowscan.ts';

/** Where records go that were read plainly. */
export interface Sink {
  /** Before records of one stretch: batches may have been stored since the last one. */
  begin(capacity: number): void;
  /** Takes the record that was read last; false, and nothing taken, where the general way must judge it. */
  take(scan: RowScan): boolean;
  /** After a stretch: what the reader of times must know. */
  end(): void;
}

/** Rows that wait to be spread over their columns: written one by one they would touch every column for each. */
const rowsTogether = 64;

/** One asset's rows of one group of columns. */
class Bound {
  readonly stream: string;
  readonly batch: Batch;
  newest = NaN;
  private readonly columns: readonly BatchColumn[];
  /** Cells of the record that the columns are, and the cells that judge them; -1: none. */
  private readonly cells: Int32Array;
  private readonly qualities: Int32Array | null;
  private readonly staged: Float64Array;
  private waiting = 0;

  constructor(batch: Batch, values: readonly ValueColumn[], stream: string) {
    this.batch = batch;
    this.stream = stream;
    this.columns = values.map(({ column }) => batch.column(column.name, column.unit, column.unitAsWritten, column.role === 'state' ? 'state' : 'number', false));
    this.cells = Int32Array.from(values, ({ column }) => column.index);
    this.qualities = values.some(({ quality }) => quality >= 0) ? Int32Array.from(values, ({ quality }) => quality) : null;
    this.staged = new Float64Array(rowsTogether * values.length);
  }

  /** Takes the record's cells; returns how many readings its qualities took away. */
  add(scan: RowScan, at: number): number {
    const { cells, staged, qualities } = this;
    const width = cells.length;
    const from = this.waiting * width;
    let bad = 0;
    this.batch.addRow(at);
    this.newest = at;
    for (let k = 0; k < width; k++) staged[from + k] = scan.values[cells[k] ?? 0] ?? NaN;
    if (qualities) bad = this.judge(scan, qualities, from);
    if (++this.waiting === rowsTogether) this.spread();
    return bad;
  }

  private judge(scan: RowScan, qualities: Int32Array, from: number): number {
    let bad = 0;
    for (let k = 0; k < qualities.length; k++) {
      const quality = qualities[k] ?? -1;
      if (quality < 0 || scan.bad[quality] !== 1 || Number.isNaN(this.staged[from + k] ?? NaN)) continue;
      this.staged[from + k] = NaN;
      bad++;
    }
    return bad;
  }

  /** Takes rows of which every cell's column is at hand. */
  addMany(times: Float64Array, rows: number, column: (k: number, rows: number) => Float64Array): void {
    this.spread();
    const first = this.batch.rows;
    for (let row = 0; row < rows; row++) this.batch.addRow(times[row] ?? NaN);
    this.newest = times[rows - 1] ?? NaN;
    for (const [k, own] of this.columns.entries()) {
      own.values.set(column(k, rows), first);
      if (!own.isFilled) own.isFilled = hasNumber(own.values, first, first + rows);
    }
  }

  get hasReading(): boolean {
    const width = this.cells.length;
    const last = (this.waiting === 0 ? rowsTogether : this.waiting) - 1;
    for (let k = 0; k < width; k++) if (!Number.isNaN(this.staged[last * width + k] ?? NaN)) return true;
    return false;
  }

  /** Moves the rows that wait into their columns. */
  spread(): void {
    const { staged, waiting } = this;
    const width = this.columns.length;
    const first = this.batch.rows - waiting;
    for (let k = 0; k < width; k++) {
      const column = this.columns[k];
      if (!column) continue;
      const { values } = column;
      for (let row = 0, at = k; row < waiting; row++, at += width) values[first + row] = staged[at] ?? NaN;
      if (!column.isFilled) column.isFilled = hasNumber(values, first, first + waiting);
    }
    this.waiting = 0;
  }
}

const hasNumber = (values: Float64Array, from: number, to: number): boolean => {
  for (let row = from; row < to; row++) if (values[row] === values[row]) return true;
  return false;
};

/** Wide form: a record is a row of its asset's batch, one of each group that has a time in it. */
export class WideSink implements Sink {
  private readonly rows: RowReader;
  private readonly time: TimeReader;
  private readonly defaultAsset: string;
  private readonly isNumbered: boolean;
  /** By group, then by asset. */
  private readonly bound: (Bound | undefined)[][];
  private capacity = 0;

  constructor(rows: RowReader, time: TimeReader, defaultAsset: string) {
    this.rows = rows;
    this.time = time;
    this.defaultAsset = defaultAsset;
    this.isNumbered = rows.plan.groups[0]?.time.length === 0;
    this.bound = rows.plan.groups.map(() => []);
  }

  begin(capacity: number): void {
    // Many assets share the rows that a commit takes.
    this.capacity = this.rows.plan.asset < 0 ? capacity : Math.min(capacity, 1024);
    for (const bound of this.bound) bound.length = 0;
  }

  take(scan: RowScan): boolean {
    const { plan } = this.rows;
    const { earliest, latest } = this.time;
    let groups = 0;
    for (let g = 0; g < plan.groups.length; g++) {
      if (this.isNumbered) {
        // Nothing but delimiters is no record.
        if (!this.hasReading(scan, g)) return false;
        scan.at[g] = this.rows.numbered + 1;
      } else {
        const at = scan.at[g] ?? NaN;
        // A group without a time and without values isn't there; without a time alone it is a fault.
        if (at !== at ? (scan.odd[g] ?? 0) > 0 || this.hasReading(scan, g) : at < earliest || at > latest) return false;
        if (at !== at) continue;
      }
      if ((scan.unreadable[g] ?? 0) > 0 && !this.hasReading(scan, g)) return false;
      groups++;
    }
    if (groups === 0) return false;
    const asset = plan.asset < 0 ? this.defaultAsset : (scan.assets.valueOf(scan.asset) ?? '');
    if (asset === '') return false;
    let isFilled = false;
    for (let g = 0; g < plan.groups.length; g++) if (scan.at[g] === scan.at[g]) isFilled = this.store(scan, g, asset) || isFilled;
    this.rows.waiting++;
    if (isFilled) this.rows.filledRecords++;
    return true;
  }

  /** Takes records of one group and of the file's own asset that were read in a run, their values in the order of their cells. */
  takeMany(times: Float64Array, rows: number, column: (k: number, rows: number) => Float64Array): void {
    const bound = this.bound[0]?.[0] ?? this.bind(0, 0, this.defaultAsset);
    bound.addMany(times, rows, column);
    this.rows.numbered += rows;
    this.rows.waiting += rows;
  }

  end(): void {
    for (const bound of this.bound)
      for (const one of bound) {
        if (!one) continue;
        one.spread();
        if (this.time.needsOrder) this.time.before.set(one.stream, one.newest);
      }
  }

  private hasReading(scan: RowScan, group: number): boolean {
    return this.rows.plan.groups[group]?.values.some(({ column }) => !Number.isNaN(scan.values[column.index] ?? NaN)) ?? false;
  }

  private bind(group: number, index: number, asset: string): Bound {
    const batch = this.rows.batchOf(asset, group, this.capacity);
    const own = this.bound[group] ?? [];
    // Two ways to write one asset's name: its rows still follow each other in one batch.
    const bound = own.find((one) => one?.batch === batch) ?? new Bound(batch, this.rows.plan.groups[group]?.values ?? [], group === 0 ? asset : `${asset}\0${group}`);
    own[index] = bound;
    return bound;
  }

  private store(scan: RowScan, group: number, asset: string): boolean {
    const bound = this.bound[group]?.[scan.asset] ?? this.bind(group, scan.asset, asset);
    this.rows.badQuality += bound.add(scan, scan.at[group] ?? NaN);
    this.rows.numbered++;
    this.rows.unreadableCells += scan.unreadable[group] ?? 0;
    if (this.rows.plan.groups.length === 1 || !bound.hasReading) return false;
    bound.batch.filledRows++;
    return true;
  }
}

/** Long form: a record is a reading of its tag. */
export class LongSink implements Sink {
  private readonly rows: RowReader;
  private readonly time: TimeReader;
  private readonly defaultAsset: string;
  private readonly value: number;
  private readonly quality: number;
  private readonly isNumbered: boolean;
  private bound: (TagBound | undefined)[] = [];
  private capacity = 0;
  private scan: RowScan | null = null;

  constructor(rows: RowReader, time: TimeReader, defaultAsset: string) {
    const group = rows.plan.groups[0];
    this.rows = rows;
    this.time = time;
    this.defaultAsset = defaultAsset;
    this.value = group?.values[0]?.column.index ?? -1;
    this.quality = group?.values[0]?.quality ?? -1;
    this.isNumbered = group?.time.length === 0;
  }

  begin(capacity: number): void {
    this.capacity = this.rows.plan.asset < 0 ? capacity : Math.min(capacity, 1024);
    this.bound = [];
  }

  take(scan: RowScan): boolean {
    this.scan = scan;
    const at = this.isNumbered ? this.rows.numbered + 1 : (scan.at[0] ?? NaN);
    if (!(at >= this.time.earliest && at <= this.time.latest) || (scan.unreadable[0] ?? 0) > 0) return false;
    const bound = this.bound[scan.asset] ?? this.bind(scan);
    if (!bound) return false;
    const { tag } = scan;
    const slot = (bound.slots[tag] ?? -1) >= 0 ? (bound.slots[tag] ?? 0) : this.open(bound, scan);
    const isBad = this.quality >= 0 && scan.bad[this.quality] === 1;
    if (isBad) this.rows.badQuality++;
    bound.rows.add(slot, at, isBad ? NaN : (scan.values[this.value] ?? NaN));
    if (this.time.needsOrder) {
      if (!(bound.newest[tag] === bound.newest[tag])) bound.touched.push(tag);
      bound.newest[tag] = at;
    }
    this.rows.waiting++;
    if (this.isNumbered) this.rows.numbered++;
    return true;
  }

  /** Rows of an asset by its number; undefined where none has come yet. */
  boundOf(asset: number): TagBound | undefined {
    return this.bound[asset];
  }

  count(records: number, bad: number): void {
    this.rows.waiting += records;
    this.rows.badQuality += bad;
  }

  end(): void {
    for (const bound of this.bound)
      for (const tag of bound?.touched ?? []) this.time.before.set(`${bound?.asset ?? ''}\0${this.scan?.tags.valueOf(tag) ?? ''}`, bound?.newest[tag] ?? NaN);
  }

  private bind(scan: RowScan): TagBound | null {
    const asset = this.rows.plan.asset < 0 ? this.defaultAsset : (scan.assets.valueOf(scan.asset) ?? '');
    if (asset === '') return null;
    const bound = { rows: this.rows.tagRowsOf(asset, this.capacity), slots: new Int32Array(64).fill(-1), asset, newest: new Float64Array(64).fill(NaN), touched: [] };
    this.bound[scan.asset] = bound;
    return bound;
  }

  /** Slot of a tag's first row in this stretch. */
  private open(bound: TagBound, scan: RowScan): number {
    const { tag } = scan;
    if (tag >= bound.slots.length) {
      const size = Math.max(tag + 1, bound.slots.length * 4);
      const slots = new Int32Array(size).fill(-1);
      slots.set(bound.slots);
      bound.slots = slots;
      const newest = new Float64Array(size).fill(NaN);
      newest.set(bound.newest);
      bound.newest = newest;
    }
    const name = scan.tags.valueOf(tag) ?? '';
    const slot = bound.rows.find(name) ?? this.rows.openTag(bound.rows, name, this.rows.plan.unit < 0 ? scan.cellUnit : scan.unitText, scan.isState ? 'state' : 'number');
    bound.slots[tag] = slot;
    return slot;
  }
}
