import { AppError } from '../../contract/errors.ts';
import type { Source } from '../../contract/sources.ts';
import type { AssetId, SourceId } from '../../contract/values.ts';
import type { Committed } from '../storing/commit.ts';
import type { ImportParts } from '../storing/import.ts';
import type { FoundFile } from './files.ts';
import { type CommitGroup, isOwnFault, type TailOwner } from './group.ts';
import { placeTrouble, type Standing, storeTrouble, type Trouble } from './reasons.ts';
import { SourceReports } from './reports.ts';
import type { Supply } from './supply.ts';
import type { Tail, Taker } from './tail.ts';

/** Bytes of one file read in one round, so that a long history doesn't keep the other sources waiting. */
const bytesARound = 16 << 20;

/** A file that nobody has written to for this long counts as ended: then its last line needs no line end. Milliseconds. */
const quietFor = 3_600_000;

/** Rounds in which a rotated file may still get the rest of its last line, and in which an idle one is kept at hand. */
const roundsToClose = 5;
const roundsAtHand = 60;

const mostRoundsOff = 30;

/** What became of a file in the round in which it was last read. */
interface Seen {
  inode: number;
  size: number;
  changed: number;
}

/** One followed source: looked at round by round, read on, its state told. */
export class FollowedSource implements TailOwner, Taker {
  readonly id: SourceId;
  readonly path: string;
  readonly reports = new SourceReports();

  private readonly parts: ImportParts;
  private readonly supply: Supply;
  private readonly tails = new Map<number, Tail>();
  /** Files in which nothing is left to do until they change. */
  private readonly settled = new Map<string, Seen>();
  private readonly refusals = new Map<string, AppError>();
  private readonly onRows: (assets: AssetId[]) => void;
  private group: CommitGroup | null = null;
  /** Grows with each step of a look: one that takes long and gets on doesn't hang. */
  steps = 0;
  private round = 0;
  private roundsOff = 0;
  private wasPolled = false;
  private failures = 0;
  private trouble: Trouble | null = null;
  /** Rows came in, or were set aside, since it was last told. */
  private hasNews = false;
  private spends: Tail[] = [];

  constructor(parts: ImportParts, source: Pick<Source, 'id' | 'path'>, supply: Supply, onRows: (assets: AssetId[]) => void) {
    this.parts = parts;
    this.id = source.id;
    this.path = source.path;
    this.supply = supply;
    this.onRows = onRows;
  }

  /** One look at the source; what it brings goes into the group. Never throws: troubles are told by `standing`, and it is tried again after a while. */
  async poll(group: CommitGroup): Promise<void> {
    this.wasPolled = this.roundsOff === 0;
    if (this.roundsOff > 0) {
      this.roundsOff--;
      return;
    }
    this.round++;
    this.group = group;
    this.trouble = null;
    try {
      const found = await this.supply.look(this.parts.clock.now() / 1000);
      // Names that change under the look: the rest waits for the next one, so that older files still come before newer ones.
      for (const file of found) {
        this.steps++;
        if (!(await this.read(file))) break;
      }
      this.closeQuiet(found);
      this.forgetGone(found);
    } catch (thrown) {
      this.dropAll();
      this.trouble ??= placeTrouble(this.path, thrown);
    }
  }

  /** In the midst of a look that takes long: how it stands, and whether rows have come in. */
  interim(): Standing & { hasNews: boolean } {
    const { hasNews } = this;
    this.hasNews = false;
    return { ...(this.trouble ?? { state: 'following', reason: null, message: null }), hasNews };
  }

  /** After the group of the round is stored. */
  async settle(): Promise<Standing & { hasNews: boolean }> {
    for (const tail of this.spends.splice(0)) if (!(await this.supply.spent(tail))) this.spends.push(tail);
    if (!this.trouble) this.failures = 0;
    else if (this.wasPolled) {
      this.failures++;
      this.roundsOff = Math.min(mostRoundsOff, 2 ** Math.min(this.failures, 5) - 1);
    }
    const { hasNews } = this;
    this.hasNews = false;
    return { ...this.standing(), hasNews };
  }

  private standing(): Standing {
    if (this.trouble) return this.trouble;
    const [first] = this.refusals;
    const state = this.tails.size > 0 || this.settled.size > this.refusals.size ? 'following' : 'waiting';
    const told = first ? null : this.supply.standing();
    if (told) return told;
    if (!first) return { state, reason: state === 'waiting' ? { code: 'not-begun', details: { path: this.path } } : null, message: null };
    const [file, error] = first;
    if (state === 'waiting') return { state: 'failed', reason: { code: error.code === 'mapping-invalid' ? 'mapping-invalid' : 'file-not-understood', details: { file, count: this.refusals.size } }, message: error.message };
    return { state, reason: { code: 'files-not-understood', details: { file, count: this.refusals.size } }, message: error.message };
  }

  /** Reads on in one file; false where it isn't what was found any more. */
  private async read(found: FoundFile): Promise<boolean> {
    const seen = this.settled.get(found.path);
    if (seen && seen.inode === found.inode && seen.size === found.size && seen.changed === found.changed) return true;
    try {
      const isThere = await this.readNew(found);
      this.refusals.delete(found.path);
      return isThere;
    } catch (thrown) {
      const error = AppError.of(thrown);
      if (this.trouble || !isOwnFault(error)) throw thrown;
      this.refuse(found, error);
      return true;
    }
  }

  private async readNew(found: FoundFile): Promise<boolean> {
    const tail = this.tails.get(found.inode);
    if (tail) {
      const outcome = await tail.readOn(found, bytesARound, this);
      tail.round = this.round;
      if (outcome === 'end') this.settled.set(found.path, found);
      if (outcome === 'end' || outcome === 'more') return true;
      // The next look tells what has become of it: what it was copied to comes before what stands in it now.
      this.tails.delete(found.inode);
      return false;
    }
    const opened = await this.supply.open(found);
    if (!opened) return true;
    if (opened === 'gone') return false;
    if (opened === 'read') {
      this.settled.set(found.path, found);
      return true;
    }
    const { tail: fresh, isPacked, head } = opened;
    this.tails.set(found.inode, fresh);
    fresh.round = this.round;
    const isRead = isPacked ? await fresh.readPacked(found, head, this) : await fresh.readOn(found, bytesARound, this);
    const isThere = isRead !== 'gone' && isRead !== false;
    if (!isThere) this.tails.delete(found.inode);
    else if (isRead !== 'more') this.settled.set(found.path, found);
    return isThere;
  }

  /** Files that nobody understands are told once, and looked at again when they have changed; the others go on. */
  private refuse(found: FoundFile, error: AppError): void {
    this.tails.delete(found.inode);
    this.settled.set(found.path, found);
    if (!this.refusals.has(found.path)) this.parts.log.warn('a followed file is not understood', { path: found.path, reason: error.message });
    this.refusals.set(found.path, error);
  }

  /** Files that are read to their end: the half line at the end of those that have ended, and which tails needn't be at hand any more. */
  private closeQuiet(found: readonly FoundFile[]): void {
    const byInode = new Map(found.map((file) => [file.inode, file]));
    for (const [inode, tail] of [...this.tails]) {
      const file = byInode.get(inode);
      if (!file || tail.fed < file.size) continue;
      const end = this.supply.endOf(file.path);
      const isRotated = end === 'rotated' || tail.isRenamed;
      if (end === 'ended') tail.closeCut(this);
      else if (tail.pending === 0) {
        if (this.round - tail.round > roundsAtHand) this.tails.delete(inode);
      } else if (end === 'open') continue;
      else if (isRotated && this.round - tail.round >= roundsToClose) tail.close(this);
      else if (this.parts.clock.now() / 1000 - file.changed > quietFor) {
        tail.readWithoutEnd(this);
        this.tails.delete(inode);
      }
    }
  }

  private forgetGone(found: readonly FoundFile[]): void {
    const paths = new Set(found.map((file) => file.path));
    for (const path of this.settled.keys()) if (!paths.has(path)) this.settled.delete(path);
    for (const path of this.refusals.keys()) if (!paths.has(path)) this.refusals.delete(path);
    const inodes = new Set(found.map((file) => file.inode));
    for (const inode of this.tails.keys()) if (!inodes.has(inode)) this.tails.delete(inode);
  }

  private dropAll(): void {
    // What was fed and not committed is read again from the stored position.
    this.tails.clear();
    this.settled.clear();
    this.supply.forget();
  }

  ready(tail: Tail): void {
    this.steps++;
    this.group?.add(tail, this);
    this.mustStand(tail);
  }

  full(tail: Tail): void {
    this.group?.add(tail, this);
    this.group?.flush();
    this.mustStand(tail);
  }

  /** A commit in the midst of reading may have failed: then the tail can't be read on. */
  private mustStand(tail: Tail): void {
    if (this.trouble) throw new AppError('internal', `${this.path} can't be read on: ${this.trouble.message}`);
    const refusal = this.refusals.get(tail.path);
    if (refusal && this.tails.get(tail.inode) !== tail) throw refusal;
  }

  stored(tail: Tail, counts: Committed): void {
    this.supply.saved(tail);
    this.reports.add(this.supply.nameOf(tail), counts);
    if (counts.assets.size > 0) this.onRows([...counts.assets]);
    if (counts.rowsRead > 0 || counts.quarantined > 0) this.hasNews = true;
    if (!tail.isComplete) return;
    this.tails.delete(tail.inode);
    this.spends.push(tail);
  }

  refused(tail: Tail, error: AppError): void {
    this.tails.delete(tail.inode);
    if (!this.refusals.has(tail.path)) this.parts.log.warn('a followed file can\'t be stored', { path: tail.path, reason: error.message });
    this.refusals.set(tail.path, error);
  }

  undone(error: AppError): void {
    this.trouble ??= storeTrouble(this.path, error);
    this.dropAll();
  }
}
