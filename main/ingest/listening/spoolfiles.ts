import type { Mapping } from '../../contract/data.ts';
import type { Source } from '../../contract/sources.ts';
import type { SourceFile } from '../../store/records/sourcefiles.ts';
import type { FoundFile } from '../following/files.ts';
import { fits, withoutHeader } from '../following/fits.ts';
import type { Opened } from '../following/sourcefiles.ts';
import { Tail } from '../following/tail.ts';
import { identityBytes, readHead } from '../reading/bytes.ts';
import type { ImportParts } from '../storing/import.ts';
import { IntakeState } from '../storing/intake.ts';
import { prepareFile } from '../storing/prepare.ts';
import { LinkMemory } from './memory.ts';
import type { Segment } from './segment.ts';

/** The form of a source's first lines is decided from as many records, or from fewer once it has been quiet for some rounds. */
const recordsToDecide = 20;
const roundsToWait = 3;
/** Lines by which a known form is tried. */
const trialBytes = 64 * 1024;

type Stored = Pick<SourceFile, 'id' | 'position' | 'line' | 'quarantined' | 'mapping' | 'state'>;

/** Opens segments: known ones where they were left, new ones by a form that the source is known to send, or once their own is plain. */
export class SpoolFiles {
  readonly memory: LinkMemory;
  private readonly parts: ImportParts;
  private readonly source: Source;
  private readonly stored = new Map<string, Stored>();
  private readonly waits = new Map<string, { size: number; rounds: number }>();

  constructor(parts: ImportParts, source: Source) {
    this.parts = parts;
    this.source = source;
    this.memory = new LinkMemory(parts.plant.sources.memory(source.id));
    this.reload();
  }

  /** Names of the segments that something is stored of, with the position. */
  positions(): ReadonlyMap<string, Stored> {
    return this.stored;
  }

  reload(): void {
    this.stored.clear();
    for (const file of this.parts.plant.sources.files(this.source.id)) {
      this.stored.set(file.identity, file);
      this.memory.keep(file.mapping, IntakeState.parse(file.state));
    }
  }

  saved(tail: Tail): void {
    const known = tail.known();
    if (!known) return;
    this.stored.set(known.identity, known);
    this.memory.keep(known.mapping, IntakeState.parse(known.state));
  }

  forgetSegment(name: string): void {
    this.stored.delete(name);
    this.waits.delete(name);
  }

  /** `before`: name of the segment that this one goes on from. Throws file-not-understood and others of `prepareFile`. */
  async open(found: FoundFile, segment: Segment, name: string, before: string | null): Promise<Opened> {
    const known = this.stored.get(name);
    if (known) return this.tailOf(found, segment, name, known.mapping, IntakeState.parse(known.state), known);
    if (found.size === 0) return null;
    const predecessor = before === null ? undefined : this.stored.get(before);
    if (predecessor) return this.tailOf(found, segment, name, withoutHeader(predecessor.mapping), { ...IntakeState.parse(predecessor.state), isComplete: false }, { line: predecessor.line });
    return (await this.openByKnownForm(found, segment, name)) ?? (await this.openByItsLines(found, segment, name));
  }

  private async openByKnownForm(found: FoundFile, segment: Segment, name: string): Promise<Opened> {
    const head = await readHead(found.path, Math.min(trialBytes, found.size));
    const end = Math.max(head.lastIndexOf(10), head.lastIndexOf(13)) + 1;
    const lines = head.subarray(0, end);
    for (const form of this.memory.forms) if (fits(form, lines)) return this.tailOf(found, segment, name, withoutHeader(form), this.memory.begin(this.assetOf(segment)), {});
    return null;
  }

  private async openByItsLines(found: FoundFile, segment: Segment, name: string): Promise<Opened> {
    const { plant, clock } = this.parts;
    const { site, mapping: given, options } = plant.sources.followedAs(this.source.id);
    const prepared = await prepareFile(plant, found.path, { site: site ?? plant.settings.get().zone, asset: this.assetOf(segment), profile: options.profile, mapping: given, now: clock.now(), isLive: !segment.isEnded });
    if (!prepared.hasData) return null;
    if (given === null && options.profile === 'auto' && !segment.isEnded && !this.isEnough(prepared.preview.length, found, name)) return null;
    const { before, numbered } = this.memory.begin('');
    return this.tailOf(found, segment, name, prepared.mapping, { ...prepared.state, before, numbered }, { position: prepared.start });
  }

  private isEnough(records: number, found: FoundFile, name: string): boolean {
    if (records >= recordsToDecide || found.size > identityBytes * 4) return true;
    const known = this.waits.get(name);
    const rounds = known?.size === found.size ? known.rounds + 1 : 0;
    this.waits.set(name, { size: found.size, rounds });
    return rounds >= roundsToWait && records > 0;
  }

  private assetOf(segment: Segment): string {
    return this.source.asset ?? segment.label.asset ?? defaultAsset(this.source.path);
  }

  private tailOf(found: FoundFile, segment: Segment, name: string, mapping: Mapping, state: IntakeState, stored: Partial<Stored>): Opened {
    // Known from now on, not from its first commit: the next segment of this very round may be of the same form.
    this.memory.keep(mapping, state);
    const asset = this.source.asset ?? segment.label.asset ?? mapping.asset ?? (state.asset === '' ? this.assetOf(segment) : state.asset);
    const start = {
      mapping,
      path: found.path,
      shownAs: `${this.source.path} from ${segment.label.peer}, ${new Date(segment.label.at).toISOString()}`,
      position: stored.position ?? 0,
      line: stored.line ?? 0,
      state: { ...state, asset, ...(stored.id === undefined ? { ending: null, twin: '' } : {}) },
      asset,
      nameAsset: (text: string) => text,
      group: null,
      id: stored.id,
      quarantined: stored.quarantined ?? 0,
      // A segment is known by its name, which is never used again; its first bytes may be those of any other.
      identity: name,
      identityBytes,
    };
    return { tail: new Tail(this.parts.plant, this.parts.clock, this.source.id, found, start, false), isPacked: false, head: Buffer.alloc(0) };
  }
}

/** tcp-listen://127.0.0.1:5020 is tcp_5020 where nobody names a machine. */
const defaultAsset = (path: string): string => path.replace(/^(tcp|http).*:(\d+)$/, '$1_$2');
