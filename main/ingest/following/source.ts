import { AppError, type ErrorCode } from '../../contract/errors.ts';
import type { AssetId, SourceId } from '../../contract/values.ts';
import type { FileReport, Source } from '../../contract/data.ts';
import { identityBytes, readHead } from '../reading/bytes.ts';
import type { Committed } from '../storing/commit.ts';
import type { ImportParts } from '../storing/import.ts';
import { filesOfFolder, filesOfLog, type FoundFile } from './files.ts';
import { SourceFiles } from './sourcefiles.ts';
import type { Tail } from './tail.ts';

/** Bytes of one file read in one round, so that a long history doesn't keep the other sources waiting. */
const bytesARound = 16 << 20;

/** A file that nobody has written to for this long counts as ended: then its last line needs no line end. Milliseconds. */
const quietFor = 3_600_000;

const mostRoundsOff = 30;

const unreachableCodes = new Set(['ENOENT', 'ENOTDIR', 'EIO', 'ESTALE', 'EHOSTDOWN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'ENODEV', 'ENOTCONN']);

const systemCode = (thrown: unknown): string => {
  const cause = thrown instanceof AppError ? thrown.cause : thrown;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
};

/** One followed file or folder: polled, read on, its state told. */
export class FollowedSource {
  readonly id: SourceId;
  readonly reports = new Map<string, FileReport>();
  readonly assets = new Set<AssetId>();
  events = 0;

  private readonly parts: ImportParts;
  private readonly path: string;
  private readonly kind: Source['kind'];
  private readonly files: SourceFiles;
  private readonly tails: Tail[] = [];
  private readonly refused = new Map<string, number>();
  private readonly onRows: (assets: AssetId[]) => void;
  private readonly onChange: () => void;
  private roundsOff = 0;
  private failures = 0;

  constructor(parts: ImportParts, source: Source, onRows: (assets: AssetId[]) => void, onChange: () => void) {
    this.parts = parts;
    this.id = source.id;
    this.path = source.path;
    this.kind = source.kind;
    this.files = new SourceFiles(parts.plant, parts.clock, source.id);
    this.onRows = onRows;
    this.onChange = onChange;
  }

  /** One look at the source. Never throws: what goes wrong is told in the source's state, and tried again after a while. */
  async poll(): Promise<void> {
    if (this.roundsOff > 0) {
      this.roundsOff--;
      return;
    }
    try {
      const found = this.kind === 'folder' ? await filesOfFolder(this.path) : await filesOfLog(this.path);
      if (this.kind === 'file' && !found.some((file) => file.path === this.path) && found.length === 0) throw Object.assign(new Error(`${this.path} is not there`), { code: 'ENOENT' });
      const troubles: string[] = [];
      this.files.refresh();
      const inodes = new Set(found.map((file) => file.inode));
      for (const file of found) {
        const trouble = await this.read(file, inodes);
        if (trouble !== null) troubles.push(trouble);
      }
      this.failures = 0;
      this.tell(this.tails.length > 0 ? 'following' : 'waiting', troubles[0] ?? null);
    } catch (thrown) {
      this.fail(thrown);
    }
  }

  private fail(thrown: unknown): void {
    this.failures++;
    this.roundsOff = Math.min(mostRoundsOff, 2 ** Math.min(this.failures, 5) - 1);
    // What was fed and not committed is read again from the stored position.
    this.tails.length = 0;
    const code = systemCode(thrown);
    const error = AppError.of(thrown);
    if (unreachableCodes.has(code)) this.tell('unreachable', `${this.path} can't be reached (${code}); it is tried again`);
    else if (code === 'EBUSY' || code === 'EACCES' || code === 'EPERM') this.tell('unreachable', `${this.path} is in use or may not be read (${code}); it is tried again`);
    else this.tell('failed', error.message);
  }

  /** Reads on in one file; returns what is to be said about it, or null. */
  private async read(found: FoundFile, inodes: ReadonlySet<number>): Promise<string | null> {
    const settled = this.tails.find((tail) => tail.inode === found.inode && tail.path === found.path && tail.seenSize === found.size && tail.seenChange === found.changed);
    if (settled || this.refused.get(found.path) === found.size) return null;
    try {
      const head = await readHead(found.path, identityBytes);
      const isRotated = this.kind === 'file' && found.path !== this.path;
      const tail = await this.tailOf(found, head, isRotated, inodes);
      if (!tail) return null;
      const isPacked = head[0] === 0x1f && head[1] === 0x8b;
      const isClosed = isRotated || tail.path !== found.path || this.parts.clock.now() / 1000 - found.changed > quietFor;
      if (isPacked) await tail.readPacked(found, head, (counts) => this.count(found.path, counts));
      else await tail.readOn(found, head, bytesARound, isClosed, (counts) => this.count(found.path, counts));
      tail.path = found.path;
      return null;
    } catch (thrown) {
      return this.refuse(found, thrown);
    }
  }

  /** Files that nobody understands are told once, and looked at again when they have grown; troubles of the disk stop the round. */
  private refuse(found: FoundFile, thrown: unknown): string {
    const { code, message } = AppError.of(thrown);
    const ownFault: ErrorCode[] = ['file-not-understood', 'mapping-invalid'];
    if (!ownFault.includes(code)) throw thrown;
    this.refused.set(found.path, found.size);
    this.parts.log.warn('a followed file is not understood', { path: found.path, reason: message });
    return message;
  }

  private async tailOf(found: FoundFile, head: Buffer, isRotated: boolean, inodes: ReadonlySet<number>): Promise<Tail | null> {
    const own = this.tails.findIndex((tail) => tail.beginsLike(head) && (tail.inode === found.inode || !inodes.has(tail.inode)));
    const known = this.tails[own];
    if (known && known.inode === found.inode && found.size >= known.fed) return known;
    // Emptied and begun anew, or another file in the place of one that is gone: opened again from what is stored of it.
    if (known) this.tails.splice(own, 1);
    const replaced = this.tails.findIndex((tail) => tail.inode === found.inode);
    if (replaced >= 0) this.tails.splice(replaced, 1);
    const tail = await this.files.open(found, head, isRotated, inodes, this.tails.some((other) => other.beginsLike(head)));
    if (tail) this.tails.push(tail);
    return tail;
  }

  private count(path: string, counts: Committed): void {
    const report = this.reports.get(path) ?? { file: path, rowsRead: 0, rowsStored: 0, valuesStored: 0, missing: 0, duplicates: 0, replaced: 0, late: 0, quarantined: 0, reasons: {}, message: null, error: null };
    this.reports.set(path, report);
    for (const key of ['rowsRead', 'rowsStored', 'valuesStored', 'missing', 'duplicates', 'replaced', 'quarantined'] as const) report[key] += counts[key];
    for (const [reason, count] of Object.entries(counts.reasons)) report.reasons[reason] = (report.reasons[reason] ?? 0) + count;
    this.events += counts.events;
    if (counts.rowsStored > 0) this.parts.plant.sources.count(this.id, { rows: counts.rowsStored, late: 0, duplicates: counts.duplicates, replaced: counts.replaced }, this.parts.clock.now());
    for (const asset of counts.assets) this.assets.add(asset);
    if (counts.assets.size > 0) this.onRows([...counts.assets]);
    if (counts.rowsRead > 0 || counts.quarantined > 0) this.onChange();
  }

  private tell(state: Source['state'], message: string | null): void {
    const before = this.parts.plant.sources.get(this.id);
    if (!before || before.state === 'stopped' || (before.state === state && before.message === message)) return;
    this.parts.plant.sources.setState(this.id, state, null, message);
    if (message !== null && before.message !== message) this.parts.log.warn('a source can\'t be read as it should', { path: this.path, state, reason: message });
    this.onChange();
  }
}
