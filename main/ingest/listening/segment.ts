import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { systemCode } from '../following/reasons.ts';

/** What a segment's name tells of it, so that it is known after a new start. */
export const SegmentLabel = z.strictObject({
  /** Who sent it: 10.0.0.7 */
  peer: z.string(),
  /** When it was begun. Milliseconds since 1970. */
  at: z.number(),
  /** The asset that the sender named; null: by its lines, or the source's. */
  asset: z.string().nullable(),
  /** Number of the segment that it goes on from; null: a connection's first. */
  after: z.number().nullable(),
});
export type SegmentLabel = z.infer<typeof SegmentLabel>;

const digits = 9;

export const segmentName = (number: number, label: SegmentLabel): string => `${String(number).padStart(digits, '0')}-${Buffer.from(JSON.stringify(label)).toString('base64url')}.csv`;

/** Number and label of a segment by its file's name; null for another file. */
export const readSegmentName = (path: string): { number: number; label: SegmentLabel } | null => {
  const [, number, encoded] = /^(\d{9,})-([\w-]+)\.csv$/.exec(basename(path)) ?? [];
  if (number === undefined || encoded === undefined) return null;
  try {
    const label = SegmentLabel.safeParse(JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8')));
    return label.success ? { number: Number(number), label: label.data } : null;
  } catch {
    // No segment of ours: it is left alone.
    return null;
  }
};

/** Milliseconds between two tries to write where the disk takes nothing. */
const retryAfter = 1000;

/** Bytes that came over one connection, or with some requests: appended, synced in groups, read by the follower up to what is on the disk. */
export class Segment {
  readonly path: string;
  readonly number: number;
  readonly label: SegmentLabel;
  /** Bytes written; those up to the end of what was written whole; those of them that survive a power cut. */
  size = 0;
  whole = 0;
  durable = 0;
  /** Nothing will be added. */
  isEnded = false;
  /** When it was last synced. Milliseconds since 1970. */
  changed: number;
  /** Bytes of it that are stored in the plant. */
  consumed = 0;

  private handle: FileHandle | null = null;
  private syncing: Promise<void> | null = null;

  constructor(path: string, number: number, label: SegmentLabel) {
    this.path = path;
    this.number = number;
    this.label = label;
    this.changed = label.at;
  }

  /** A segment that was there when the engine started: whoever wrote it is gone. */
  static left(path: string, number: number, label: SegmentLabel, size: number): Segment {
    const segment = new Segment(path, number, label);
    segment.size = size;
    segment.whole = size;
    segment.durable = size;
    segment.isEnded = true;
    return segment;
  }

  async create(): Promise<void> {
    this.handle = await open(this.path, 'wx');
  }

  /**
   * Appends; waits and tries again where the disk is full, until `signal`. `onTrouble` hears what keeps it, and null once it goes on.
   * Throws what the file system throws when aborted.
   */
  async write(bytes: Uint8Array, signal: AbortSignal, onTrouble: (code: string | null) => void): Promise<void> {
    let done = 0;
    while (done < bytes.length) {
      const { handle } = this;
      if (!handle) throw new Error(`${this.path} has ended: nothing can be added to it`);
      try {
        const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, this.size);
        done += bytesWritten;
        this.size += bytesWritten;
        onTrouble(null);
      } catch (thrown) {
        onTrouble(systemCode(thrown));
        if (signal.aborted) throw thrown;
        await delay(retryAfter);
      }
    }
    this.whole = this.size;
  }

  /** Bytes that the follower may read. */
  get readable(): number {
    return this.isEnded ? this.size : this.durable;
  }

  /** Back to a size that it had: what was added is not kept. */
  async takeBack(size: number): Promise<void> {
    await this.handle?.truncate(size);
    this.size = size;
  }

  /** Until all that is written now is on the disk; several that ask at a time share one wait. Throws what the file system throws. */
  async sync(): Promise<void> {
    const wanted = this.whole;
    while (this.durable < wanted) {
      this.syncing ??= this.syncNow().finally(() => {
        this.syncing = null;
      });
      await this.syncing;
    }
  }

  private async syncNow(): Promise<void> {
    const { handle, whole } = this;
    if (!handle) throw new Error(`${this.path} has ended before it was synced`);
    await handle.datasync();
    this.durable = Math.max(this.durable, whole);
    this.changed = Date.now();
  }

  /** Nothing more comes. Throws what the file system throws; what is there can be read all the same. */
  async end(): Promise<void> {
    const { handle } = this;
    if (!handle) return;
    try {
      await this.sync();
    } finally {
      this.handle = null;
      this.isEnded = true;
      this.changed = Date.now();
      await handle.close();
    }
  }
}
