import type { Mapping } from '../../contract/data.ts';
import type { SourceId } from '../../contract/values.ts';
import type { Clock } from '../../engine/clock.ts';
import type { Plant } from '../../store/plant.ts';
import { identityBytes, identityOf, readHead, readSample } from '../reading/bytes.ts';
import { IntakeState } from '../storing/intake.ts';
import { type Prepared, prepareFile } from '../storing/prepare.ts';
import { stemOf } from '../shape/naming.ts';
import type { FoundFile } from './files.ts';
import { assetInSubfolder } from './subfolders.ts';
import { endsAlike, type KnownFile, Tail } from './tail.ts';

/** A new file waits until it has as many records, or until it hasn't grown for a while: its form is decided from them. */
const recordsToDecide = 20;
const roundsToWait = 3;
/** A compressed file is read once it has stood still so long: half of one can't be unpacked. */
const roundsToPack = 2;

interface Newcomer {
  size: number;
  rounds: number;
  isDecidable: boolean;
}

/** A file that can be read on, or not yet. */
export type Opened = { tail: Tail; isPacked: boolean; head: Buffer } | null;

export const isPacked = (head: Buffer): boolean => (head[0] === 0x1f && head[1] === 0x8b) || (head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4);

/** Opens the files of one source: known ones where they were left, new ones once enough of them is there to tell their form. */
export class SourceFiles {
  private readonly plant: Plant;
  private readonly clock: Clock;
  private readonly source: SourceId;
  private readonly newcomers = new Map<string, Newcomer>();
  private known: Map<number, KnownFile> | null = null;
  /** Sizes of the files that are there, by their numbers in the file system. */
  private sizes = new Map<number, number>();

  constructor(plant: Plant, clock: Clock, source: SourceId) {
    this.plant = plant;
    this.clock = clock;
    this.source = source;
  }

  /** At the start of a round. A file that begins like a known one is taken for it only where the known one is gone. */
  begin(found: readonly FoundFile[]): void {
    this.sizes = new Map(found.map((file) => [file.inode, file.size]));
  }

  /** A file's new position is stored. */
  saved(tail: Tail): void {
    const file = tail.known();
    if (file) this.stored().set(file.id, file);
  }

  /** What is stored is looked up again: something was undone. */
  forget(): void {
    this.known = null;
  }

  /** The tail of a file; null while it must wait. `isRotated`: nobody writes to it any more. Throws file-not-understood and others of `prepareFile`. */
  async open(found: FoundFile, isRotated: boolean): Promise<Opened> {
    const raw = await readHead(found.path, identityBytes);
    if (raw.length === 0) return null;
    const packed = isPacked(raw);
    if (packed && !this.standsStill(found, roundsToPack)) return null;
    const head = packed ? (await readSample(found.path, identityBytes)).bytes : raw;
    const tail = (await this.openKnown(found, head, packed)) ?? (await this.openNew(found, head, isRotated || packed, packed));
    return tail && { tail, isPacked: packed, head };
  }

  private stored(): Map<number, KnownFile> {
    this.known ??= new Map(this.plant.sources.files(this.source).map((file) => [file.id, file]));
    return this.known;
  }

  private isAlive(inode: number | null, position: number): boolean {
    return inode !== null && (this.sizes.get(inode) ?? -1) >= position;
  }

  /** The known file that this one is: the very same one, or one that is gone (renamed over a share, copied and emptied, compressed). */
  private candidate(found: FoundFile, head: Buffer): KnownFile | undefined {
    const hashes = new Map<string, string>();
    let gone: KnownFile | undefined;
    for (const file of this.stored().values()) {
      if (file.identityBytes <= 0 || file.identityBytes > head.length) continue;
      const { twin, inode } = IntakeState.parse(file.state);
      const key = `${file.identityBytes} ${twin}`;
      const hash = hashes.get(key) ?? identityOf(head, file.identityBytes, twin);
      hashes.set(key, hash);
      if (hash !== file.identity) continue;
      if (inode === found.inode) return file;
      if (!this.isAlive(inode, file.position)) gone = file;
    }
    return gone;
  }

  private async openKnown(found: FoundFile, head: Buffer, packed: boolean): Promise<Tail | null> {
    const known = this.candidate(found, head);
    if (!known) return null;
    const state = IntakeState.parse(known.state);
    // Shorter than what was stored of it, or with other bytes there: it was emptied and begun anew with the same first bytes.
    const isSame = packed || (found.size >= known.position && (await endsAlike(found.path, known.position, state.ending)));
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
        state: isSame ? state : { ...state, ending: null },
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
    const mapping = (given === null && options.profile === 'auto' ? this.sameKind(prepared) : null) ?? prepared.mapping;
    if (mapping === prepared.mapping && !isClosed && !this.isEnough(prepared, found)) return null;
    this.newcomers.delete(found.path);
    const own = asset ?? mapping.asset ?? (found.subfolder === null ? prepared.asset : assetInSubfolder(found.subfolder, prepared.asset));
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
        state: { ...prepared.state, asset: own, twin: this.hasTwin(head) ? String(found.inode) : '' },
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

  /** True where another file of the source begins alike: idle machines write the same lines. */
  private hasTwin(head: Buffer): boolean {
    for (const file of this.stored().values()) if (file.identityBytes > 0 && file.identityBytes <= head.length && identityOf(head, file.identityBytes) === file.identity) return true;
    return false;
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

  /** The mapping of an earlier file with the same columns: what was decided from many rows holds for the next file too. */
  private sameKind(prepared: Prepared): Mapping | null {
    const names = namesOf(prepared.mapping);
    let earlier: Mapping | null = null;
    for (const { mapping } of this.stored().values()) if (namesOf(mapping) === names && mapping.dialect.delimiter === prepared.mapping.dialect.delimiter) earlier = mapping;
    return earlier && { ...earlier, dialect: { ...earlier.dialect, encoding: prepared.mapping.dialect.encoding, headerLines: prepared.mapping.dialect.headerLines } };
  }
}

const joined = new WeakMap<Mapping, string>();

const namesOf = (mapping: Mapping): string => {
  const known = joined.get(mapping) ?? mapping.columns.map((column) => column.name).join('\0');
  joined.set(mapping, known);
  return known;
};

const bomOf = (head: Buffer): number => (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff) ? 2 : 0);
