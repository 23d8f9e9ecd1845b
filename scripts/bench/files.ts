// Logs as plants write them, the same bytes each time: walks with noise, two decimals, a reading a second.
import { closeSync, openSync, renameSync, statSync, writeSync } from 'node:fs';

/** What a made file holds. */
export interface MadeFile {
  readonly path: string;
  readonly rows: number;
  readonly values: number;
  readonly bytes: number;
}

/** Park and Miller's generator. */
export const createRandom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 - 0.5;
  };
};

const flushAt = 4 << 20;
const longestRow = 1 << 14;

/** Bytes gathered and written in large pieces. */
class Out {
  private readonly bytes = Buffer.allocUnsafe(flushAt + longestRow);
  private at = 0;
  private readonly file: number;

  constructor(path: string) {
    this.file = openSync(path, 'w');
  }

  text(text: string): void {
    this.at += this.bytes.write(text, this.at, 'utf8');
  }

  byte(code: number): void {
    this.bytes[this.at++] = code;
  }

  /** A number of hundredths: '-12.34'. */
  hundredths(value: number, mark: number): void {
    let rest = value < 0 ? -value : value;
    if (value < 0) this.byte(45);
    let digits = 3;
    for (let limit = 1000; rest >= limit; limit *= 10) digits++;
    this.at += digits + 1;
    for (let i = 1, place = 0; place < digits; i++) {
      if (i === 3) {
        this.bytes[this.at - i] = mark;
        continue;
      }
      this.bytes[this.at - i] = 48 + (rest % 10);
      rest = Math.floor(rest / 10);
      place++;
    }
  }

  endRow(): void {
    this.byte(10);
    if (this.at >= flushAt) this.flush();
  }

  close(): void {
    this.flush();
    closeSync(this.file);
  }

  private flush(): void {
    writeSync(this.file, this.bytes, 0, this.at);
    this.at = 0;
  }
}

const start = Date.UTC(2025, 0, 1);

/** 'yyyy-MM-dd HH:mm:ss' of each second, the day's part made once a day. */
const createClock = () => {
  let day = '';
  let known = -1;
  const two = (n: number): string => (n < 10 ? `0${n}` : String(n));
  return (second: number): string => {
    const number = Math.floor(second / 86_400);
    if (number !== known) day = new Date(start + number * 86_400_000).toISOString().slice(0, 10);
    known = number;
    const rest = second % 86_400;
    return `${day} ${two(Math.floor(rest / 3600))}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}`;
  };
};

const walk = (sensors: number) => {
  const random = createRandom(20_251_124);
  const levels = Float64Array.from({ length: sensors }, (_, i) => 2000 + i * 100);
  return (sensor: number): number => {
    const level = (levels[sensor] ?? 0) + random() * 40;
    levels[sensor] = level;
    return Math.round(level + random() * 30);
  };
};

const made = (path: string, rows: number, values: number, write: (out: Out) => void): MadeFile => {
  const out = new Out(`${path}.part`);
  write(out);
  out.close();
  renameSync(`${path}.part`, path);
  return { path, rows, values, bytes: statSync(path).size };
};

/** Time and `sensors` columns; the empty cells of one sensor in fifty rows show what flags are for. */
export const makeWide = (path: string, rows: number, sensors = 50): MadeFile =>
  made(path, rows, rows * sensors, (out) => {
    const clock = createClock();
    const value = walk(sensors);
    out.text(`time,${Array.from({ length: sensors }, (_, i) => `s${i}`).join(',')}`);
    out.endRow();
    for (let row = 0; row < rows; row++) {
      out.text(clock(row));
      for (let sensor = 0; sensor < sensors; sensor++) {
        out.byte(44);
        out.hundredths(value(sensor), 46);
      }
      out.endRow();
    }
  });

/** Time, tag, value: `tags` sensors, a second each in turn. */
export const makeLong = (path: string, rows: number, tags = 100): MadeFile =>
  made(path, rows, rows, (out) => {
    const clock = createClock();
    const value = walk(tags);
    out.text('time,tag,value');
    out.endRow();
    for (let row = 0; row < rows; row++) {
      const tag = row % tags;
      out.text(`${clock(Math.floor(row / tags))},PLANT.AREA1.TAG_${1000 + tag},`);
      out.hundredths(value(tag), 46);
      out.endRow();
    }
  });

/** How one kind of logger writes rows of a time and some numbers. */
export interface Form {
  readonly name: string;
  readonly head: string;
  readonly row: (second: number, value: (sensor: number) => number) => string;
}

/** A file in any form, `rows` of it. */
export const makeForm = (path: string, rows: number, values: number, form: Form): MadeFile =>
  made(path, rows, values, (out) => {
    const value = walk(100);
    out.text(form.head);
    out.endRow();
    for (let row = 0; row < rows; row++) {
      out.text(form.row(row, value));
      out.endRow();
    }
  });
