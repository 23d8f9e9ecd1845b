import { basename, join } from 'node:path';
import type { Source, SourceReason } from '../../contract/sources.ts';
import { AppError } from '../../contract/errors.ts';
import type { FoundFile } from '../following/files.ts';
import { storeTrouble } from '../following/reasons.ts';
import type { Standing } from '../following/reasons.ts';
import type { Opened } from '../following/sourcefiles.ts';
import type { FileEnd, Supply } from '../following/supply.ts';
import type { Tail } from '../following/tail.ts';
import type { ImportParts } from '../storing/import.ts';
import { addressOf } from './address.ts';
import { HttpListener } from './http.ts';
import type { Link } from './link.ts';
import { SpoolFiles } from './spoolfiles.ts';
import { Spool } from './spool.ts';
import { TcpConnector, TcpListener } from './tcp.ts';

/** How long something is told that happened and is over. Milliseconds. */
const noteFor = 600_000;
const probeEvery = 5000;

const systemAsError = (code: string, folder: string): AppError =>
  code === 'ENOSPC' || code === 'EDQUOT'
    ? new AppError('disk-full', `the disk that ${folder} lies on is full; free some space`)
    : new AppError('file-unreadable', `${folder} can't be written (${code}); check the disk and the folder's permissions`, code === 'EROFS' || code === 'EACCES' || code === 'EPERM' ? { sqlite: 'SQLITE_READONLY' } : {});

/** What comes over a network, as files for the follower: the spool of one source, and the socket that fills it. */
export class Inbox implements Supply {
  private readonly parts: ImportParts;
  private readonly source: Source;
  private readonly spool: Spool;
  private readonly files: SpoolFiles;
  private readonly link: Link;
  private readonly after: Promise<unknown>;
  private loading: Promise<void> | null = null;
  private isStarted = false;
  private hasBegun: boolean;
  private lastProbe = 0;
  private noted: { reason: SourceReason; at: number } | null = null;
  private disk: string | null = null;
  private rejected: { file: string; count: number } | null = null;

  /** `after`: when whoever received for this source before has ended. */
  constructor(parts: ImportParts, source: Source, after: Promise<unknown>) {
    this.parts = parts;
    this.source = source;
    this.after = after;
    this.hasBegun = source.lastRowAt !== null;
    const address = addressOf(source.path);
    if (!address) throw new AppError('internal', `${source.path} is no address`);
    this.spool = new Spool(join(parts.plant.folder, 'inbox', String(source.id)), source.options.link.mostWaitingBytes);
    this.files = new SpoolFiles(parts, source);
    const linkParts = {
      address,
      options: source.options.link,
      spool: this.spool,
      log: parts.log,
      token: () => parts.plant.sources.token(source.id),
      onTrouble: (code: string | null) => {
        this.disk = code;
      },
    };
    this.link = address.kind === 'tcp-listen' ? new TcpListener(linkParts) : address.kind === 'tcp-connect' ? new TcpConnector(linkParts) : new HttpListener(linkParts);
  }

  get connections(): number {
    return this.link.connections;
  }

  /** Begins to receive; what was left from before is read in any case. */
  start(): void {
    if (this.isStarted) return;
    this.isStarted = true;
    this.load().then(
      () => {
        if (this.isStarted) this.link.start();
      },
      (thrown: unknown) => {
        this.isStarted = false;
        this.disk = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'EIO';
      },
    );
  }

  async stop(): Promise<void> {
    this.isStarted = false;
    await this.link.stop();
  }

  async look(): Promise<FoundFile[]> {
    await this.load();
    await this.probe();
    for (const segment of this.spool.segments.values()) if (segment.isEnded && segment.size === 0) await this.spool.remove(segment.path);
    return [...this.spool.segments.values()]
      .sort((a, b) => a.number - b.number)
      .map((segment) => ({ path: segment.path, size: segment.readable, changed: segment.changed, inode: segment.number, isOurs: true, subfolder: null }));
  }

  async open(found: FoundFile): Promise<Opened> {
    const segment = this.spool.segments.get(found.path);
    if (!segment) return null;
    const { after } = segment.label;
    const before = after === null ? null : [...this.files.positions().keys()].find((name) => Number(name.split('-', 1)[0]) === after) ?? null;
    try {
      return await this.files.open(found, segment, basename(found.path), before);
    } catch (thrown) {
      const error = AppError.of(thrown);
      // What is no log never will be one once it has ended; while it grows it may become one.
      if (error.code !== 'file-not-understood' || !segment.isEnded) throw thrown;
      const file = await this.spool.reject(found.path);
      this.rejected = { file, count: (this.rejected?.count ?? 0) + 1 };
      this.parts.log.warn('lines that were received are not understood', { source: this.source.path, file, reason: error.message });
      return null;
    }
  }

  endOf(path: string): FileEnd {
    return this.spool.segments.get(path)?.isEnded === false ? 'open' : 'ended';
  }

  saved(tail: Tail): void {
    this.files.saved(tail);
    this.hasBegun = true;
    this.spool.consumed(tail.path, tail.position);
  }

  /** The segment is stored whole: it goes, once that which goes on from it is begun by its form. */
  async spent(tail: Tail): Promise<boolean> {
    const { plant } = this.parts;
    const { id } = tail.file;
    if (id === undefined) return true;
    for (const { path, label } of this.spool.segments.values()) if (label.after === tail.inode && !this.files.positions().has(basename(path))) return false;
    await this.spool.remove(tail.path);
    plant.transaction(() => {
      plant.sources.remember(this.source.id, this.files.memory.document());
      plant.sources.spendFile(id);
    });
    this.files.forgetSegment(basename(tail.path));
    return true;
  }

  forget(): void {
    this.files.reload();
  }

  nameOf(): string {
    return this.source.path;
  }

  /** What is to be told beside how the reading goes. */
  standing(): Standing | null {
    if (this.disk !== null) return storeTrouble(this.source.path, systemAsError(this.disk, this.spool.folder));
    if (!this.isStarted) return null;
    if (this.link.trouble) return this.link.trouble;
    if (this.spool.isFull) return { state: 'following', reason: { code: 'backlog', details: { bytes: this.spool.waiting } }, message: `${this.spool.waiting} bytes wait to be stored: senders are made to wait` };
    const note = this.note();
    if (note) return note;
    const isWaiting = this.source.kind === 'http-listen' ? !this.hasBegun : this.link.connections === 0;
    return isWaiting ? { state: 'waiting', reason: { code: 'no-connection', details: {} }, message: null } : { state: 'following', reason: null, message: null };
  }

  /** Something that happened lately and needs nobody's hand at once. */
  private note(): Standing | null {
    const reason: SourceReason | null = this.rejected ? { code: 'files-not-understood', details: this.rejected } : this.link.note;
    if (!reason) return null;
    if (this.noted?.reason.code !== reason.code || this.noted.reason.details !== reason.details) this.noted = { reason, at: Date.now() };
    if (Date.now() - this.noted.at > noteFor) return null;
    const message = this.rejected ? `lines that were received are not understood; they lie in ${this.rejected.file}` : `${this.source.path}: ${reason.code} ${Object.values(reason.details).join(' ')}`;
    return { state: 'following', reason, message };
  }

  /** Whether the disk takes something again, where no sender tries. */
  private async probe(): Promise<void> {
    if (this.disk === null || Date.now() - this.lastProbe < probeEvery) return;
    this.lastProbe = Date.now();
    this.disk = await this.spool.probe();
  }

  private load(): Promise<void> {
    this.loading ??= this.loadNow().catch((thrown: unknown) => {
      this.loading = null;
      throw thrown;
    });
    return this.loading;
  }

  private async loadNow(): Promise<void> {
    await this.after;
    for (const name of this.files.positions().keys()) this.spool.startAfter(Number(name.split('-', 1)[0]));
    await this.spool.load();
    for (const [name, file] of [...this.files.positions()]) {
      const path = join(this.spool.folder, name);
      if (this.spool.segments.has(path)) this.spool.consumed(path, file.position);
      else {
        // Deleted just before the engine ended: all of it is stored.
        this.parts.plant.sources.spendFile(file.id);
        this.files.forgetSegment(name);
      }
    }
  }
}
