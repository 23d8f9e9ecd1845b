import type { Column, EventKind, Mapping } from '../../contract/data.ts';
import { blanks } from '../reading/cells.ts';
import { isNoValue, qualityOf } from '../reading/words.ts';
import { isTimeName, uniqueNames } from '../shape/header.ts';
import { filledWidth } from '../shape/sheet.ts';
import { splitCell, toUnit } from '../shape/units.ts';
import type { TimeReader } from '../times/clock.ts';
import { millisecondsMark } from '../times/elapsed.ts';
import { evenDigits } from '../times/read.ts';
import { Batch } from './batch.ts';
import { type EventRow, eventOf } from './eventrows.ts';
import { ModeRuns, type Run } from './modes.ts';
import { columnsAfter } from './newheader.ts';
import { type Group, planRows, type RowPlan } from './plan.ts';
import { Segments } from './segments.ts';
import { TagRows } from './tagrows.ts';
import { type MissingCause, readLongValue, ValueReader } from './values.ts';

/** What became of a record: read, passed over as no record, or set aside with a reason's code. */
export type Verdict = { kind: 'read' } | { kind: 'skip' } | { kind: 'quarantine'; reason: string };

const read: Verdict = { kind: 'read' };
const skip: Verdict = { kind: 'skip' };
const aside = (reason: string): Verdict => ({ kind: 'quarantine', reason });

/** What a cell without a value is known by. */
export const causeKey = (asset: string, sensor: string, at: number): string => `${asset}\0${sensor}\0${at}`;

/**
 * Turns records into rows of batches by the file's mapping. Knows nothing of bytes and of the store. `defaultAsset`: the asset of files
 * that name none. `nameAsset`: the asset's name by what its column says.
 */
export class RowReader {
  readonly batches = new Map<string, Batch>();
  /** Rows in long form, an asset each. */
  readonly tagged = new Map<string, TagRows>();
  readonly events: EventRow[] = [];
  plan: RowPlan;
  /** How often a header within the file has ordered the columns anew. */
  generation = 0;
  /** Rows that wait in the batches. */
  waiting = 0;
  /** Records among them with a number in any group of columns. */
  filledRecords = 0;
  /** Records numbered so far, where the file has no times. */
  numbered = 0;
  /** Cells that were neither numbers nor words that are known, and values that their quality calls bad. */
  unreadableCells = 0;
  badQuality = 0;
  /** Why cells gave no value, by `causeKey`; null where nobody looks. */
  causes: Map<string, MissingCause> | null = null;
  /** What rows of an event table are that name no kind: told by the table's own name or column. */
  eventKind: EventKind = 'error';

  private mapping: Mapping;
  private readonly time: TimeReader;
  private readonly values: ValueReader;
  private readonly nameAsset: (text: string) => string;
  private readonly defaultAsset: string;
  private names: readonly string[];
  private readonly hasMilliseconds: boolean;
  private readonly hasSeconds: boolean;
  private readonly modes: ModeRuns;
  private readonly segments: Segments | null;
  /** The form of the times by the newest header within the file; null where the first one still holds. */
  timeFormat: string | null = null;

  /** `modes`: the operating modes that were on when reading stopped. */
  constructor(mapping: Mapping, time: TimeReader, defaultAsset: string, nameAsset: (text: string) => string, modes: Readonly<Record<string, Run>> = {}) {
    this.modes = new ModeRuns(modes);
    this.segments = mapping.timestamp.kind === 'interval' && /^X_Value/.test(mapping.columns[0]?.header ?? '') ? new Segments(mapping.timestamp.zone) : null;
    this.mapping = mapping;
    this.hasMilliseconds = mapping.timestamp.format.endsWith(millisecondsMark);
    this.hasSeconds = mapping.timestamp.format.includes('HHmmss');
    this.time = time;
    this.values = new ValueReader(mapping);
    this.plan = planRows(mapping);
    this.defaultAsset = defaultAsset;
    this.nameAsset = nameAsset;
    this.names = mapping.columns.map((column) => column.name);
  }

  /** Takes one record. `isCut`: the file ended within it. */
  take(cells: readonly string[], isCut: boolean): Verdict {
    const filled = filledWidth(cells);
    if (filled === 0) return skip;
    if (filled > this.plan.width) return (this.segments !== null && this.isSegmentHeader(cells)) || this.isSpacedHeader(cells) || this.orderAnew(cells) ? skip : aside('row-too-long');
    if (isCut && cells.length < this.plan.width) return aside('row-cut');
    if (this.mapping.layout === 'events') return this.takeEvent(cells);
    if (this.mapping.layout === 'long') return this.takeLong(cells);
    return this.takeWide(cells);
  }

  /** The batch that rows of an asset and a group of columns go into. */
  batchOf(asset: string, group: number, capacity?: number): Batch {
    const key = group === 0 && this.generation === 0 ? asset : `${asset}\0${group}\0${this.generation}`;
    const found = this.batches.get(key);
    if (found) return found;
    const batch = new Batch(asset, capacity);
    this.batches.set(key, batch);
    return batch;
  }

  /** The rows in long form of an asset. */
  tagRowsOf(asset: string, capacity?: number): TagRows {
    const found = this.tagged.get(asset);
    if (found) return found;
    const rows = new TagRows(asset, capacity);
    this.tagged.set(asset, rows);
    return rows;
  }

  /** What waits, as tables with a column a sensor; of long form the first `most` rows. */
  tables(most: number): Batch[] {
    return [...this.batches.values(), ...[...this.tagged.values()].map((rows) => rows.asTable(most))];
  }

  /** Positions of what waits. */
  *positions(): Generator<number> {
    for (const batch of this.batches.values()) yield* batch.positions.subarray(0, batch.rows);
    for (const rows of this.tagged.values()) yield* rows.distinctPositions();
  }

  /** Values of what waits, NaN where there is none. */
  *readings(): Generator<number> {
    for (const batch of this.batches.values()) for (const column of batch.columns) yield* column.values.subarray(0, batch.rows);
    for (const rows of this.tagged.values()) yield* rows.allValues();
  }

  clear(): void {
    this.batches.clear();
    this.tagged.clear();
    this.events.length = 0;
    this.waiting = 0;
    this.filledRecords = 0;
  }

  private assetOf(cells: readonly string[]): string {
    if (this.plan.asset < 0) return this.defaultAsset;
    const text = cells[this.plan.asset] ?? '';
    return text === '' ? '' : this.nameAsset(text);
  }

  private textOf(group: Group, cells: readonly string[]): string {
    const [first, second] = group.time;
    if (first === undefined) return '';
    if (second === undefined) return cells[first] ?? '';
    if (this.mapping.timestamp.kind === 'parts' || this.mapping.timestamp.kind === 'excel') return group.time.map((index) => cells[index] ?? '').join(' ').trim();
    const rest = group.time.slice(1).map((index) => cells[index] ?? '');
    const fraction = this.hasMilliseconds ? `.${(rest.pop() ?? '').padStart(3, '0')}` : '';
    if (rest.length === 0) return `${cells[first] ?? ''}${fraction}`.trim();
    const clock = rest.length > 1 ? rest.join(':') : evenDigits(rest[0] ?? '', this.hasSeconds);
    return `${cells[first] ?? ''} ${fraction === '' ? clock : clock.replace(/(?=\s*(?:[AaPp]\.?[Mm]\.?)?$)/, fraction)}`.trim();
  }

  /** A line of a segment's header within the file; at its end the times begin anew. */
  private isSegmentHeader(cells: readonly string[]): boolean {
    const found = this.segments?.take(cells) ?? null;
    if (found === null) return false;
    if (found !== 'header' && found.format !== null) {
      this.time.restart(found.format);
      this.numbered = 0;
      this.timeFormat = found.format;
    }
    return true;
  }

  private takeWide(cells: readonly string[]): Verdict {
    if (this.segments && this.isSegmentHeader(cells)) return skip;
    const asset = this.assetOf(cells);
    let verdict: Verdict | null = null;
    let stored = false;
    const before = this.filledGroups;
    for (const [index, group] of this.plan.groups.entries()) {
      const isBlank = this.plan.groups.length > 1 && this.textOf(group, cells) === '' && group.values.every(({ column }) => (cells[column.index] ?? '') === '');
      if (isBlank) continue;
      const outcome = this.takeGroup(cells, group, index, asset);
      if (outcome.kind === 'read') stored = true;
      else verdict ??= outcome;
    }
    if (stored) this.waiting++;
    if (this.filledGroups > before) this.filledRecords++;
    return stored || !verdict ? read : verdict;
  }

  /** Operating modes that are on, by stream; part of what a reader must remember. */
  get openModes(): Record<string, Run> {
    return this.modes.open;
  }

  private takeModes(cells: readonly string[], asset: string, at: number): void {
    const { modes } = this.plan;
    for (const { index, name } of modes) {
      const text = cells[index] ?? '';
      const word = isNoValue(text) ? '' : modes.length > 1 ? `${name}: ${text}` : text;
      for (const { word: mode, start, end } of this.modes.take(`${asset}\0${name}`, word, at)) this.events.push({ asset, kind: 'mode', mode, start, end, knownAt: end ?? start, comment: name });
    }
  }

  private filledGroups = 0;

  private takeGroup(cells: readonly string[], group: Group, index: number, asset: string): Verdict {
    const text = this.textOf(group, cells);
    const stream = index === 0 ? asset : `${asset}\0${index}`;
    const at = group.time.length === 0 ? this.time.ofRecord(this.numbered) : this.time.read(text, stream);
    if (Number.isNaN(at)) return this.faultOf(cells, text);
    if (asset === '') return aside('row-without-asset');
    const found = this.readGroup(cells, group);
    if (found === 'none-readable') return group.time.length === 0 && this.isHeader(cells) ? skip : aside('row-without-values');
    this.numbered++;
    if (index === 0 && this.plan.modes.length > 0) this.takeModes(cells, asset, at);
    const batch = this.batchOf(asset, index);
    const row = batch.addRow(at);
    let hasNumber = false;
    for (let i = 0; i < group.values.length; i++) {
      const column = group.values[i]?.column;
      if (!column) continue;
      const target = batch.column(column.name, column.unit, column.unitAsWritten, column.role === 'state' ? 'state' : 'number', false);
      const value = this.scratch[i] ?? NaN;
      target.values[row] = value;
      if (!Number.isNaN(value)) {
        target.isFilled = true;
        hasNumber = true;
      } else this.causes?.set(causeKey(asset, column.name, at), this.scratchCauses[i] ?? 'empty');
    }
    if (hasNumber) {
      batch.filledRows++;
      this.filledGroups++;
    }
    return read;
  }

  private scratch: number[] = [];
  private scratchCauses: MissingCause[] = [];

  /** Reads a group's values into `scratch`; 'none-readable' where there is no value and a word that isn't known. */
  private readGroup(cells: readonly string[], group: Group): 'some' | 'none-readable' {
    let words = 0;
    let numbers = 0;
    for (let i = 0; i < group.values.length; i++) {
      const one = group.values[i];
      if (!one) continue;
      let value = this.values.read(cells[one.column.index] ?? '', one.column);
      this.scratchCauses[i] = this.values.cause;
      if (this.values.fault === 'unreadable') words++;
      if (!Number.isNaN(value) && one.quality >= 0 && qualityOf(cells[one.quality] ?? '') === 'bad') {
        value = NaN;
        this.scratchCauses[i] = 'quality';
        this.badQuality++;
        numbers++;
      }
      if (!Number.isNaN(value)) numbers++;
      this.scratch[i] = value;
    }
    if (words > 0 && numbers === 0) return 'none-readable';
    this.unreadableCells += words;
    return 'some';
  }

  private takeLong(cells: readonly string[]): Verdict {
    const asset = this.assetOf(cells);
    const group = this.plan.groups[0];
    const valueColumn = group?.values[0];
    if (!group || !valueColumn) return aside('row-too-short');
    const tag = cells[this.plan.tag] ?? '';
    const text = this.textOf(group, cells);
    const at = group.time.length === 0 ? this.time.ofRecord(this.numbered++) : this.time.read(text, `${asset}\0${tag}`);
    if (Number.isNaN(at)) return this.faultOf(cells, text);
    if (tag === '') return aside('row-without-tag');
    if (asset === '') return aside('row-without-asset');
    const { value, kind } = readLongValue(this.values, cells[valueColumn.column.index] ?? '', valueColumn.column);
    if (this.values.fault === 'unreadable') return aside('value-unreadable');
    const isBad = valueColumn.quality >= 0 && qualityOf(cells[valueColumn.quality] ?? '') === 'bad';
    if (isBad) this.badQuality++;
    if (isBad || Number.isNaN(value)) this.causes?.set(causeKey(asset, tag, at), isBad ? 'quality' : this.values.cause);
    const rows = this.tagRowsOf(asset);
    rows.add(rows.find(tag) ?? this.openTag(rows, tag, this.plan.unit >= 0 ? (cells[this.plan.unit] ?? null) : (splitCell(cells[valueColumn.column.index] ?? '')?.unit ?? null), kind), at, isBad ? NaN : value);
    this.waiting++;
    return read;
  }

  /** A sensor's first row of this batch: its unit is the one that stands there. */
  openTag(rows: TagRows, tag: string, unitText: string | null, kind: 'number' | 'state'): number {
    const unit = toUnit(unitText);
    return rows.open(tag, unit.unit, unit.asWritten, kind);
  }

  private takeEvent(cells: readonly string[]): Verdict {
    const group = this.plan.groups[0];
    const asset = this.assetOf(cells);
    const text = group ? this.textOf(group, cells) : '';
    const start = this.time.read(text, '\0events');
    if (Number.isNaN(start)) return this.faultOf(cells, text);
    if (asset === '') return aside('row-without-asset');
    this.events.push(eventOf(cells, this.plan, this.mapping.columns, this.time, start, asset, this.eventKind));
    this.waiting++;
    return read;
  }

  /** A record whose time can't be used: a header that comes again, a remark, or one to set aside. */
  private faultOf(cells: readonly string[], timeText: string): Verdict {
    const { fault } = this.time;
    if (fault !== 'time-unreadable') return aside(fault);
    if (this.orderAnew(cells) || this.isHeader(cells)) return skip;
    if (filledWidth(cells) === 1 && this.plan.width > 1) return aside('line-not-a-record');
    return aside(timeText === '' && cells.length < this.plan.width / 2 ? 'row-too-short' : fault);
  }

  /** The columns as they stand now. */
  get columns(): readonly Column[] {
    return this.mapping.columns;
  }

  /** Takes a header within the file that orders the columns anew; false where the record is none. */
  private orderAnew(cells: readonly string[]): boolean {
    const columns = this.mapping.layout === 'wide' ? columnsAfter(cells, this.mapping) : null;
    if (!columns) return false;
    this.mapping = { ...this.mapping, columns };
    this.plan = planRows(this.mapping);
    this.names = columns.map((column) => column.name);
    this.generation++;
    return true;
  }

  /** The header again, where the blanks that separate cells stand in its names too. */
  private isSpacedHeader(cells: readonly string[]): boolean {
    return this.mapping.dialect.delimiter === blanks && cells.join(' ') === this.mapping.columns.map(({ header, name }) => header ?? name).join(' ');
  }

  /** The header again, as loggers write it when they restart: its names stand where they stood. */
  private isHeader(cells: readonly string[]): boolean {
    const names = uniqueNames(cells);
    let same = 0;
    let filled = 0;
    for (const [i, { name }] of names.entries()) {
      if (cells[i] === '') continue;
      filled++;
      if (name === this.names[i]) same++;
    }
    return filled > 0 && (same >= filled * 0.8 || (same > 0 && this.plan.groups.some((group) => group.time.some((index) => isTimeName(cells[index] ?? ''))) && same >= filled * 0.5));
  }
}
