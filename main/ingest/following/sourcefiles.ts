import type { Mapping } from '../../contract/data.ts';
import type { SourceId } from '../../contract/values.ts';
import type { Clock } from '../../engine/clock.ts';
import type { Plant } from '../../store/plant.ts';
import { identityBytes, identityOf, readSample } from '../reading/bytes.ts';
import { type Prepared, prepareFile } from '../storing/prepare.ts';
import { IntakeState } from '../storing/intake.ts';
import { assetNameOf, stemOf } from '../shape/naming.ts';
import { type FoundFile, headOfFound } from './files.ts';
import { fits } from './fits.ts';
import { beginsLike, KnownFiles } from './knownfiles.ts';
import { assetInSubfolder } from './subfolders.ts';
import { endsAlike, type KnownFile, packedMark, Tail } from './tail.ts';

/** A new file waits until it has as many records, or until it hasn't grown for a while: its form is decided from them. */
const recordsToDecide = 20;
const roundsToWait = 3;
/** Forms of earlier files that a short one is tried by. */
const mostTrials = 8;
/** A compressed file is read once it has stood still so long: half of one can't be unpacked. */
const roundsToPack = 2;

interface Newcomer {
  size: number;
  rounds: number;
  isDecidable: boolean;
}

/** A file that can be read on, or not yet; 'gone': another one has its name by now; 'read': all of it is stored. */
export type Opened = { tail: Tail; isPacked: boolean; head: Buffer } | 'gone' | 'read' | null;

const isPacked = (head: Buffer): boolean => head[0] === 0x1f && head[1] === 0x8b;

/** Opens the files of one source: known ones where they were left, new ones once enough of them is there to tell their form. */
export class SourceFiles {
  private readonly plant: Plant;
  private readonly clock: Clock;
  private readonly source: SourceId;
  private readonly newcomers = new Map<string, Newcomer>();
  /** First bytes of files that are read and not stored yet, by their numbers. */
  private readonly fresh = new Map<number, Buffer>();
  /** Files whose name another one had when it was found, by the name: what stood there before has had a round to be found elsewhere. */
  private readonly displaced = new Map<string, number>();
  private known: KnownFiles | null = null;
  /** The files that are there. */
  private paths = new Set<string>();
  private byInode = new Map<number, FoundFile>();

  constructor(plant: Plant, clock: Clock, source: SourceId) {
    this.plant = plant;
    this.clock = clock;
    this.source = source;
  }

  /** At the start of a round. A file that begins like a known one is taken for it only where the known one is gone. */
  begin(found: readonly FoundFile[]): void {
    this.paths = new Set(found.map((file) => file.path));
    this.byInode = new Map(found.map((file) => [file.inode, file]));
    for (const names of [this.newcomers, this.displaced]) for (const path of names.keys()) if (!this.paths.has(path)) names.delete(path);
    for (const inode of this.fresh.keys()) if (!this.byInode.has(inode)) this.fresh.delete(inode);
  }

  /** A file's new position is stored. */
  saved(tail: Tail): void {
    const file = tail.known();
    this.fresh.delete(tail.inode);
    if (file) this.stored().set(file);
  }

  /** What is stored is looked up again: something was undone. */
  forget(): void {
    this.fresh.clear();
    this.known = null;
  }

  /** The tail of a file; null while it must wait. `isRotated`: nobody writes to it any more. Throws file-not-understood and others of `prepareFile`. */
  async open(found: FoundFile, isRotated: boolean): Promise<Opened> {
    const raw = found.isMember === true ? Buffer.alloc(0) : await headOfFound(found, identityBytes);
    if (raw === null) return 'gone';
    if (raw.length === 0 && found.isMember !== true) return null;
    const isGzip = isPacked(raw);
    if (isGzip && !this.standsStill(found, roundsToPack)) return null;
    const packed = isGzip || found.isMember === true;
    const head = packed ? (await readSample(found.path, identityBytes)).bytes : raw;
    if (head.length === 0) return null;
    const known = await this.openKnown(found, head, packed);
    if (known === 'gone' || known === 'read') return known;
    if (!known && !packed && this.mayBeUnseen(found)) return 'gone';
    const tail = known ?? (await this.openNew(found, head, isRotated || packed, packed));
    return tail && { tail, isPacked: packed, head };
  }

  /**
   * Whether a known file had this name whose bytes were not among those that were found: it may have been rotated in the midst of the look,
   * between the names and the files behind them, and its last rows come before those of its successor. Asked once, it is looked for by the next look.
   */
  private mayBeUnseen({ path }: FoundFile): boolean {
    const before = this.stored().ofPath(path);
    if (!before || this.displaced.get(path) === before.id) return false;
    const there = before.state.inode === null ? undefined : this.byInode.get(before.state.inode);
    if (there && there.path !== path) return false;
    this.displaced.set(path, before.id);
    return true;
  }

  private stored(): KnownFiles {
    this.known ??= new KnownFiles(this.plant, this.source);
    return this.known;
  }

  /** Whether a known file is still there, under whatever name: with its number, and with the bytes that were read. */
  private async isAlive(file: KnownFile): Promise<boolean> {
    const there = file.state.inode === null ? undefined : this.byInode.get(file.state.inode);
    if (!there || there.size < file.position) return false;
    const head = await headOfFound(there, file.identityBytes);
    return head !== null && beginsLike(file, head) && (await endsAlike(there, file.position, file.state.ending)) === true;
  }

  /** The known file that this one is: the very same one, or one that is gone (renamed over a share, copied and emptied, compressed). */
  private async candidate(found: FoundFile, head: Buffer): Promise<KnownFile | undefined> {
    const own = this.stored().ofInode(found.inode);
    if (own && beginsLike(own, head)) return own;
    let gone: KnownFile | undefined;
    for (const file of this.stored().beginningLike(head)) {
      if (file.state.inode === found.inode) return file;
      if (!(await this.isAlive(file))) gone = file;
    }
    return gone;
  }

  private async openKnown(found: FoundFile, head: Buffer, packed: boolean): Promise<Tail | 'gone' | 'read' | null> {
    const known = await this.candidate(found, head);
    if (!known) return null;
    const { state } = known;
    // Shorter than what was stored of it, or with other bytes there: it was emptied and begun anew with the same first bytes.
    const isSame = packed || (found.size >= known.position && (await endsAlike(found, known.position, state.ending)));
    if (isSame === 'gone' || (!isSame && this.mayBeUnseen(found))) return 'gone';
    const isRead = packed ? state.isComplete && state.ending?.hash === packedMark && state.ending.bytes === found.size : isSame && found.size === known.position;
    if (isRead && found.path === known.path) return 'read';
    const isCmapss = known.mapping.layout === 'cmapss';
    const stem = stemOf(known.path);
    return new Tail(
      this.plant,
      this.clock,
      this.source,
      found,
      {
        mapping: known.mapping,
        path: known.path,
        position: isSame ? known.position : bomOf(head),
        line: isSame ? known.line : 0,
        state: isSame ? state : IntakeState.parse({ asset: state.asset, earliest: state.earliest, latest: state.latest, twin: state.twin }),
        asset: state.asset,
        nameAsset: isCmapss ? (unit) => `${stem}-${unit.padStart(3, '0')}` : (text) => text,
        group: isCmapss ? stem : null,
        id: known.id,
        quarantined: known.quarantined,
        identity: known.identity,
        identityBytes: known.identityBytes,
      },
      packed,
    );
  }

  private async openNew(found: FoundFile, head: Buffer, isClosed: boolean, packed: boolean): Promise<Tail | null> {
    if (!packed && !this.isDue(found)) return null;
    const { site, asset, mapping: given, options } = this.plant.sources.followedAs(this.source);
    const zone = site ?? this.plant.settings.get().zone;
    const prepared = await prepareFile(this.plant, found.path, { site: zone, asset, profile: options.profile, mapping: given, now: this.clock.now(), isLive: !isClosed });
    if (!prepared.hasData) {
      this.newcomers.set(found.path, { size: found.size, rounds: 0, isDecidable: false });
      return null;
    }
    const mapping = (given === null && options.profile === 'auto' ? (this.sameKind(prepared) ?? (prepared.preview.length < recordsToDecide ? this.fitting(head) : null)) : null) ?? prepared.mapping;
    if (mapping === prepared.mapping && !isClosed && !this.isEnough(prepared, found)) return null;
    this.newcomers.delete(found.path);
    const byFile = this.rotatedFrom(found) ?? prepared.asset;
    const own = asset ?? mapping.asset ?? (found.subfolder === null ? byFile : assetInSubfolder(found.subfolder, byFile));
    return new Tail(
      this.plant,
      this.clock,
      this.source,
      found,
      {
        mapping,
        path: found.path,
        position: prepared.start,
        line: 0,
        state: { ...prepared.state, asset: own, twin: this.hasTwin(found, head) ? String(found.inode) : '' },
        asset: own,
        nameAsset: prepared.nameAsset,
        group: prepared.line,
        id: undefined,
        quarantined: 0,
        identity: identityOf(head, 0),
        identityBytes: 0,
      },
      packed,
    );
  }

  /** The asset of the log that a file was rotated from: pump_1.3.csv was pump_1.csv where there is or was one. */
  private rotatedFrom(found: FoundFile): string | null {
    const base = found.path.replace(/\.\d{1,4}(?=\.[A-Za-z]+(?:\.(?:gz|zip))?$)/, '').replace(/\.\d{1,4}$/, '').replace(/\.(?:gz|zip)$/, '');
    if (base === found.path) return null;
    const known = this.stored().ofPath(base);
    if (known) return known.state.asset;
    return this.paths.has(base) ? assetNameOf(base, null) : null;
  }

  /** Whether another file of the source begins alike, stored or about to be: idle machines write the same lines. */
  private hasTwin(found: FoundFile, head: Buffer): boolean {
    const isFresh = [...this.fresh].some(([inode, other]) => inode !== found.inode && alike(head, other));
    this.fresh.set(found.inode, head);
    return isFresh || this.stored().beginningLike(head).length > 0;
  }

  /** A newcomer that is still too short is looked into again when it has grown, or has stood still long enough. */
  private isDue(found: FoundFile): boolean {
    const known = this.newcomers.get(found.path);
    if (known?.size !== found.size) return true;
    known.rounds++;
    return known.isDecidable && known.rounds === roundsToWait;
  }

  private standsStill(found: FoundFile, rounds: number): boolean {
    const known = this.newcomers.get(found.path);
    const still = known?.size === found.size ? known.rounds + 1 : 0;
    this.newcomers.set(found.path, { size: found.size, rounds: still, isDecidable: true });
    return still >= rounds;
  }

  private isEnough(prepared: Prepared, found: FoundFile): boolean {
    if (prepared.preview.length >= recordsToDecide || found.size > identityBytes) return true;
    const known = this.newcomers.get(found.path);
    const rounds = known?.size === found.size ? known.rounds : 0;
    this.newcomers.set(found.path, { size: found.size, rounds, isDecidable: prepared.preview.length > 0 });
    return rounds >= roundsToWait && prepared.preview.length > 0;
  }

  /** The mapping of an earlier file that reads these first lines as they should be: a few records tell too little by themselves. */
  private fitting(head: Buffer): Mapping | null {
    const lines = head.subarray(0, Math.max(head.lastIndexOf(10), head.lastIndexOf(13)) + 1);
    for (const mapping of [...this.stored().forms].slice(-mostTrials).reverse()) {
      const form = fits(mapping, lines);
      if (form) return form;
    }
    return null;
  }

  /** The mapping of an earlier file with the same columns: what was decided from many rows holds for the next file too. */
  private sameKind(prepared: Prepared): Mapping | null {
    const names = namesOf(prepared.mapping);
    let earlier: Mapping | null = null;
    for (const mapping of this.stored().forms) if (namesOf(mapping) === names && mapping.dialect.delimiter === prepared.mapping.dialect.delimiter) earlier = mapping;
    return earlier && { ...earlier, dialect: { ...earlier.dialect, encoding: prepared.mapping.dialect.encoding, headerLines: prepared.mapping.dialect.headerLines } };
  }
}

/** Whether one begins as the other one does, as far as both go. */
const alike = (a: Buffer, b: Buffer): boolean => {
  const length = Math.min(a.length, b.length);
  return a.subarray(0, length).equals(b.subarray(0, length));
};

const joined = new WeakMap<Mapping, string>();

const namesOf = (mapping: Mapping): string => {
  const known = joined.get(mapping) ?? mapping.columns.map((column) => column.name).join('\0');
  joined.set(mapping, known);
  return known;
};

const bomOf = (head: Buffer): number => (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff) ? 2 : 0);
