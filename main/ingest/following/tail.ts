import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import type { Mapping } from '../../contract/data.ts';
import type { SourceId } from '../../contract/values.ts';
import type { Plant } from '../../store/plant.ts';
import type { SourceFile } from '../../store/records/sourcefiles.ts';
import type { Clock } from '../../engine/clock.ts';
import { identityBytes, identityOf, readChunks } from '../reading/bytes.ts';
import { type Committed, commitIntake, type FileRecord, Registry } from '../storing/commit.ts';
import { Intake, type IntakeState } from '../storing/intake.ts';
import { type FoundFile, headOfFound, openFound } from './files.ts';

const chunkBytes = 1 << 20;

/** Of a compressed file the size on the disk is remembered: as long as it stays, there is nothing new in it. */
export const packedMark = 'packed';

/** As many bytes before the position are remembered: that they are still there shows that a file is the one that was read. */
const endingBytes = 1024;

/** What is known of a file that was read before. */
export type KnownFile = Pick<SourceFile, 'id' | 'path' | 'identity' | 'identityBytes' | 'position' | 'line' | 'quarantined' | 'mapping'> & { state: IntakeState };

/** Where a file's reading begins. */
export interface TailStart {
  mapping: Mapping;
  /** Where it lay when it was stored last. */
  path: string;
  /** What people are told instead of its path, where that is a file of our own. */
  shownAs?: string;
  position: number;
  line: number;
  state: IntakeState;
  asset: string;
  nameAsset: (text: string) => string;
  /** Line of assets that it belongs to, or null. */
  group: string | null;
  id: number | undefined;
  quarantined: number;
  identity: string;
  identityBytes: number;
}

/** What reading on came to: nothing more is there, there is more, another file lies in its place, or has its name by now. */
export type ReadOn = 'end' | 'more' | 'replaced' | 'gone';

/** Who takes what a tail has read: stores it, at once where the tail is full. */
export interface Taker {
  full(tail: Tail): void;
  ready(tail: Tail): void;
}

const headOf = async (handle: FileHandle): Promise<Buffer> => {
  const bytes = Buffer.alloc(identityBytes);
  const { bytesRead } = await handle.read(bytes, 0, identityBytes, 0);
  return bytes.subarray(0, bytesRead);
};

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 32);

/** Whether the bytes before a file's stored position are those that were read there. 'gone': another file has its name by now. */
export const endsAlike = async (found: FoundFile, position: number, ending: IntakeState['ending']): Promise<boolean | 'gone'> => {
  if (ending === null || ending.bytes === 0) return true;
  const handle = await openFound(found);
  if (!handle) return 'gone';
  try {
    const bytes = Buffer.alloc(ending.bytes);
    const { bytesRead } = await handle.read(bytes, 0, ending.bytes, position - ending.bytes);
    return bytesRead === ending.bytes && hashOf(bytes) === ending.hash;
  } finally {
    await handle.close();
  }
};

/** One file that is read as it grows. What has been fed and isn't a whole record yet waits in memory; the stored position is before it. */
export class Tail {
  readonly file: FileRecord;
  readonly source: SourceId;
  readonly inode: number;
  path: string;
  /** Bytes fed, counted in unpacked bytes. */
  fed: number;
  /** Round in which it was last read. */
  round = 0;
  /** It has had another name: nobody writes to it any more, or not for long. */
  isRenamed = false;
  /** All of it is stored, and no more will come. */
  isComplete = false;

  private readonly plant: Plant;
  private readonly clock: Clock;
  private readonly mapping: Mapping;
  private readonly intake: Intake;
  private readonly registry: Registry;
  private readonly twin: string;
  private readonly isPacked: boolean;
  private readonly shownAs: string | null;
  /** Position at which it was opened. */
  private readonly begun: number;
  /** The first bytes, until the identity covers as many as it may. */
  private head: Buffer = Buffer.alloc(0);
  /** The last bytes fed. */
  private ending: Buffer = Buffer.alloc(0);
  private size = 0;

  constructor(plant: Plant, clock: Clock, source: SourceId, found: FoundFile, start: TailStart, isPacked: boolean) {
    this.plant = plant;
    this.clock = clock;
    this.source = source;
    this.path = found.path;
    this.inode = found.inode;
    this.isPacked = isPacked;
    this.twin = start.state.twin;
    this.fed = start.position;
    this.begun = start.position;
    this.mapping = start.mapping;
    this.intake = new Intake(start.mapping, { position: start.position, line: start.line, state: { ...start.state, inode: found.inode }, defaultAsset: start.asset, nameAsset: start.nameAsset });
    this.registry = new Registry(plant, start.mapping, start.group);
    this.shownAs = start.shownAs ?? null;
    this.file = { id: start.id, source, path: start.shownAs ?? start.path, identity: start.identity, identityBytes: start.identityBytes, bytes: 0, quarantined: start.quarantined };
  }

  /** Records that wait to be stored. */
  get waiting(): number {
    return this.intake.rows.waiting + this.intake.aside.length;
  }

  get hasWork(): boolean {
    return this.intake.hasWork;
  }

  /** Bytes that are stored, or will be with what waits. */
  get position(): number {
    return this.intake.position;
  }

  /** Bytes that are fed and belong to no whole record yet. */
  get pending(): number {
    return this.fed - this.intake.position;
  }

  /** Reads what has been added, at most `budget` bytes. Reads the last bytes before as well: another file may have been put in its place. */
  async readOn(found: FoundFile, budget: number, taker: Taker): Promise<ReadOn> {
    this.moveTo(found);
    if (found.size < this.fed) return 'replaced';
    const handle = await openFound(found);
    if (!handle) return 'gone';
    try {
      if (this.file.identityBytes < identityBytes) this.head = await headOf(handle);
      let left = budget;
      let overlap = this.ending.length;
      while (left > 0 && this.fed < found.size) {
        const bytes = Buffer.allocUnsafe(Math.min(chunkBytes, found.size - this.fed + overlap));
        const { bytesRead } = await handle.read(bytes, 0, bytes.length, this.fed - overlap);
        if (overlap > 0 && (bytesRead < overlap || !bytes.subarray(0, overlap).equals(this.ending))) return 'replaced';
        if (bytesRead === overlap) break;
        const added = bytes.subarray(overlap, bytesRead);
        overlap = 0;
        left -= added.length;
        await this.take(added, taker);
      }
    } finally {
      await handle.close();
    }
    return this.fed < found.size ? 'more' : 'end';
  }

  /** Reads a compressed file to its end; false where another one has its name by now. */
  async readPacked(found: FoundFile, head: Buffer, taker: Taker): Promise<boolean> {
    this.moveTo(found);
    this.head = head;
    for await (const chunk of readChunks(found.path, this.fed)) await this.take(chunk, taker);
    if (found.isMember !== true && (await headOfFound(found, 1)) === null) return false;
    this.close(taker);
    return true;
  }

  /** No more will come: a last line without a line end counts. */
  close(taker: Taker): void {
    while (this.intake.work(true)) taker.full(this);
    this.isComplete = true;
    taker.ready(this);
  }

  /** No more will come, and it was cut off: the half line at its end is set aside. */
  closeCut(taker: Taker): void {
    const rest = this.intake.takeRest();
    while (this.intake.work(true)) taker.full(this);
    if (rest.length > 0) this.intake.setAsideCut(rest);
    this.isComplete = true;
    taker.ready(this);
  }

  /**
   * Nobody has written for long: a last line without a line end is stored as it stands. The position stays before it, so that it is read
   * again, whole, should its end come after all. The tail is of no use afterwards.
   */
  readWithoutEnd(taker: Taker): void {
    const { position, line } = this.intake;
    const before = this.intake.aside.length;
    while (this.intake.work(true)) taker.full(this);
    this.intake.aside.length = before;
    this.intake.goBack(position, line);
    if (this.intake.hasWork) taker.ready(this);
  }

  /** As it is stored; null before it was first. */
  known(): KnownFile | null {
    const { id, path, identity, identityBytes: covered, quarantined } = this.file;
    if (id === undefined) return null;
    return { id, path, identity, identityBytes: covered, quarantined, mapping: this.mapping, position: this.intake.position, line: this.intake.line, state: this.intake.state(this.isComplete) };
  }

  /** Stores what waits, in the transaction that is open or in one of its own. */
  store(): Committed {
    // The identity grows with the file until it covers as many bytes as it may, never beyond what has been stored.
    const covered = Math.min(identityBytes, this.head.length, Math.max(this.intake.position, this.file.identityBytes));
    if (covered > this.file.identityBytes) {
      this.file.identity = identityOf(this.head, covered, this.twin);
      this.file.identityBytes = covered;
    }
    this.file.path = this.shownAs ?? this.path;
    this.file.bytes = this.isPacked ? this.intake.position : this.size;
    this.intake.ending = this.endingOf(this.intake.position);
    return commitIntake(this.plant, this.registry, this.intake, this.mapping, this.file, this.isComplete, this.clock.now());
  }

  private moveTo(found: FoundFile): void {
    this.isRenamed ||= this.shownAs === null && found.path !== this.file.path;
    this.path = found.path;
    this.size = found.size;
  }

  /** What is remembered of the bytes before a position; null where they aren't at hand any more. */
  private endingOf(position: number): IntakeState['ending'] {
    if (this.isPacked) return { bytes: this.size, hash: packedMark };
    const last = this.ending.subarray(0, Math.max(0, this.ending.length - (this.fed - position))).subarray(-endingBytes);
    if (last.length > 0) return { bytes: last.length, hash: hashOf(last) };
    return position === this.begun ? this.intake.ending : null;
  }

  private async take(bytes: Buffer, taker: Taker): Promise<void> {
    this.fed += bytes.length;
    this.ending = bytes.length >= 2 * endingBytes ? Buffer.from(bytes.subarray(-2 * endingBytes)) : Buffer.concat([this.ending, bytes]).subarray(-2 * endingBytes);
    this.intake.feed(bytes);
    while (this.intake.work(false)) {
      taker.full(this);
      await setImmediate();
    }
    if (this.intake.hasWork) taker.ready(this);
    if (bytes.length >= chunkBytes / 4) await setImmediate();
  }
}
