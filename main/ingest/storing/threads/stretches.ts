import type { ReaderPool } from './pool.ts';
import type { Stretch, StretchFile } from './stretch.ts';

/** Bytes of a file that are read and stored together: of long form more, since a sensor has only its share of the rows. */
const wideBytes = 4 << 20;
const longBytes = 16 << 20;

/** Smaller rests of a file are read sooner than they are handed out. */
export const fewestBytes = 12 << 20;

export interface OrderedStretch {
  from: number;
  to: number;
  stretch: Stretch | null;
}

/** The stretches of a file in their order, read ahead by the pool: as many as it has threads, and one that waits. */
export class Stretches {
  private readonly pool: ReaderPool;
  private readonly file: StretchFile;
  private readonly end: number;
  private next: number;
  private readonly begin: number;
  private readonly ahead: { from: number; to: number; stretch: Promise<Stretch | null> }[] = [];

  constructor(pool: ReaderPool, file: StretchFile, begin: number, end: number) {
    this.pool = pool;
    this.file = file;
    this.begin = begin;
    this.next = begin;
    this.end = end;
  }

  /** The next stretch; null after the last one. */
  async take(): Promise<OrderedStretch | null> {
    this.readAhead();
    const first = this.ahead.shift();
    if (!first) return null;
    const stretch = await first.stretch;
    this.readAhead();
    return { ...first, stretch };
  }

  /** Waits for what was read ahead, which nobody needs any more. */
  async drop(): Promise<void> {
    this.next = this.end;
    await Promise.all(this.ahead.splice(0).map(({ stretch }) => stretch));
  }

  private readAhead(): void {
    while (this.next < this.end && this.ahead.length <= this.pool.size) {
      const from = this.next;
      const to = Math.min(this.end, from + (this.file.mapping.layout === 'long' ? longBytes : wideBytes));
      this.next = to;
      this.ahead.push({ from, to, stretch: this.pool.read({ file: this.file, from, to, isStart: from === this.begin }) });
    }
  }
}
