import { open } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import type { Mapping } from '../../contract/data.ts';
import type { SourceId } from '../../contract/values.ts';
import type { Plant } from '../../store/plant.ts';
import type { Clock } from '../../engine/clock.ts';
import { identityBytes, identityOf, readChunks } from '../reading/bytes.ts';
import { type Committed, commitIntake, type FileRecord, Registry } from '../storing/commit.ts';
import { Intake, type IntakeState } from '../storing/intake.ts';
import type { FoundFile } from './files.ts';

const chunkBytes = 1 << 20;

/** Where a file's reading begins. */
export interface TailStart {
  mapping: Mapping;
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

/** One file that is read as it grows. What has been fed and isn't a whole record yet waits in memory; the stored position is before it. */
export class Tail {
  readonly file: FileRecord;
  readonly inode: number;
  path: string;
  /** Bytes fed, counted in unpacked bytes. */
  fed: number;
  /** Size and time of change when it was last read to its end. */
  seenSize = -1;
  seenChange = -1;

  private readonly plant: Plant;
  private readonly clock: Clock;
  private readonly mapping: Mapping;
  private readonly intake: Intake;
  private readonly registry: Registry;
  private readonly twin: string;

  constructor(plant: Plant, clock: Clock, source: SourceId, found: FoundFile, start: TailStart) {
    this.plant = plant;
    this.clock = clock;
    this.path = found.path;
    this.inode = found.inode;
    this.twin = start.state.twin;
    this.fed = start.position;
    this.mapping = start.mapping;
    this.intake = new Intake(start.mapping, { position: start.position, line: start.line, state: { ...start.state, inode: found.inode }, defaultAsset: start.asset, nameAsset: start.nameAsset });
    this.registry = new Registry(plant, start.mapping, start.group);
    this.file = { id: start.id, source, path: found.path, identity: start.identity, identityBytes: start.identityBytes, bytes: 0, quarantined: start.quarantined };
  }

  /** True for a file that begins as this one does. */
  beginsLike(head: Buffer): boolean {
    const { identity, identityBytes: covered } = this.file;
    return covered > 0 && covered <= head.length && identityOf(head, covered, this.twin) === identity;
  }

  /** Bytes of the file that are stored. */
  get position(): number {
    return this.intake.position;
  }

  /**
   * Reads what has been added, at most `budget` bytes. `isClosed`: nobody writes to it any more, so that its last line counts without a
   * line end. `onCommit` hears of each commit.
   */
  async readOn(found: FoundFile, head: Buffer, budget: number, isClosed: boolean, onCommit: (counts: Committed) => void): Promise<void> {
    const handle = await open(found.path, 'r');
    try {
      let left = budget;
      while (left > 0 && this.fed < found.size) {
        const bytes = Buffer.allocUnsafe(Math.min(chunkBytes, found.size - this.fed));
        const { bytesRead } = await handle.read(bytes, 0, bytes.length, this.fed);
        if (bytesRead === 0) break;
        this.fed += bytesRead;
        left -= bytesRead;
        await this.take(bytes.subarray(0, bytesRead), found, head, onCommit);
      }
    } finally {
      await handle.close();
    }
    if (this.fed < found.size) return;
    if (isClosed) this.drain(true, found, head, onCommit);
    this.seenSize = found.size;
    this.seenChange = found.changed;
  }

  /** Reads a compressed file to its end. */
  async readPacked(found: FoundFile, head: Buffer, onCommit: (counts: Committed) => void): Promise<void> {
    for await (const chunk of readChunks(found.path, this.intake.position)) await this.take(chunk, found, head, onCommit);
    this.drain(true, found, head, onCommit);
    this.seenSize = found.size;
    this.seenChange = found.changed;
  }

  private async take(bytes: Buffer, found: FoundFile, head: Buffer, onCommit: (counts: Committed) => void): Promise<void> {
    this.intake.feed(bytes);
    while (this.intake.work(false)) {
      this.commit(found, head, false, onCommit);
      await setImmediate();
    }
    if (this.intake.hasWork) this.commit(found, head, false, onCommit);
    await setImmediate();
  }

  private drain(isComplete: boolean, found: FoundFile, head: Buffer, onCommit: (counts: Committed) => void): void {
    while (this.intake.work(true)) this.commit(found, head, false, onCommit);
    this.commit(found, head, isComplete, onCommit);
  }

  private commit(found: FoundFile, head: Buffer, isComplete: boolean, onCommit: (counts: Committed) => void): void {
    // The identity grows with the file until it covers as many bytes as it may, never beyond what has been stored.
    const covered = Math.min(identityBytes, head.length, Math.max(this.intake.position, this.file.identityBytes));
    if (covered > this.file.identityBytes) {
      this.file.identity = identityOf(head, covered, this.twin);
      this.file.identityBytes = covered;
    }
    this.file.path = found.path;
    this.file.bytes = found.size;
    onCommit(commitIntake(this.plant, this.registry, this.intake, this.mapping, this.file, isComplete, this.clock.now()));
    this.plant.series.seal();
  }
}
