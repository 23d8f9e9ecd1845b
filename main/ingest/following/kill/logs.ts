import { appendFileSync, copyFileSync, existsSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Random numbers that a seed makes again. */
export const randomOf = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    // Mulberry32, public domain (T. Ettinger).
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
};

export const header = 'time,load (kN),speed (1/min),temperature (°C)\n';
const start = Date.UTC(2025, 2, 1);
export const timeOf = (row: number): number => (start + row * 1000) * 1000;
/** What row `row` of machine `machine` says; one in seven loads is missing. */
export const valuesOf = (machine: number, row: number): [number, number, number] => [row % 7 === 3 ? NaN : Math.round(Math.sin(row / 9 + machine) * 1e5) / 1e3, (row * 37 + machine) % 3000, machine + (row % 1000) / 10];
export const lineOf = (machine: number, row: number): string => {
  const cells = valuesOf(machine, row).map((value) => (Number.isNaN(value) ? '' : String(value)));
  return `${new Date(start + row * 1000).toISOString().slice(0, 19).replace('T', ' ')},${cells.join(',')}\n`;
};

export type Rotation = 'none' | 'rename' | 'copy';

/** A log that a logger writes, in whatever pieces; rotated as loggers do. */
export class WrittenLog {
  readonly machine: number;
  /** Rows whose last byte is in a file. */
  rows = 0;
  private readonly folder: string;
  private readonly rotation: Rotation;
  private rest = header;
  private rotations = 0;
  private written = 0;

  constructor(folder: string, machine: number, rotation: Rotation) {
    this.folder = folder;
    this.machine = machine;
    this.rotation = rotation;
    writeFileSync(this.path(0), '');
  }

  /** Appends up to `bytes`, wherever that ends; whole rows are added as they are needed. */
  write(bytes: number): void {
    while (this.rest.length < bytes) this.rest += lineOf(this.machine, this.written++);
    this.append(bytes);
  }

  /** Appends what is missing of the last line. */
  finishLine(): void {
    this.append(this.rest.length);
  }

  /** As logrotate does: by new names, or by a copy that leaves the file empty. A logger rotates between lines. */
  rotate(): void {
    if (this.rotation === 'none') return;
    this.finishLine();
    for (let n = this.rotations; n >= 1; n--) if (existsSync(this.path(n))) renameSync(this.path(n), this.path(n + 1));
    this.rotations++;
    if (this.rotation === 'rename') {
      renameSync(this.path(0), this.path(1));
      writeFileSync(this.path(0), '');
    } else {
      copyFileSync(this.path(0), this.path(1));
      truncateSync(this.path(0));
    }
    this.rest = header;
  }

  private append(bytes: number): void {
    appendFileSync(this.path(0), this.rest.slice(0, bytes));
    this.rest = this.rest.slice(bytes);
    this.rows = this.written - (this.rest === '' ? 0 : this.rest.split('\n').length - 1);
  }

  private path(n: number): string {
    return join(this.folder, n === 0 ? `pump_${this.machine}.csv` : `pump_${this.machine}.${n}.csv`);
  }
}
