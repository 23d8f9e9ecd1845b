import { lastLineEnd } from './feed.ts';
import type { Segment } from './segment.ts';
import type { Spool } from './spool.ts';

/** A segment takes bodies for so long (milliseconds), and so many bytes; then it ends, so that what is stored can be deleted. */
const longestOpen = 4000;
const bytesASegment = 4 << 20;

/** Bodies of one kind on their way into one segment. */
interface Open {
  segment: Segment;
  since: number;
  header: Buffer;
}

const firstLineOf = (bytes: Buffer): Buffer => {
  const ends = [bytes.indexOf(10), bytes.indexOf(13)].filter((at) => at >= 0);
  if (ends.length === 0) return bytes;
  const end = Math.min(...ends);
  return bytes.subarray(0, bytes[end] === 13 && bytes[end + 1] === 10 ? end + 2 : end + 1);
};

/** A first line that begins with a name, not with a time or a number, names the columns: bodies that begin with the same one go together. */
const headerOf = (bytes: Buffer): Buffer => {
  const line = firstLineOf(bytes);
  return line.length < bytes.length && /^["#\s]*\p{L}/u.test(line.toString('utf8')) ? line : Buffer.alloc(0);
};

/** Text whose bytes can't simply follow others: UTF-16, or a mark of its encoding. */
const standsAlone = (bytes: Buffer): boolean => bytes.subarray(0, 64).includes(0) || (bytes[0] ?? 0) >= 0xef;

/** Keeps whole bodies: those of a kind that come within some seconds share a segment, and its syncs. */
export class Bodies {
  private readonly spool: Spool;
  private readonly onTrouble: (thrown: unknown) => void;
  private readonly open = new Map<string, Open>();
  /** One body is appended after the other. */
  private turn: Promise<unknown> = Promise.resolve();
  private timer: NodeJS.Timeout | null = null;

  constructor(spool: Spool, onTrouble: (thrown: unknown) => void) {
    this.spool = spool;
    this.onTrouble = onTrouble;
  }

  /** Returns once the body is on the disk, all of it; nothing of it is kept otherwise. Throws what the file system throws. */
  async keep(bytes: Buffer, peer: string, asset: string | null): Promise<void> {
    if (bytes.length === 0) return;
    const segment = await this.inTurn(() => this.append(bytes, peer, asset));
    await segment.sync();
  }

  /** Ends what is open. */
  async end(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    await this.inTurn(() => this.close(() => true));
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(work);
    // Whoever asked hears of it; the next one in turn goes on.
    this.turn = done.catch(() => undefined);
    return done;
  }

  private async append(bytes: Buffer, peer: string, asset: string | null): Promise<Segment> {
    const isAlone = standsAlone(bytes);
    const header = isAlone ? Buffer.alloc(0) : headerOf(bytes);
    const key = `${asset ?? ''}\n${header.toString('latin1')}`;
    const found = isAlone ? undefined : this.open.get(key);
    const open = found ?? { segment: await this.spool.begin({ peer, at: Date.now(), asset, after: null }), since: Date.now(), header };
    await this.add(open, bytes);
    if (isAlone) await open.segment.end();
    else if (open.segment.size >= bytesASegment) {
      this.open.delete(key);
      await open.segment.end();
    } else this.open.set(key, open);
    this.timer ??= setTimeout(() => {
      this.closeOld();
    }, longestOpen);
    return open.segment;
  }

  private async add({ segment, header }: Open, bytes: Buffer): Promise<void> {
    const before = segment.size;
    const again = before > 0 && header.length > 0 && bytes.subarray(0, header.length).equals(header);
    const lines = again ? bytes.subarray(header.length) : bytes;
    const whole = lastLineEnd(lines) === lines.length - 1 ? lines : Buffer.concat([lines, Buffer.of(10)]);
    try {
      await segment.write(whole, AbortSignal.abort(), () => undefined);
    } catch (thrown) {
      await segment.takeBack(before);
      throw thrown;
    }
  }

  private async close(isDue: (open: Open) => boolean): Promise<void> {
    for (const [key, open] of [...this.open]) {
      if (!isDue(open)) continue;
      this.open.delete(key);
      await open.segment.end();
    }
  }

  private closeOld(): void {
    this.timer = null;
    const now = Date.now();
    this.inTurn(() => this.close(({ since }) => now - since >= longestOpen / 2)).catch(this.onTrouble);
    if (this.open.size > 0) this.timer = setTimeout(() => this.closeOld(), longestOpen);
  }
}
