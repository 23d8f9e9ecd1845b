import { z } from 'zod';
import { Column, type Mapping } from '../../contract/data.ts';
import { asInFile, bytesInFile, ToBytes } from '../reading/bytes.ts';
import { cutterOf, delimiterByte, quoteByte, type Cutter } from '../reading/cells.ts';
import { type Decode, decoderOf } from '../reading/encoding.ts';
import { RecordReader } from '../reading/records.ts';
import { isComment, withoutMarks } from '../shape/sheet.ts';
import { TimeReader } from '../times/clock.ts';
import { FastRows } from './fast/fast.ts';
import { RowReader } from './rows.ts';

/** What a reader must remember between two commits. */
export const IntakeState = z.object({
  /** UTC of each stream's newest row: tells the passes of a repeated hour apart. */
  before: z.record(z.string(), z.number()).default({}),
  /** Records numbered so far. */
  numbered: z.number().default(0),
  earliest: z.number().nullable().default(null),
  latest: z.number().nullable().default(null),
  /** The asset that the file's name gave. */
  asset: z.string().default(''),
  /** The file was read to its end once. */
  isComplete: z.boolean().default(false),
  /** Microseconds from row to row where they are even, else 0. */
  rowStep: z.number().default(0),
  /** The newest row stands first. */
  isDescending: z.boolean().default(false),
  /** The form of the times by the newest header within the file; null where the first one still holds. */
  timeFormat: z.string().nullable().default(null),
  /** The columns by the newest header within the file; null where the first one still holds. */
  columns: z.array(Column).nullable().default(null),
  /** Operating modes that are on. */
  modes: z.record(z.string(), z.object({ word: z.string(), start: z.number(), last: z.number() })).default({}),
  /** The file's number in its file system, which a rename leaves as it is; null where it isn't followed. */
  inode: z.number().nullable().default(null),
  /** What tells it apart from a file that begins alike and lies beside it. */
  twin: z.string().default(''),
  /** How many bytes before the position are known, and their hash: a followed file that was put in another's place doesn't have them. */
  ending: z.object({ bytes: z.number(), hash: z.string() }).nullable().default(null),
});
export type IntakeState = z.infer<typeof IntakeState>;

/** A record that was set aside. */
export interface AsideRow {
  line: number;
  reason: string;
  original: Buffer;
}

export interface IntakeStart {
  /** Bytes (unpacked) and lines that are stored already. */
  position: number;
  line: number;
  state: IntakeState;
  defaultAsset: string;
  nameAsset: (text: string) => string;
  /** Every record is read the general way: what the fast one is compared with. */
  isGeneral?: boolean;
  /** Records that begin here or behind it, in bytes of the file, are left to whoever reads on. */
  limit?: number;
  /** Rows that a batch has room for from the start, and most that it takes; by default few, and as many as a commit should carry. */
  rows?: { capacity: number; most: number };
}

/** Cells that a commit carries: enough for the store's chunks, little enough to hold nobody up. */
const cellsACommit = 500_000;
const fewestRows = 2048;
/** So many records in a row that aren't plain, and the fast way rests for a while. */
const oddBeforeRest = 32;
const recordsOfRest = 512;
const firstCapacity = 1024;

/**
 * One file on its way in: bytes are fed, rows and rows set aside gather, and whoever feeds commits them together with `position`. Knows
 * neither where bytes come from nor where rows go.
 */
export class Intake {
  readonly rows: RowReader;
  readonly time: TimeReader;
  readonly aside: AsideRow[] = [];
  /** Data records seen since the last `clear`. */
  rowsRead = 0;
  /** Unpacked bytes of the file up to the end of the last record taken. */
  position: number;
  /** Remembered with the position by whoever follows the file. */
  ending: IntakeState['ending'];

  private readonly mapping: Mapping;
  private readonly reader: RecordReader;
  private readonly cut: Cutter;
  private readonly decode: Decode;
  private readonly toBytes: ToBytes;
  private fast: FastRows | null;
  private generation = 0;
  private readonly startPosition: number;
  private readonly most: number;
  private readonly limit: number;
  private capacity: number;
  private oddRecords = 0;
  private readonly defaultAsset: string;
  private readonly isGeneral: boolean;
  private readonly nameAsset: (text: string) => string;
  private readonly begun: IntakeState;

  constructor(given: Mapping, start: IntakeStart) {
    const mapping = start.state.columns === null ? given : { ...given, columns: start.state.columns };
    this.mapping = mapping;
    this.position = start.position;
    this.ending = start.state.ending;
    this.startPosition = start.position;
    this.defaultAsset = start.defaultAsset;
    this.begun = start.state;
    this.reader = new RecordReader(delimiterByte(mapping.dialect.delimiter), start.line + 1, quoteByte(mapping.dialect.quote));
    this.cut = cutterOf(mapping.dialect.delimiter, mapping.dialect.quote);
    this.decode = decoderOf(mapping.dialect.encoding);
    this.toBytes = new ToBytes(mapping.dialect.encoding);
    this.time = new TimeReader(mapping.timestamp);
    for (const [stream, at] of Object.entries(start.state.before)) this.time.before.set(stream, at);
    this.time.earliest = start.state.earliest ?? -Infinity;
    this.time.latest = start.state.latest ?? Infinity;
    if (start.state.timeFormat !== null) this.time.restart(start.state.timeFormat);
    this.time.isDescending = start.state.isDescending;
    this.time.rowStep = start.state.rowStep;
    this.rows = new RowReader(mapping, this.time, start.defaultAsset, start.nameAsset, start.state.modes);
    this.rows.numbered = start.state.numbered;
    this.isGeneral = start.isGeneral === true;
    this.nameAsset = start.nameAsset;
    this.fast = this.isGeneral ? null : this.openFast();
    const width = this.rows.plan.groups.reduce((sum, group) => sum + group.values.length, 1);
    this.most = start.rows?.most ?? Math.max(fewestRows, Math.floor(cellsACommit / width));
    this.capacity = start.rows?.capacity ?? firstCapacity;
    this.limit = start.limit ?? Infinity;
    this.reader.looksLikeRecord = (bytes, from, to) => this.standsAlone(bytes, from, to);
  }

  /** Line number of the last record taken. */
  get line(): number {
    return this.reader.line - 1;
  }

  get isFull(): boolean {
    return this.rows.waiting + this.aside.length >= this.most;
  }

  get hasWork(): boolean {
    return this.rowsRead > 0 || this.aside.length > 0 || this.rows.waiting > 0;
  }

  /** Whether records are read from their bytes, each by itself: then a stretch of the file can be read without those before it. */
  get isPlain(): boolean {
    return this.fast !== null && !this.toBytes.isWide && this.rows.plan.groups.every(({ time }) => time.length > 0);
  }

  feed(chunk: Buffer): void {
    this.reader.feed(this.toBytes.take(chunk));
  }

  /** Takes records until the batch is full or no whole record is left. `final`: the file has ended. True: full, commit and call again. */
  work(final: boolean): boolean {
    if (final) this.reader.feed(this.toBytes.end());
    for (;;) {
      if (this.isFull) return true;
      if (this.position >= this.limit) return false;
      if (this.fast && this.reader.line > this.mapping.dialect.headerLines) this.takeFast(this.fast);
      if (this.isFull) return true;
      if (this.position >= this.limit || !this.reader.next(final)) return false;
      this.takeOne();
    }
  }

  /** Takes away what is fed behind the last line end: half a line. */
  takeRest(): Buffer {
    const { reader } = this;
    const end = Math.max(reader.buffer.lastIndexOf(10), reader.buffer.lastIndexOf(13)) + 1;
    const from = Math.max(end, reader.at);
    const rest = reader.buffer.subarray(from);
    reader.buffer = reader.buffer.subarray(0, from);
    return rest;
  }

  /** Sets aside a half line that no more will come of: it counts as read. */
  setAsideCut(bytes: Buffer): void {
    this.position += bytesInFile(bytes, this.toBytes.isWide);
    if (this.textOf(bytes) === '') return;
    this.rowsRead++;
    this.aside.push({ line: this.reader.line++, reason: 'row-cut', original: asInFile(bytes, this.mapping.dialect.encoding) });
  }

  /** To before records that were taken and will be read again, whole. */
  goBack(position: number, line: number): void {
    this.position = position;
    this.reader.line = line + 1;
  }

  /** After a commit. */
  clear(): void {
    // The next batch will be about as large: growing it step by step would copy it each time.
    this.capacity = Math.min(this.most, Math.max(firstCapacity, this.rows.waiting));
    this.rows.clear();
    this.aside.length = 0;
    this.rowsRead = 0;
  }

  /** What must be remembered with the position. */
  state(isComplete: boolean): IntakeState {
    const finite = (bound: number): number | null => (Number.isFinite(bound) ? bound : null);
    return {
      ...this.begun,
      before: this.time.needsOrder ? Object.fromEntries(this.time.before) : {},
      numbered: this.rows.numbered,
      modes: this.rows.openModes,
      timeFormat: this.rows.timeFormat ?? this.begun.timeFormat,
      columns: this.rows.generation > 0 ? [...this.rows.columns] : this.begun.columns,
      earliest: finite(this.time.earliest),
      latest: finite(this.time.latest),
      asset: this.defaultAsset,
      isComplete,
      ending: this.ending,
    };
  }

  private takeFast(fast: FastRows): void {
    const { reader } = this;
    if (this.oddRecords >= oddBeforeRest) {
      // Nothing here is plain: looking twice at each record would cost more than it gains.
      if (this.oddRecords++ < oddBeforeRest + recordsOfRest) return;
      this.oddRecords = 0;
    }
    fast.take(reader.buffer, reader.at, { room: this.most - this.rows.waiting - this.aside.length, capacity: this.capacity, until: reader.at + this.limit - this.position });
    if (fast.rows === 0) {
      this.oddRecords++;
      return;
    }
    this.oddRecords = 0;
    const from = reader.at;
    reader.skipTo(fast.at, fast.rows);
    this.rowsRead += fast.rows;
    if (this.toBytes.isWide) this.position += bytesOfWide(reader.buffer, from, fast.at);
    else this.position = this.startPosition + reader.consumed;
  }

  private takeOne(): void {
    const { reader } = this;
    const bytes = reader.buffer.subarray(reader.start, reader.stop);
    if (this.toBytes.isWide) this.position += bytesInFile(reader.buffer.subarray(reader.start, reader.at), true);
    else this.position = this.startPosition + reader.consumed;
    if (reader.recordLine <= this.mapping.dialect.headerLines) return;
    const text = this.textOf(bytes);
    if (text === '') return;
    if (reader.unclosed) {
      this.rowsRead++;
      this.aside.push({ line: reader.recordLine, reason: 'quote-unclosed', original: asInFile(bytes, this.mapping.dialect.encoding) });
      return;
    }
    if (isComment(text)) return;
    const verdict = this.rows.take(this.cut(text), reader.cut);
    if (this.generation !== this.rows.generation) this.openAnew();
    if (verdict.kind === 'skip') return;
    this.rowsRead++;
    if (verdict.kind === 'quarantine') this.aside.push({ line: reader.recordLine, reason: verdict.reason, original: asInFile(bytes, this.mapping.dialect.encoding) });
  }

  /** A header within the file has ordered the columns anew. */
  private openAnew(): void {
    this.generation = this.rows.generation;
    this.fast = this.isGeneral ? null : this.openFast();
  }

  private openFast(): FastRows | null {
    return FastRows.of({ ...this.mapping, columns: [...this.rows.columns] }, this.rows, this.time, this.defaultAsset, { decode: this.decode, nameAsset: this.nameAsset });
  }

  /** The record's text; empty for blank lines, runs of NUL and DOS's end of file. Blanks at the start count where columns have places. */
  private textOf(bytes: Buffer): string {
    const text = withoutMarks(this.decode(bytes));
    return text.trim() === '' ? '' : text;
  }

  /** Within an unclosed quote: a line that has a record's width and a time where records have theirs begins a new record. */
  private standsAlone(bytes: Buffer, from: number, to: number): boolean {
    const cells = this.cut(this.decode(bytes.subarray(from, to)));
    const group = this.rows.plan.groups[0];
    if (!group || cells.length < this.rows.plan.width - 1 || cells.length < 2) return false;
    if (group.time.length === 0) return cells.length === this.rows.plan.width;
    return !Number.isNaN(this.time.parse(group.time.map((index) => cells[index] ?? '').join(' ')));
  }
}

/** Bytes that a stretch of UTF-8 takes as UTF-16: a character beyond the basic plane, four bytes here, takes four there too. */
const bytesOfWide = (bytes: Uint8Array, from: number, to: number): number => {
  let units = 0;
  for (let i = from; i < to; i++) {
    const c = bytes[i] ?? 0;
    if (c < 0x80 || c >= 0xc0) units += c >= 0xf0 ? 2 : 1;
  }
  return units * 2;
};
