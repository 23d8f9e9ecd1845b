import type { Mapping } from '../../../contract/data.ts';
import { blanks } from '../../reading/cells.ts';
import type { TimeReader } from '../../times/clock.ts';
import { millisecondsMark } from '../../times/elapsed.ts';
import type { RowReader } from '../rows.ts';
import { ODD } from './cell.ts';
import { LongRun } from './longrun.ts';
import { canReadTimes } from './moment.ts';
import { RowScan, type Texts } from './rowscan.ts';
import { LongSink, type Sink, WideSink } from './sinks.ts';
import { WideRun } from './widerun.ts';

/** Encodings in which the second byte of a character may be a delimiter's. */
const doubleBytes = new Set(['gb18030', 'shift_jis']);

/** So often in a row that no record was plain enough for a run, and none is tried for the rest of a stretch. */
const mostStops = 1024;

const isPlain = (mapping: Mapping, { plan }: RowReader): boolean => {
  const { delimiter, encoding, quote } = mapping.dialect;
  const hasPieces = plan.groups.some((group) => group.time.length > 1) && (mapping.timestamp.format.endsWith(millisecondsMark) || mapping.timestamp.format.includes('HHmmss'));
  if ((quote !== null && quote !== '"') || hasPieces || plan.modes.length > 0 || mapping.timestamp.kind === 'interval') return false;
  const isOneByte = delimiter === blanks || (delimiter.length === 1 && delimiter.charCodeAt(0) < (doubleBytes.has(encoding) ? 0x40 : 0x80));
  const hasTimes = plan.groups.every((group) => (group.time.length === 0 ? plan.groups.length === 1 : group.time.length === 1 || (group.time.length === 2 && plan.groups.length === 1)));
  const hasRoom = plan.groups.length < 256 && plan.groups.length > 0 && plan.width > 0;
  if (!isOneByte || !hasTimes || !hasRoom || (plan.groups[0]?.time.length !== 0 && !canReadTimes(mapping))) return false;
  return mapping.layout === 'long' ? plan.tag >= 0 && plan.groups[0]?.values[0] !== undefined : mapping.layout !== 'events';
};

/**
 * The fast way for records that are written plainly, in wide and in long form: from bytes to numbers without making a string. Whatever is
 * odd in a record stops it before that record; the general way takes it then, and both come to the same.
 */
export class FastRows {
  /** Records taken by the last call, and where it stopped. */
  rows = 0;
  at = 0;
  private readonly scan: RowScan;
  private readonly sink: Sink;

  private readonly run: LongRun | WideRun | null;

  private constructor(scan: RowScan, sink: WideSink | LongSink, time: TimeReader) {
    this.scan = scan;
    this.sink = sink;
    this.run = sink instanceof WideSink ? WideRun.of(scan, time, sink) : !scan.isBlanks && !scan.hasNoTimes ? new LongRun(scan, time, sink) : null;
  }

  /** The fast way for a mapping; null where its files are not plain enough. */
  static of(mapping: Mapping, rows: RowReader, time: TimeReader, defaultAsset: string, texts: Texts): FastRows | null {
    if (!isPlain(mapping, rows)) return null;
    const scan = new RowScan(mapping, rows.plan, time, texts);
    return new FastRows(scan, mapping.layout === 'long' ? new LongSink(rows, time, defaultAsset) : new WideSink(rows, time, defaultAsset), time);
  }

  /** Takes whole records that begin from `from` on, at most `room` and none that begins at `until`. Sets `rows` and `at`. `capacity`: rows that a new batch has room for. */
  take(bytes: Uint8Array, from: number, { room, capacity, until }: { room: number; capacity: number; until: number }): void {
    const { scan, sink } = this;
    const end = bytes.length;
    this.rows = 0;
    this.at = from;
    sink.begin(capacity);
    let stops = 0;
    while (this.rows < room && this.at < until) {
      const before = this.rows;
      if (stops < mostStops) this.takeRun(bytes, room, until);
      if (this.rows === room || this.at >= until) break;
      stops = this.rows === before ? stops + 1 : 0;
      const next = scan.read(bytes, this.at, end);
      if (next === ODD || !sink.take(scan)) break;
      this.at = next;
      this.rows++;
    }
    sink.end();
  }

  /** Records that are plain in a row. */
  private takeRun(bytes: Uint8Array, room: number, until: number): void {
    const { run } = this;
    if (run === null) return;
    run.take(bytes, this.at, room - this.rows, until);
    this.rows += run.taken;
    this.at = run.at;
  }
}
