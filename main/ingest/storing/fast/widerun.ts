import type { TimeReader } from '../../times/clock.ts';
import { KernelRole, WideKernel } from '../kernel/wide.ts';
import { beginnings, ODD } from './cell.ts';
import { Role, type RowScan } from './rowscan.ts';

/** Bytes that the kernel is given at once: few where records in a row aren't plain, more and more where they are. */
const fewestBytes = 8 << 10;
const mostBytes = 256 << 10;
/** Wider records are cut out of more bytes than a block has. */
const mostCells = 2048;

/** Where records of a run go. */
export interface WideTarget {
  /** Takes `rows` records: their times, and their values by the number of the value among the record's values. */
  takeMany(times: Float64Array, rows: number, column: (k: number, rows: number) => Float64Array): void;
}

const kernelRoles: Partial<Record<number, number>> = { [Role.nothing]: KernelRole.nothing, [Role.value]: KernelRole.value, [Role.time]: KernelRole.time };

/**
 * Records in wide form that follow each other and are written as plainly as can be: one time, numbers, and cells that aren't needed. The
 * kernel reads their numbers; the times are read here. Stops before whatever else; RowScan takes that record, and both come to the same.
 */
export class WideRun {
  /** Records taken by the last call, and where it stopped. */
  taken = 0;
  at = 0;
  private readonly scan: RowScan;
  private readonly time: TimeReader;
  private readonly target: WideTarget;
  private readonly kernel: WideKernel;
  private readonly times: Float64Array;
  private size = fewestBytes;

  private constructor(scan: RowScan, time: TimeReader, target: WideTarget, kernel: WideKernel) {
    this.scan = scan;
    this.time = time;
    this.target = target;
    this.kernel = kernel;
    this.times = new Float64Array(kernel.most);
  }

  /** Null where records hold more than one time, numbers and cells that aren't needed. */
  static of(scan: RowScan, time: TimeReader, target: WideTarget): WideRun | null {
    const roles = Array.from(scan.roles, (role) => kernelRoles[role]);
    if (scan.isBlanks || scan.hasNoTimes || roles.length > mostCells || roles.filter((role) => role === KernelRole.time).length !== 1) return null;
    const known = roles.filter((role) => role !== undefined);
    if (known.length < roles.length || !known.includes(KernelRole.value)) return null;
    return new WideRun(scan, time, target, new WideKernel({ roles: Uint8Array.from(known), beginnings, delimiter: scan.delimiter, decimal: scan.decimal, missing: scan.missingCodes }));
  }

  /** Takes records from `from` on: at most `room`, and none that begins at `until`. Sets `taken` and `at`. */
  take(bytes: Uint8Array, from: number, room: number, until: number): void {
    const { kernel } = this;
    this.taken = 0;
    this.at = from;
    while (this.taken < room && this.at < until) {
      const start = this.at;
      const end = Math.min(bytes.length, start + this.size);
      kernel.give(bytes.subarray(start, end));
      const stopped = this.takeBlock(bytes, start, room, Math.min(end, until));
      if (stopped || this.at === start || end === bytes.length) {
        // A record that is longer than the block is none for the kernel either.
        if (this.at === start) this.size = Math.max(fewestBytes, this.size >> 1);
        return;
      }
      this.size = Math.min(mostBytes, this.size * 2);
    }
  }

  /** Takes the records of one block; true where one of them isn't for the kernel. */
  private takeBlock(bytes: Uint8Array, start: number, room: number, until: number): boolean {
    const { kernel, times } = this;
    for (;;) {
      const rows = kernel.read(this.at - start, until - start, room - this.taken);
      if (rows === 0) return false;
      const timed = this.readTimes(bytes, start, rows);
      if (timed > 0) this.target.takeMany(times, timed, (k, count) => kernel.column(k, count));
      this.taken += timed;
      this.at = start + (timed < rows ? kernel.place(timed, 0) : kernel.next);
      if (timed < rows || this.taken === room) return true;
    }
  }

  /** Times of the kernel's records, up to the first that the general way must read; returns how many. */
  private readTimes(bytes: Uint8Array, start: number, rows: number): number {
    const { kernel, times, scan } = this;
    const { earliest, latest } = this.time;
    for (let row = 0; row < rows; row++) {
      const end = start + kernel.place(row, 2);
      if (scan.moments.one(bytes, start + kernel.place(row, 1), end) !== end) return row;
      const { at } = scan.moments;
      if (at === ODD || !(at >= earliest && at <= latest)) return row;
      times[row] = at;
    }
    return rows;
  }
}
