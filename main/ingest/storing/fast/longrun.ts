import type { TimeReader } from '../../times/clock.ts';
import type { TagRows } from '../tagrows.ts';
import { beginnings, CR, LF, ODD } from './cell.ts';
import { Role, type RowScan } from './rowscan.ts';
import { isSame } from './words.ts';

const BLANK = 32;
const TAB = 9;
const QUOTE = 34;

/** One asset's rows in long form, and where each tag's newest row lies. */
export interface TagBound {
  rows: TagRows;
  /** Slot of each tag by its number; -1: not met in this batch. */
  slots: Int32Array;
  asset: string;
  newest: Float64Array;
  touched: number[];
}

/** Where records of a run go. */
export interface LongTarget {
  /** Rows of an asset by its number, once it has any. */
  boundOf(asset: number): TagBound | undefined;
  /** Counts records that were put among the rows, and readings among them that their quality calls bad. */
  count(records: number, bad: number): void;
}

/**
 * Records in long form that follow each other and are written as plainly as can be: names that were met before, without quotes and blanks
 * around them, the time of the record before or one that is read from its bytes, a plain number. Cells are compared with what is expected
 * four bytes at a time. Stops before whatever else; RowScan takes that record, and both come to the same.
 */
export class LongRun {
  /** Records taken by the last call, and where it stopped. */
  taken = 0;
  at = 0;
  private readonly scan: RowScan;
  private readonly time: TimeReader;
  private readonly target: LongTarget;
  private readonly value: Float64Array;

  // The record that is read.
  private timeFrom = 0;
  private timeLength = -1;
  private position = NaN;
  private tag = 0;
  private asset = 0;
  private isBad = false;

  constructor(scan: RowScan, time: TimeReader, target: LongTarget) {
    this.scan = scan;
    this.time = time;
    this.target = target;
    this.value = new Float64Array(scan.roles.length);
  }

  /** Takes records from `from` on: at most `room`, and none that begins at `until`. Sets `taken` and `at`. */
  take(bytes: Uint8Array, from: number, room: number, until: number): void {
    const { time, scan } = this;
    const view = scan.see(bytes);
    const { needsOrder } = time;
    const value = scan.valueCell;
    let bound = this.target.boundOf(this.asset);
    let bounds = this.asset;
    let taken = 0;
    let at = from;
    this.timeLength = -1;
    let bad = 0;
    while (taken < room && at < until) {
      const next = this.read(bytes, view, at);
      if (next === ODD) break;
      if (bounds !== this.asset) {
        bound = this.target.boundOf(this.asset);
        bounds = this.asset;
      }
      const { tag, position } = this;
      const slot = bound?.slots[tag] ?? -1;
      if (bound === undefined || slot < 0) break;
      if (this.isBad) bad++;
      bound.rows.add(slot, position, this.isBad ? NaN : (this.value[value] ?? NaN));
      if (needsOrder) {
        if (!(bound.newest[tag] === bound.newest[tag])) bound.touched.push(tag);
        bound.newest[tag] = position;
      }
      taken++;
      at = next;
    }
    this.taken = taken;
    this.at = at;
    this.target.count(taken, bad);
  }

  /** Reads one record; returns where the next begins, or ODD. */
  private read(bytes: Uint8Array, view: DataView, from: number): number {
    const { scan } = this;
    const { roles, delimiter, number } = scan;
    const end = bytes.length;
    const last = roles.length - 1;
    if (beginnings[bytes[from] ?? 0] !== 1) return ODD;
    let i = from;
    for (let cell = 0; cell <= last; cell++) {
      const role = roles[cell];
      if (role === Role.value) {
        i = number.run(bytes, view, i, end, this.value, cell, cell);
        if (number.cell === cell || scan.isMissing(this.value[cell] ?? NaN)) return ODD;
      } else if (role === Role.tag) {
        this.tag = scan.tags.take(bytes, view, i, delimiter);
        if (this.tag < 0) return ODD;
        i = scan.tags.stop;
      } else {
        i = role === Role.time ? this.readTime(bytes, view, i) : this.readOther(role ?? 0, bytes, view, i);
        if (i === ODD) return ODD;
      }
      if (cell < last) {
        if (bytes[i] !== delimiter) return ODD;
        i++;
      }
    }
    if (bytes[i] === LF) return i + 1;
    return bytes[i] === CR && bytes[i + 1] === LF ? i + 2 : ODD;
  }

  private readTime(bytes: Uint8Array, view: DataView, from: number): number {
    const { scan, timeLength } = this;
    const end = bytes.length;
    const same = from + timeLength;
    if (timeLength >= 0 && same < end && isSame(view, from, view, this.timeFrom, timeLength) && scan.isEnd(bytes[same])) return same;
    const next = scan.moments.one(bytes, from, end);
    const { at } = scan.moments;
    if (next === ODD || next >= end || !scan.isEnd(bytes[next]) || !(at >= this.time.earliest && at <= this.time.latest)) return ODD;
    this.timeFrom = from;
    this.timeLength = next - from;
    this.position = at;
    return next;
  }

  /** A cell of a name, a quality, or of what isn't needed again; returns where it ends. */
  private readOther(role: number, bytes: Uint8Array, view: DataView, from: number): number {
    const { scan } = this;
    const { delimiter } = scan;
    if (role === Role.asset || role === Role.quality) {
      const words = role === Role.asset ? scan.assets : scan.qualities;
      const known = words.take(bytes, view, from, delimiter);
      if (known < 0) return ODD;
      if (role === Role.asset) this.asset = known;
      else this.isBad = words.valueOf(known) === true;
      return words.stop;
    }
    if (role !== Role.nothing && role !== Role.unit) return ODD;
    const end = bytes.length;
    let i = from;
    let c = bytes[i];
    if (c === QUOTE || c === BLANK || c === TAB) return ODD;
    while (i < end && c !== delimiter && c !== LF && c !== CR) c = bytes[++i];
    return i < end ? i : ODD;
  }
}
