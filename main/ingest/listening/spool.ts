import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { systemCode } from '../following/reasons.ts';
import { readSegmentName, Segment, segmentName, type SegmentLabel } from './segment.ts';

const rejectedFolder = 'rejected';
/** Segments that nobody understood are kept for a look at them, the newest. */
const mostRejected = 50;

/** On most systems a new name is only certain to survive a power cut once its folder is synced. */
const syncFolder = async (path: string): Promise<void> => {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/**
 * What came over a network for one source and isn't stored yet: a file a connection, in the plant's own folder. The follower reads it as it
 * reads any file, so that position and rows commit together; what is stored whole is deleted.
 */
export class Spool {
  readonly folder: string;
  readonly segments = new Map<string, Segment>();
  private readonly mostWaiting: number;
  private readonly retreat: { resolve: () => void }[] = [];
  private number = 0;

  /** `mostWaiting`: bytes kept and not stored above which senders are made to wait. */
  constructor(folder: string, mostWaiting: number) {
    this.folder = folder;
    this.mostWaiting = mostWaiting;
  }

  /** Finds what was left when the engine ended. */
  async load(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    for (const name of await readdir(this.folder)) {
      const known = readSegmentName(name);
      const path = join(this.folder, name);
      if (!known || this.segments.has(path)) continue;
      this.segments.set(path, Segment.left(path, known.number, known.label, (await stat(path)).size));
      this.number = Math.max(this.number, known.number);
    }
  }

  /** Numbers are never used again: a segment's place in the order, and its name in what is stored of it. */
  startAfter(number: number): void {
    this.number = Math.max(this.number, number);
  }

  async begin(label: SegmentLabel): Promise<Segment> {
    const number = ++this.number;
    const segment = new Segment(join(this.folder, segmentName(number, label)), number, label);
    await segment.create();
    await syncFolder(this.folder);
    this.segments.set(segment.path, segment);
    return segment;
  }

  /** Bytes kept and not stored yet. */
  get waiting(): number {
    let bytes = 0;
    for (const segment of this.segments.values()) bytes += segment.size - segment.consumed;
    return bytes;
  }

  get isFull(): boolean {
    return this.waiting >= this.mostWaiting;
  }

  /** Until there is room for more, or `signal`. */
  async room(signal: AbortSignal): Promise<void> {
    while (this.isFull && !signal.aborted) await new Promise<void>((resolve) => this.retreat.push({ resolve }));
  }

  consumed(path: string, position: number): void {
    const segment = this.segments.get(path);
    if (segment) segment.consumed = position;
    if (this.waiting < this.mostWaiting / 2) this.release();
  }

  /** Lets go whoever waits for room. */
  release(): void {
    for (const { resolve } of this.retreat.splice(0)) resolve();
  }

  async remove(path: string): Promise<void> {
    await rm(path, { force: true });
    this.segments.delete(path);
    if (this.waiting < this.mostWaiting / 2) this.release();
  }

  /** Tries to write: what the system says against it, or null. */
  async probe(): Promise<string | null> {
    const path = join(this.folder, 'probe');
    try {
      await writeFile(path, Buffer.alloc(1 << 16), { flush: true });
      return null;
    } catch (thrown) {
      return systemCode(thrown) || 'EIO';
    } finally {
      await rm(path, { force: true });
    }
  }

  /** Puts a segment that nobody understands aside, where it can be looked at. Returns where it lies then. */
  async reject(path: string): Promise<string> {
    const folder = join(this.folder, rejectedFolder);
    await mkdir(folder, { recursive: true });
    const kept = (await readdir(folder)).sort();
    for (const name of kept.slice(0, Math.max(0, kept.length + 1 - mostRejected))) await rm(join(folder, name), { force: true });
    const target = join(folder, basename(path));
    await rename(path, target);
    this.segments.delete(path);
    if (this.waiting < this.mostWaiting / 2) this.release();
    return target;
  }
}
