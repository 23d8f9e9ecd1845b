import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Source } from '../../contract/sources.ts';
import type { Clock } from '../../engine/clock.ts';
import type { Plant } from '../../store/plant.ts';
import { type FoundFile, Place } from './files.ts';
import { type Opened, SourceFiles } from './sourcefiles.ts';
import type { Standing } from './reasons.ts';
import type { Tail } from './tail.ts';

/**
 * How it stands with a file's end. grows: others write to it, and a last line without a line end counts when nobody has for long. rotated: it
 * counts soon. open: it never counts; we write to it. ended: what stands behind its last line end was cut off.
 */
export type FileEnd = 'grows' | 'rotated' | 'open' | 'ended';

/** Where the files of a source come from: a place that others write to, or the plant's own folder for what comes over a network. */
export interface Supply {
  /** What is there, oldest first. Throws what the file system throws. */
  look(now: number): Promise<FoundFile[]>;
  open(found: FoundFile): Promise<Opened>;
  endOf(path: string): FileEnd;
  /** A file's new position is stored. */
  saved(tail: Tail): void;
  /** All of an ended file is stored. False: not now, ask again. */
  spent(tail: Tail): Promise<boolean>;
  /** Under which name its rows are reported. */
  nameOf(tail: Tail): string;
  /** What is to be told where the reading itself has nothing to tell, or null. */
  standing(): Standing | null;
  /** Something was undone: what is stored is looked up again. */
  forget(): void;
}

/** What is remembered of a followed folder. isMount: a share or a disk was mounted there. */
const Memory = z.object({ isMount: z.boolean() });

/** Number of the device that a folder lies on. Throws what the file system throws. */
export type DeviceOf = (path: string) => Promise<number>;

/** A followed file or folder. */
export class PlaceSupply implements Supply {
  private readonly path: string;
  private readonly isFile: boolean;
  private readonly place: Place;
  private readonly files: SourceFiles;
  private readonly plant: Plant;
  private readonly id: Source['id'];
  private readonly deviceOf: DeviceOf;
  private isMount: boolean;

  constructor(plant: Plant, clock: Clock, source: Source, deviceOf: DeviceOf = async (path) => (await stat(path)).dev) {
    this.plant = plant;
    this.id = source.id;
    this.deviceOf = deviceOf;
    this.isMount = Memory.safeParse(plant.sources.memory(source.id)).data?.isMount ?? false;
    this.path = source.path;
    this.isFile = source.kind === 'file';
    this.place = new Place(source.path, !this.isFile, source.options.subfolders);
    this.files = new SourceFiles(plant, clock, source.id);
  }

  async look(now: number): Promise<FoundFile[]> {
    const found = await this.place.look(now);
    if (this.isFile && found.length === 0) throw Object.assign(new Error(`${this.path} is not there`), { code: 'ENOENT' });
    if (!this.isFile) await this.mustBeMounted(found.length > 0);
    this.files.begin(found);
    return found;
  }

  /** Where a share was mounted and isn't any more, an empty folder stands: that is no folder without logs. */
  private async mustBeMounted(hasFiles: boolean): Promise<void> {
    if (this.isMount === hasFiles) return;
    const isMount = (await this.deviceOf(this.path)) !== (await this.deviceOf(dirname(this.path)));
    if (!hasFiles && !isMount) throw Object.assign(new Error(`nothing is mounted on ${this.path}`), { code: 'ENODEV' });
    if (!hasFiles || !isMount) return;
    try {
      this.plant.sources.remember(this.id, { isMount });
      this.isMount = true;
    } catch {
      // A store that takes nothing is told by whoever brings rows; it is remembered by a later round.
    }
  }

  open(found: FoundFile): Promise<Opened> {
    return this.files.open(found, this.endOf(found.path) === 'rotated');
  }

  endOf(path: string): FileEnd {
    return this.isFile && path !== this.path ? 'rotated' : 'grows';
  }

  saved(tail: Tail): void {
    this.files.saved(tail);
  }

  /** Others' files stay where they are. */
  spent(): Promise<boolean> {
    return Promise.resolve(true);
  }

  nameOf(tail: Tail): string {
    return tail.path;
  }

  standing(): Standing | null {
    return null;
  }

  forget(): void {
    this.files.forget();
  }
}
