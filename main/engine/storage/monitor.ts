import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../contract/errors.ts';
import type { StorageState } from '../../contract/storage.ts';
import { heldBytes, holdReserve, releaseReserve, reserveBytes } from '../../store/reserve.ts';
import { marginOf, reserveOf, spaceOf, type Space } from '../../store/space.ts';
import { DATABASE_FILE } from '../../store/plant.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { createTopic, type Topic } from '../topic.ts';

type Trouble = 'disk-full' | 'read-only' | 'locked';

export interface MonitorParts {
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether room is held for a full disk; one command of the command line is over before it fills. */
  readonly background: boolean;
  /** The room on the plant's disk; for tests. */
  readonly space?: (folder: string) => Space | null;
}

/** What is asked of an open plant when its disk is in trouble. */
export interface MonitoredPlant {
  /** Writes something small and takes it back: whether writing works. @throws AppError when it doesn't */
  tryWriting(): void;
  /** Gives the room of the write-ahead log back to the disk. */
  shrinkLog(): void;
  /** Whether a write waits for another program's lock, or is refused at once: a lock that lasts must not hold up everything else. */
  waitForLocks(wait: boolean): void;
}

/** Knows how the plant's disk and database stand, and tells each change. Lives as long as the engine, whether the plant is open or not. */
export interface StorageMonitor {
  readonly topic: Topic<StorageState>;
  state(): StorageState;
  /** The plant is open. */
  opened(plant: MonitoredPlant): void;
  /** The plant can't be opened, or isn't any more; null: it was closed to be opened anew. */
  closed(why: AppError | null): void;
  /** Something went wrong with the file or its disk. */
  noticed(error: AppError): void;
  /** @throws AppError when no readings may be taken now, saying why */
  guard(): void;
  looked(checked: NonNullable<StorageState['checked']>): void;
  working(work: StorageState['work']): void;
  backedUp(backup: StorageState['lastBackup']): void;
  /** Looks at the disk again, and whether what was wrong is over. */
  tick(): void;
}

/** Milliseconds between two looks at the free space while readings come in: an import writes some MB in that time. */
const SPACE_EVERY_MS = 20;

const troubleOf = (error: AppError): Trouble | null => {
  if (error.code === 'disk-full') return 'disk-full';
  if (error.code === 'plant-locked') return 'locked';
  return error.code === 'file-unreadable' ? 'read-only' : null;
};

const codeOf = { 'disk-full': 'disk-full', 'read-only': 'file-unreadable', locked: 'plant-locked' } as const;

const bytesOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/** The plant's database with what waits in its log. */
const databaseBytes = (folder: string): number => bytesOf(join(folder, DATABASE_FILE)) + bytesOf(join(folder, `${DATABASE_FILE}-wal`));

/** What keeps the folder from being written to, or null. */
const refusalOf = (folder: string): string | null => {
  try {
    for (const place of [folder, join(folder, DATABASE_FILE)]) if (statSync(place, { throwIfNoEntry: false }) !== undefined) accessSync(place, constants.W_OK);
    return null;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
};

class Monitor implements StorageMonitor {
  readonly topic: Topic<StorageState>;
  readonly #parts: MonitorParts;
  #plant: MonitoredPlant | null = null;
  #isOpen = false;
  #damage: string | null = null;
  #trouble: { state: Trouble; message: string } | null = null;
  #space: Space | null = null;
  #lookedAt = 0;
  #isHolding = false;
  #checked: StorageState['checked'] = null;
  #work: StorageState['work'] = null;
  #lastBackup: StorageState['lastBackup'] = null;
  #told: StorageState | null = null;
  #since: StorageState['since'];

  constructor(parts: MonitorParts) {
    this.#parts = parts;
    this.#since = parts.clock.now();
    this.topic = createTopic<StorageState>(() => [this.state()], (state) => state.id);
    this.#look();
  }

  state(): StorageState {
    const { state, message } = this.#judged();
    if (state !== (this.#told?.state ?? 'ok')) this.#since = this.#parts.clock.now();
    const total = this.#space?.total ?? 0;
    this.#told = {
      id: 'storage', state, since: this.#since, message,
      free: this.#space?.free ?? null,
      margin: marginOf(total),
      database: databaseBytes(this.#parts.folder),
      lastBackup: this.#lastBackup,
      isOpen: this.#isOpen,
      checked: this.#checked,
      work: this.#work,
    };
    return this.#told;
  }

  opened(plant: MonitoredPlant): void {
    this.#plant = plant;
    this.#isOpen = true;
    this.#damage = null;
    this.#trouble = null;
    this.#checked = null;
    this.#look();
    this.#tell();
  }

  closed(why: AppError | null): void {
    this.#plant = null;
    this.#isOpen = false;
    if (why !== null) this.#note(why);
    this.#tell();
  }

  noticed(error: AppError): void {
    const before = this.#judged().state;
    this.#note(error);
    if (this.#judged().state !== before) this.#tell();
  }

  guard(): void {
    const now = performance.now();
    if (now - this.#lookedAt > SPACE_EVERY_MS) this.#look();
    const { state, message } = this.#judged();
    if (state === 'damaged') throw new AppError('plant-damaged', `no readings are taken: ${message ?? ''}`);
    if (state !== 'ok' && state !== 'low-space') throw new AppError(codeOf[state], `no readings are taken: ${message ?? ''}; they are read from where they were left when that is over`);
  }

  looked(checked: NonNullable<StorageState['checked']>): void {
    this.#checked = checked;
    const [first] = checked.problems;
    if (first !== undefined) this.#damage = `${first}${checked.problems.length > 1 ? `, and ${checked.problems.length - 1} more` : ''}`;
    this.#tell();
  }

  working(work: StorageState['work']): void {
    this.#work = work;
    this.#tell();
  }

  backedUp(backup: StorageState['lastBackup']): void {
    this.#lastBackup = backup;
    this.#tell();
  }

  tick(): void {
    this.#look();
    const refusal = refusalOf(this.#parts.folder);
    if (refusal !== null) this.#trouble ??= { state: 'read-only', message: `the plant's folder can't be written to (${refusal})` };
    else if (this.#plant !== null) this.#help(this.#plant);
    this.#keepReserve();
    this.#tell();
  }

  #help(plant: MonitoredPlant): void {
    try {
      if (this.#judged().state === 'low-space' || this.#judged().state === 'disk-full') plant.shrinkLog();
      this.#look();
      if (this.#trouble === null || !this.#hasRoom()) return;
      plant.tryWriting();
      this.#trouble = null;
      plant.waitForLocks(true);
    } catch (thrown) {
      this.#note(AppError.of(thrown));
    }
  }

  /** Whether readings may be taken: what is held, and as much again, stays free for what must be written on a full disk. */
  #hasRoom(): boolean {
    if (this.#space === null || !this.#parts.background) return this.#space === null || this.#space.free >= reserveOf(this.#space.total);
    const kept = reserveOf(this.#space.total);
    return this.#space.free + heldBytes(this.#parts.folder) >= kept + reserveBytes(kept);
  }

  /** Room is taken while there is much, and given back when there is none. */
  #keepReserve(): void {
    const { folder, background, log } = this.#parts;
    const { state } = this.#judged();
    if (state === 'disk-full') releaseReserve(folder);
    if (!background || this.#isHolding || state !== 'ok' || this.#space === null || !this.#isOpen || heldBytes(folder) > 0) return;
    const bytes = reserveBytes(reserveOf(this.#space.total));
    if (this.#space.free - bytes < marginOf(this.#space.total)) return;
    this.#isHolding = true;
    holdReserve(folder, bytes)
      .catch((thrown: unknown) => log.warn('no room could be held for a full disk', { error: AppError.of(thrown).message }))
      .finally(() => {
        this.#isHolding = false;
      });
  }

  #judged(): { state: StorageState['state']; message: string | null } {
    if (this.#damage !== null) return { state: 'damaged', message: this.#damage };
    if (this.#trouble !== null) return this.#trouble;
    if (this.#space === null) return { state: 'ok', message: null };
    const { free, total } = this.#space;
    const left = `${Math.floor(free / 1e6)} MB of ${Math.round(total / 1e6)} MB are free`;
    if (!this.#hasRoom()) return { state: 'disk-full', message: `the disk is full but for what alarms need: ${left}` };
    return free < marginOf(total) ? { state: 'low-space', message: `the disk is nearly full: ${left}` } : { state: 'ok', message: null };
  }

  #note(error: AppError): void {
    if (error.code === 'plant-damaged') this.#damage ??= error.message;
    const trouble = troubleOf(error);
    if (trouble !== null) this.#trouble = { state: trouble, message: error.message };
    if (trouble === 'locked') this.#plant?.waitForLocks(false);
    if (trouble === 'disk-full') releaseReserve(this.#parts.folder);
  }

  #look(): void {
    this.#lookedAt = performance.now();
    this.#space = (this.#parts.space ?? spaceOf)(this.#parts.folder);
  }

  #tell(): void {
    const before = this.#told;
    const now = this.state();
    if (before !== null && before.state !== now.state) this.#parts.log.warn('the storage is in another state', { from: before.state, to: now.state, why: now.message });
    if (before === null || !isSameToPeople(before, now)) this.topic.publish(now);
  }
}

/** Bytes move with every commit: told when they moved by a megabyte. */
const isSameToPeople = (a: StorageState, b: StorageState): boolean => {
  const rounded = (state: StorageState): unknown => ({ ...state, free: state.free === null ? null : Math.round(state.free / 1e6), database: Math.round(state.database / 1e6) });
  return JSON.stringify(rounded(a)) === JSON.stringify(rounded(b));
};

export const createStorageMonitor = (parts: MonitorParts): StorageMonitor => new Monitor(parts);
