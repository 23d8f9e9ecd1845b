import type { Column, Mapping } from '../../../contract/data.ts';
import { blanks } from '../../reading/cells.ts';
import { qualityOf } from '../../reading/words.ts';
import { withoutMarks } from '../../shape/sheet.ts';
import type { TimeReader } from '../../times/clock.ts';
import type { RowPlan } from '../plan.ts';
import { splitCell } from '../../shape/units.ts';
import { readLongValue, ValueReader } from '../values.ts';
import { BLANK, CellScan, CR, LF, ODD, TAB } from './cell.ts';
import { MomentReader } from './moment.ts';
import { NumberScan } from './number.ts';
import { Words } from './words.ts';

/** Words that a value's column is expected to have: states, marks of bad values. */
const mostWords = 1024;
/** Tags and machines of a file that are known by their bytes. */
const mostNames = 1 << 16;

/** What a cell is for. */
export const Role = { nothing: 0, value: 1, state: 2, time: 3, date: 4, clock: 5, asset: 6, tag: 7, unit: 8, quality: 9 } as const;

/** What a word in a value's cell turned out to be. */
interface Judged {
  value: number;
  kind: 'number' | 'state';
  isUnreadable: boolean;
}

/** What the general way makes of texts. */
export interface Texts {
  decode: (bytes: Buffer) => string;
  nameAsset: (text: string) => string;
}

/**
 * Reads one record at a time from bytes into numbers. Plain digits make no string; words are judged by the general way's own readers,
 * once each. ODD stands for whatever else: the general way takes the record then, and nothing here has changed.
 */
export class RowScan {
  /** [cells] values of the record; NaN: none. */
  readonly values: Float64Array;
  /** [cells] 1 where a quality cell says that its value doesn't count. */
  readonly bad: Uint8Array;
  /** [groups] the time of each group; NaN where its cell is empty. */
  readonly at: Float64Array;
  /** [groups] cells of the group that hold something else than a plain number, and words among them that mean nothing. */
  readonly odd: Uint32Array;
  readonly unreadable: Uint32Array;
  /** Number and name of the record's asset; number 0 where the file names none. */
  asset = 0;
  /** Number of the record's tag among those met so far. */
  tag = 0;
  /** Whether the record's value is a state's word. */
  isState = false;

  readonly assets = new Words<string>(mostNames);
  readonly tags = new Words<string>(mostNames);

  readonly delimiter: number;
  readonly decimal: number;
  /** Runs of blanks delimit. */
  readonly isBlanks: boolean;
  private readonly isLong: boolean;
  private readonly isNumbered: boolean;
  /** [cells] what each is for. */
  readonly roles: Uint8Array;
  /** The cell of the last value; -1: there is none. */
  valueCell = -1;
  private readonly groupOf: Uint8Array;
  private readonly columns: (Column | undefined)[];
  private readonly words: (Words<Judged> | undefined)[];
  private readonly suffixes: (Words<boolean> | undefined)[];
  readonly qualities = new Words<boolean>(mostWords);
  private readonly missing: ReadonlySet<number>;
  private readonly cell: CellScan;
  readonly number: NumberScan;
  readonly moments: MomentReader;
  private readonly reader: ValueReader;
  private readonly texts: Texts;
  private oddFrom = -1;
  private oddTo = 0;
  private date = 0;
  private dateEnd = 0;
  private clock = 0;
  private clockEnd = 0;
  private unit = 0;
  private unitEnd = 0;
  private bytes: Uint8Array = new Uint8Array(0);
  private view: DataView = new DataView(new ArrayBuffer(0));
  private isOdd = false;
  /** [cells] last of the values that follow each other from this one on. */
  private readonly runs: Uint16Array;

  constructor(mapping: Mapping, plan: RowPlan, time: TimeReader, texts: Texts) {
    const { width, groups } = plan;
    const { delimiter, decimal } = mapping.dialect;
    this.texts = texts;
    this.isBlanks = delimiter === blanks;
    this.delimiter = this.isBlanks ? BLANK : delimiter.charCodeAt(0);
    this.decimal = decimal.charCodeAt(0);
    this.isLong = mapping.layout === 'long';
    this.isNumbered = groups[0]?.time.length === 0;
    this.values = new Float64Array(width);
    this.bad = new Uint8Array(width);
    this.at = new Float64Array(groups.length);
    this.odd = new Uint32Array(groups.length);
    this.unreadable = new Uint32Array(groups.length);
    this.roles = new Uint8Array(width);
    this.groupOf = new Uint8Array(width);
    this.runs = new Uint16Array(width);
    this.columns = [];
    this.missing = new Set(mapping.missingCodes);
    this.cell = new CellScan(this.delimiter, this.isBlanks);
    this.number = new NumberScan(this.decimal, this.delimiter);
    this.moments = new MomentReader(mapping, time);
    this.reader = new ValueReader(mapping);
    this.assign(plan);
    this.words = this.columns.map((column) => (column ? new Words<Judged>(mostWords) : undefined));
    this.suffixes = this.columns.map((column) => (column ? new Words<boolean>(mostWords) : undefined));
  }

  private assign({ groups, asset, tag, unit, width }: RowPlan): void {
    this.columns.length = width;
    for (const [g, group] of groups.entries()) {
      const [time, clock] = group.time;
      if (time !== undefined) this.roles[time] = clock === undefined ? Role.time : Role.date;
      if (clock !== undefined) this.roles[clock] = Role.clock;
      if (time !== undefined) this.groupOf[time] = g;
      for (const { column, quality } of group.values) {
        this.roles[column.index] = column.role === 'state' ? Role.state : Role.value;
        this.groupOf[column.index] = g;
        this.columns[column.index] = column;
        this.valueCell = column.index;
        if (quality >= 0) this.roles[quality] = Role.quality;
      }
    }
    for (const [index, role] of [[asset, Role.asset], [tag, Role.tag], [unit, Role.unit]] as const) if (index >= 0) this.roles[index] = role;
    for (let cell = width - 1; cell >= 0; cell--) this.runs[cell] = this.roles[cell] === Role.value && this.roles[cell + 1] === Role.value ? (this.runs[cell + 1] ?? cell) : cell;
  }

  /** Text of the record's unit cell. */
  get unitText(): string {
    return this.textOf(this.bytes, this.unit, this.unitEnd);
  }

  /** The unit behind the number in the record's last value cell that is more than digits; null where it has none. */
  get cellUnit(): string | null {
    return this.oddFrom < 0 ? null : (splitCell(this.textOf(this.bytes, this.oddFrom, this.oddTo))?.unit ?? null);
  }

  /** Bytes that are read from now on; returns a view of them. */
  see(bytes: Uint8Array): DataView {
    if (this.bytes !== bytes) {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    return this.view;
  }

  /** Numbers that stand for 'no value'. */
  get missingCodes(): number[] {
    return [...this.missing];
  }

  /** Whether a number stands for 'no value'. */
  isMissing(value: number): boolean {
    return this.missing.size > 0 && this.missing.has(value);
  }

  /** Reads the record that begins at `from`; returns where the next begins, or ODD. */
  read(bytes: Uint8Array, from: number, end: number): number {
    const { roles, delimiter } = this;
    const last = roles.length - 1;
    this.see(bytes);
    this.oddFrom = -1;
    if (this.isOdd) {
      this.isOdd = false;
      this.odd.fill(0);
      this.unreadable.fill(0);
    }
    let i = this.begin(bytes, from, end);
    for (let cell = 0; cell <= last && i !== ODD; cell++) {
      const role = roles[cell];
      if (this.isBlanks && (i >= end || bytes[i] === LF || bytes[i] === CR)) return ODD;
      if (role === Role.value) {
        i = this.run(bytes, i, end, cell);
        cell = this.stop;
      } else if (role === Role.time) i = this.time(bytes, i, end, cell);
      else i = this.other(role ?? 0, bytes, i, end, cell);
      if (cell === last || i === ODD) break;
      if (this.isBlanks) i = skipBlanks(bytes, i, end);
      else i = bytes[i] === delimiter ? i + 1 : ODD;
    }
    if (i === ODD || (this.clockEnd > 0 && !this.joinTime(bytes))) return ODD;
    return this.lineEnd(bytes, i, end);
  }

  /** Remarks and what stands around records after a crash are odd. */
  private begin(bytes: Uint8Array, from: number, end: number): number {
    const i = this.isBlanks ? skipBlanks(bytes, from, end) : from;
    let first = i;
    while (first < end && (bytes[first] === BLANK || bytes[first] === TAB)) first++;
    const c = bytes[first] ?? 0;
    this.clockEnd = 0;
    this.asset = 0;
    if (c < 0x20 ? c !== TAB && c !== this.delimiter : c === 0x23 || c === 0x2f || c === 0x25 || c === 0x21 || c === 0x2a || c === 0xef) return ODD;
    return i;
  }

  private lineEnd(bytes: Uint8Array, from: number, end: number): number {
    let i = from;
    // Empty cells behind the last column are no more than a delimiter too many.
    while (i < end && (bytes[i] === this.delimiter || bytes[i] === BLANK || (bytes[i] === TAB && this.isBlanks))) i++;
    if (bytes[i] === LF) return i + 1;
    if (bytes[i] !== CR || i + 1 >= end) return ODD;
    return bytes[i + 1] === LF ? i + 2 : i + 1;
  }

  /** Whether a byte ends a cell. */
  isEnd(c: number | undefined): boolean {
    return c === this.delimiter || c === LF || c === CR || (this.isBlanks && c === TAB);
  }

  /** The cell that `run` went up to. */
  private stop = 0;

  /** Values from `cell` on, as far as they are plain or the first of them isn't; returns what stands behind the last one read. */
  private run(bytes: Uint8Array, from: number, end: number, cell: number): number {
    const { number } = this;
    // Runs of blanks may end a cell with a tab as well.
    const i = number.run(bytes, this.view, from, end, this.values, cell, this.isBlanks ? cell : (this.runs[cell] ?? cell));
    this.isState = false;
    if (this.missing.size > 0) for (let k = cell; k < number.cell; k++) this.put(k, this.values[k] ?? NaN);
    this.stop = Math.max(cell, number.cell - 1);
    if (number.cell === cell) return this.oddValue(bytes, i, end, cell);
    // The place is behind a delimiter where an odd cell follows: it is read in its turn.
    return number.cell <= (this.runs[cell] ?? cell) && !this.isEnd(bytes[i]) ? i - 1 : i;
  }

  private put(cell: number, value: number): void {
    const isMissing = this.isMissing(value);
    this.values[cell] = isMissing ? NaN : value;
    if (isMissing) this.note(cell, false);
    this.isState = false;
  }

  private note(cell: number, isUnreadable: boolean): void {
    const group = this.groupOf[cell] ?? 0;
    this.isOdd = true;
    this.odd[group] = (this.odd[group] ?? 0) + 1;
    if (isUnreadable) this.unreadable[group] = (this.unreadable[group] ?? 0) + 1;
  }

  /** A cell with blanks, quotes, an exponent, a unit, or a word. */
  private oddValue(bytes: Uint8Array, from: number, end: number, cell: number): number {
    const stop = this.cell.take(bytes, from, end);
    if (stop === ODD) return ODD;
    const { from: first, to } = this.cell;
    if (first === to) {
      this.values[cell] = NaN;
      return stop;
    }
    if (this.roles[cell] !== Role.state && this.number.whole(bytes, first, to)) this.put(cell, this.number.value);
    else if (this.roles[cell] === Role.state || !this.withUnit(bytes, first, to, cell)) this.putWord(bytes, first, to, cell);
    return stop;
  }

  /** A number and something behind it that the general way passed over before: then it does so behind every number. */
  private withUnit(bytes: Uint8Array, from: number, to: number, cell: number): boolean {
    const { number } = this;
    const next = number.plain(bytes, from, to);
    const suffixes = this.suffixes[cell];
    if (next === from || next >= to || !suffixes) return false;
    const value = number.value;
    this.oddFrom = from;
    this.oddTo = to;
    let known = suffixes.find(bytes, next, to);
    if (known < 0) {
      if (value === 0) return false;
      const judged = this.judge(bytes, from, to, cell);
      known = suffixes.add(bytes, next, to, judged.value === value && judged.kind === 'number' && !this.missing.has(value));
      if (known < 0) return false;
    }
    if (suffixes.valueOf(known) !== true || this.missing.has(value)) return false;
    this.put(cell, value);
    return true;
  }

  private putWord(bytes: Uint8Array, from: number, to: number, cell: number): void {
    const words = this.words[cell];
    const known = words?.find(bytes, from, to) ?? ODD;
    const judged = (known < 0 ? undefined : words?.valueOf(known)) ?? this.judge(bytes, from, to, cell);
    if (known < 0) words?.add(bytes, from, to, judged);
    this.note(cell, judged.isUnreadable);
    this.values[cell] = judged.value;
    this.isState = judged.kind === 'state';
  }

  private judge(bytes: Uint8Array, from: number, to: number, cell: number): Judged {
    const column = this.columns[cell];
    if (!column) return { value: NaN, kind: 'number', isUnreadable: true };
    const text = this.textOf(bytes, from, to);
    const { value, kind } = this.isLong ? readLongValue(this.reader, text, column) : { value: this.reader.read(text, column), kind: 'number' as const };
    return { value, kind, isUnreadable: this.reader.fault === 'unreadable' };
  }

  private textOf(bytes: Uint8Array, from: number, to: number): string {
    return this.texts.decode(Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from)).trim();
  }

  private time(bytes: Uint8Array, from: number, end: number, cell: number): number {
    const group = this.groupOf[cell] ?? 0;
    const next = this.moments.one(bytes, from, end);
    if (next !== ODD && next < end && this.isEnd(bytes[next])) {
      this.at[group] = this.moments.at;
      return next;
    }
    const stop = this.cell.take(bytes, from, end);
    if (stop === ODD) return ODD;
    const { from: first, to } = this.cell;
    if (first === to) this.at[group] = NaN;
    else if (this.moments.one(bytes, first, to) === to || this.isLastTime(bytes, first, to) || this.timeOfText(bytes, first, to)) this.at[group] = this.moments.at;
    else return ODD;
    return first === to && this.at.length === 1 ? ODD : stop;
  }

  private lastTime = new Uint8Array(64);
  private lastTimeLength = 0;
  private lastTimeAt = NaN;

  /** The text that was read before this one, again: as long files have it for each of their tags. */
  private isLastTime(bytes: Uint8Array, from: number, to: number): boolean {
    if (to - from !== this.lastTimeLength) return false;
    for (let i = 0; i < this.lastTimeLength; i++) if (this.lastTime[i] !== bytes[from + i]) return false;
    this.moments.at = this.lastTimeAt;
    return true;
  }

  private timeOfText(bytes: Uint8Array, from: number, to: number): boolean {
    if (!this.moments.text(this.textOf(bytes, from, to))) return false;
    if (to - from <= this.lastTime.length) {
      this.lastTime.set(bytes.subarray(from, to));
      this.lastTimeLength = to - from;
      this.lastTimeAt = this.moments.at;
    }
    return true;
  }

  private joinTime(bytes: Uint8Array): boolean {
    if (!this.moments.two(bytes, this.date, this.dateEnd, this.clock, this.clockEnd)) return false;
    this.at[0] = this.moments.at;
    return true;
  }

  private other(role: number, bytes: Uint8Array, from: number, end: number, cell: number): number {
    if (role === Role.state) return this.oddValue(bytes, from, end, cell);
    const stop = this.cell.take(bytes, from, end);
    if (stop === ODD || role === Role.nothing) return stop;
    const { from: first, to } = this.cell;
    if (role === Role.tag) return (this.tag = this.named(this.tags, bytes, first, to, (text) => text)) < 0 ? ODD : stop;
    if (role === Role.asset) return (this.asset = this.named(this.assets, bytes, first, to, this.texts.nameAsset)) < 0 ? ODD : stop;
    if (role === Role.quality) this.bad[cell] = this.isBad(bytes, first, to) ? 1 : 0;
    else if (role === Role.date) [this.date, this.dateEnd] = [first, to];
    else if (role === Role.clock) [this.clock, this.clockEnd] = [first, to];
    else [this.unit, this.unitEnd] = [first, to];
    return stop;
  }

  /** Number of a name; ODD for none, for one with marks of a crash in it, and for more names than are kept. */
  private named(names: Words<string>, bytes: Uint8Array, from: number, to: number, name: (text: string) => string): number {
    const known = names.find(bytes, from, to);
    if (known >= 0) return known;
    const text = this.textOf(bytes, from, to);
    return text === '' || withoutMarks(text) !== text ? ODD : names.add(bytes, from, to, name(text));
  }

  private isBad(bytes: Uint8Array, from: number, to: number): boolean {
    const known = this.qualities.find(bytes, from, to);
    if (known >= 0) return this.qualities.valueOf(known) === true;
    const isBad = qualityOf(this.textOf(bytes, from, to)) === 'bad';
    this.qualities.add(bytes, from, to, isBad);
    return isBad;
  }

  /** Whether records are numbered since the file has no times. */
  get hasNoTimes(): boolean {
    return this.isNumbered;
  }
}

const skipBlanks = (bytes: Uint8Array, from: number, end: number): number => {
  let i = from;
  while (i < end && (bytes[i] === BLANK || bytes[i] === TAB)) i++;
  return i;
};
