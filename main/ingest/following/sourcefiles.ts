import type { Mapping } from '../../contract/data.ts';
import type { SourceId } from '../../contract/values.ts';
import type { Clock } from '../../engine/clock.ts';
import type { Plant } from '../../store/plant.ts';
import type { SourceFile } from '../../store/records/sourcefiles.ts';
import { identityBytes, identityOf } from '../reading/bytes.ts';
import { IntakeState } from '../storing/intake.ts';
import { type Prepared, prepareFile } from '../storing/prepare.ts';
import { stemOf } from '../shape/naming.ts';
import type { FoundFile } from './files.ts';
import { Tail } from './tail.ts';

/** A new file waits until it has as many records, or until it hasn't grown for a while: its form is decided from them. */
const recordsToDecide = 20;
const roundsToWait = 3;

interface Newcomer {
  size: number;
  rounds: number;
}

/** Opens the files of one source: known ones where they were left, new ones once enough of them is there to tell their form. */
export class SourceFiles {
  private readonly plant: Plant;
  private readonly clock: Clock;
  private readonly source: SourceId;
  private readonly newcomers = new Map<string, Newcomer>();
  /** The source's files as stored when this round began. */
  private listed: SourceFile[] | null = null;

  constructor(plant: Plant, clock: Clock, source: SourceId) {
    this.plant = plant;
    this.clock = clock;
    this.source = source;
  }

  /** At the start of a round: what is stored is looked up again when it is needed. */
  refresh(): void {
    this.listed = null;
  }

  /**
   * The tail of a file by its first bytes; null while it must wait. `inodes`: those of all files that are there, so that a file which
   * begins like a known one is taken for it only where the known one is gone. `hasTwin`: a file that is read already begins alike.
   * Throws file-not-understood and others of `prepareFile`.
   */
  async open(found: FoundFile, head: Buffer, isRotated: boolean, inodes: ReadonlySet<number>, hasTwin: boolean): Promise<Tail | null> {
    return this.openKnown(found, head, inodes) ?? (await this.openNew(found, head, isRotated, hasTwin));
  }

  private stored(): SourceFile[] {
    this.listed ??= this.plant.sources.files(this.source);
    return this.listed;
  }

  private known(found: FoundFile, head: Buffer, inodes: ReadonlySet<number>): SourceFile | undefined {
    return this.stored().findLast((file) => {
      const { twin, inode } = IntakeState.parse(file.state);
      if (file.identityBytes <= 0 || file.identityBytes > head.length || identityOf(head, file.identityBytes, twin) !== file.identity) return false;
      return inode === null || inode === found.inode || !inodes.has(inode);
    });
  }

  private openKnown(found: FoundFile, head: Buffer, inodes: ReadonlySet<number>): Tail | null {
    const known = this.known(found, head, inodes);
    if (!known) return null;
    const state = IntakeState.parse(known.state);
    const isPacked = head[0] === 0x1f && head[1] === 0x8b;
    // Shorter than what was stored of it: it was emptied and begun anew with the same first bytes.
    const isCut = !isPacked && found.size < known.position;
    const isCmapss = known.mapping.layout === 'cmapss';
    const stem = stemOf(known.path);
    return new Tail(this.plant, this.clock, this.source, found, {
      mapping: known.mapping,
      position: isCut ? bomOf(head) : known.position,
      line: isCut ? 0 : known.line,
      state,
      asset: state.asset,
      nameAsset: isCmapss ? (unit) => `${stem}-${unit.padStart(3, '0')}` : (text) => text,
      group: isCmapss ? stem : null,
      id: known.id,
      quarantined: known.quarantined,
      identity: known.identity,
      identityBytes: known.identityBytes,
    });
  }

  private async openNew(found: FoundFile, head: Buffer, isRotated: boolean, hasTwin: boolean): Promise<Tail | null> {
    if (found.size === 0) return null;
    const { site, asset, mapping: given, options } = this.plant.sources.followedAs(this.source);
    const zone = site ?? this.plant.settings.get().zone;
    const prepared = await prepareFile(this.plant, found.path, { site: zone, asset, profile: options.profile, mapping: given, now: this.clock.now(), isLive: !isRotated });
    if (!prepared.hasData) return null;
    const mapping = this.sameKind(prepared) ?? prepared.mapping;
    if (mapping === prepared.mapping && !this.isEnough(prepared, found)) return null;
    this.newcomers.delete(found.path);
    return new Tail(this.plant, this.clock, this.source, found, {
      mapping,
      position: prepared.start,
      line: 0,
      state: { ...prepared.state, twin: hasTwin || this.beginsLikeStored(head) ? String(found.inode) : '' },
      asset: prepared.asset,
      nameAsset: prepared.nameAsset,
      group: prepared.line,
      id: undefined,
      quarantined: 0,
      identity: identityOf(head, 0),
      identityBytes: 0,
    });
  }

  /** True where another file of the source begins alike: idle machines write the same lines. */
  private beginsLikeStored(head: Buffer): boolean {
    return this.stored().some((file) => file.identityBytes > 0 && file.identityBytes <= head.length && identityOf(head, file.identityBytes) === file.identity);
  }

  private isEnough(prepared: Prepared, found: FoundFile): boolean {
    if (prepared.preview.length >= recordsToDecide || found.size > identityBytes) return true;
    const known = this.newcomers.get(found.path);
    const rounds = known && known.size === found.size ? known.rounds + 1 : 0;
    this.newcomers.set(found.path, { size: found.size, rounds });
    return rounds >= roundsToWait && prepared.preview.length > 0;
  }

  /** The mapping of an earlier file with the same columns: what was decided from many rows holds for the next file too. */
  private sameKind(prepared: Prepared): Mapping | null {
    const names = namesOf(prepared.mapping);
    const earlier = this.stored().findLast((file) => namesOf(file.mapping) === names && file.mapping.dialect.delimiter === prepared.mapping.dialect.delimiter);
    return earlier ? { ...earlier.mapping, dialect: { ...earlier.mapping.dialect, encoding: prepared.mapping.dialect.encoding, headerLines: prepared.mapping.dialect.headerLines } } : null;
  }
}

const namesOf = (mapping: Mapping): string => mapping.columns.map((column) => column.name).join('\0');

const bomOf = (head: Buffer): number => (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff) ? 2 : 0);
